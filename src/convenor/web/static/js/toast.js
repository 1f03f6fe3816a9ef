// Messages: those that the server rendered, those that a fragment brings, and those of an HX-Trigger header.
import { element, icon } from "./dom.js";

const QUIET_MILLISECONDS = 7000;
const ICONS = { success: "circle-check", warning: "triangle-alert", error: "circle-alert" };

export function startToasts() {
  const tray = document.getElementById("toasts");
  if (!tray) return;
  for (const message of tray.querySelectorAll("[data-toast]")) enhance(message);
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node.matches?.("[data-toast]")) enhance(node);
  }).observe(tray, { childList: true });
  document.addEventListener("toast", (event) => toast(event.detail.level ?? "info", event.detail.text, event.detail.links));
}

/** Shows a message; links are [{label, href}] or [{label, run}]. Level: info, success, warning, error. */
export function toast(level, text, links = []) {
  const tray = document.getElementById("toasts");
  const body = element("div", {}, text);
  for (const link of links) body.append(" ", action(link));
  const shown = element("div", { class: `toast ${level}`, "data-toast": true }, icon(ICONS[level] ?? "info"), body);
  tray?.append(shown);
  return shown;
}

function action(link) {
  if (link.href) return element("a", { href: link.href }, link.label);
  const button = element("button", { type: "button", class: "button button-small" }, link.label);
  button.addEventListener("click", () => {
    button.closest("[data-toast]").remove();
    link.run();
  });
  return button;
}

function enhance(message) {
  if (message.dataset.enhanced) return;
  message.dataset.enhanced = "yes";
  const label = document.body.dataset.textDismiss;
  const close = element("button", { type: "button", class: "button button-quiet button-icon button-small", "aria-label": label }, icon("x"));
  close.addEventListener("click", () => message.remove());
  message.append(close);
  // What went wrong stays until it is read; the rest goes, unless somebody is just reading or using it.
  if (message.matches(".error, .warning")) return;
  const leave = () => (message.matches(":hover, :focus-within") ? setTimeout(leave, QUIET_MILLISECONDS) : message.remove());
  setTimeout(leave, QUIET_MILLISECONDS);
}
