// New meeting: the slots beside the form. htmx asks again as the form changes (see docs/design-system.md);
// this marks an old answer as old and carries a chosen slot into the form's fields.

const STALE = "is-stale";

for (const panel of document.querySelectorAll("[data-findtime]")) start(panel);

function start(panel) {
  const target = document.querySelector(panel.dataset.findtime);
  const busy = (on) => {
    target.classList.toggle(STALE, on);
    target.setAttribute("aria-busy", String(on));
  };
  panel.addEventListener("htmx:before:request", () => busy(true));
  panel.addEventListener("htmx:finally:request", () => busy(false));
  target.addEventListener("change", (event) => {
    const fill = event.target.dataset.fill;
    if (!fill) return;
    event.stopPropagation();
    for (const [id, value] of Object.entries(JSON.parse(fill))) put(id, value);
  });
}

// Setting a value fires no event, so choosing a slot does not search again and take the slots away.
function put(id, value) {
  const field = document.getElementById(id);
  if (!field) return;
  if (field.type === "checkbox") field.checked = Boolean(value);
  else field.value = value;
  field.dispatchEvent(new CustomEvent("filled", { bubbles: true }));
}
