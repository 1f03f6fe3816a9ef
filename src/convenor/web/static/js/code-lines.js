// Line numbers beside a textarea in [data-code-lines], and links with data-code-line that go to a line of it.
for (const box of document.querySelectorAll("[data-code-lines]")) number(box);

function number(box) {
  const area = box.querySelector("textarea");
  const gutter = document.createElement("pre");
  const frame = document.createElement("div");
  gutter.className = "code-gutter";
  gutter.setAttribute("aria-hidden", "true");
  frame.className = "code-frame";
  area.before(frame);
  frame.append(gutter, area);
  const count = () => {
    const lines = area.value.split("\n").length;
    gutter.textContent = Array.from({ length: lines }, (_, index) => index + 1).join("\n");
  };
  const follow = () => { gutter.scrollTop = area.scrollTop; };
  area.addEventListener("input", count);
  area.addEventListener("scroll", follow);
  count();
  follow();
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-code-line]");
    if (!link) return;
    event.preventDefault();
    show(area, Number(link.dataset.codeLine));
  });
}

function show(area, line) {
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  area.scrollTop = Math.max(0, (area.scrollHeight / lines.length) * (line - 4));
  area.scrollIntoView({ block: "center" });
}
