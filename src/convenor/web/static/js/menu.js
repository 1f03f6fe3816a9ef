// Menus are <details class="menu">: they open without us. We close them and move inside with the arrows.
const ITEMS = ".menu-panel :is(a, button, input, select)";

export function startMenus() {
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("details.menu[open]");
    if (event.key === "Escape") closeMenus(menu);
    else if (menu && (event.key === "ArrowDown" || event.key === "ArrowUp")) step(event, menu);
  });
  document.addEventListener("focusin", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
}

function openMenus() {
  return document.querySelectorAll("details.menu[open]");
}

function closeMenus(focused) {
  for (const menu of openMenus()) menu.open = false;
  focused?.querySelector("summary").focus();
}

function step(event, menu) {
  const items = [...menu.querySelectorAll(ITEMS)].filter((item) => item.offsetParent !== null);
  const at = items.indexOf(document.activeElement);
  const next = event.key === "ArrowDown" ? at + 1 : at - 1;
  items.at(next % items.length)?.focus();
  event.preventDefault();
}
