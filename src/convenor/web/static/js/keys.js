// Shortcuts: [data-shortcut="g t"] is clicked, or focused with data-shortcut-focus. j and k walk through lists.
// They can be switched off in the ? sheet (WCAG 2.1.4), which this browser remembers.
const SEQUENCE_MILLISECONDS = 1200;
const OFF = "convenor-shortcuts-off";
const STOPS = ".row-link, [data-row-link], tbody th a, .slot input";

let typed = [];
let typedAt = 0;

export function startKeys() {
  document.addEventListener("keydown", onKey);
  const box = document.querySelector("[data-shortcuts-on]");
  if (!box) return;
  box.checked = !isOff();
  box.addEventListener("change", () => localStorage.setItem(OFF, box.checked ? "" : "yes"));
}

function isOff() {
  return localStorage.getItem(OFF) === "yes";
}

function onKey(event) {
  if (event.key === "Escape" && isTyping(event.target)) leave(event.target);
  if (event.target.matches?.("[data-search]") && event.key === "ArrowDown") return intoResults(event);
  if (event.target.closest?.("[data-result]")) return alongResults(event);
  if (isTyping(event.target) || isOff() || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const found = sequenceTarget(event);
  if (found) activate(found, event);
  else if (event.key === "j" || event.key === "k") walk(event);
}

function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button])"));
}

function leave(field) {
  const open = field.getAttribute("aria-expanded") === "true";
  if (!open) field.blur();
}

function sequenceTarget(event) {
  if (event.timeStamp - typedAt > SEQUENCE_MILLISECONDS) typed = [];
  typedAt = event.timeStamp;
  typed = [...typed.slice(-1), event.key];
  return find(typed.join(" ")) ?? find(event.key);
}

function find(keys) {
  const found = document.querySelector(`[data-shortcut="${CSS.escape(keys)}"]`);
  if (found) typed = [];
  return found;
}

function activate(found, event) {
  event.preventDefault();
  if (found.hasAttribute("data-shortcut-focus")) {
    found.focus();
    found.select?.();
  } else found.click();
}

function walk(event) {
  const stops = [...document.querySelectorAll(`main :is(${STOPS})`)].filter((stop) => stop.offsetParent !== null);
  if (!stops.length) return;
  const at = stops.indexOf(document.activeElement);
  const next = event.key === "j" ? Math.min(at + 1, stops.length - 1) : Math.max(at - 1, 0);
  stops[next].focus();
  event.preventDefault();
}

function intoResults(event) {
  const first = document.querySelector("#search-results [data-result]");
  if (!first) return;
  first.focus();
  event.preventDefault();
}

function alongResults(event) {
  const results = [...document.querySelectorAll("#search-results [data-result]")];
  const at = results.indexOf(event.target.closest("[data-result]"));
  if (event.key === "ArrowDown") results[Math.min(at + 1, results.length - 1)].focus();
  else if (event.key === "ArrowUp") (results[at - 1] ?? document.querySelector("[data-search]")).focus();
  else if (event.key === "Escape") document.activeElement.blur();
  else return;
  event.preventDefault();
}
