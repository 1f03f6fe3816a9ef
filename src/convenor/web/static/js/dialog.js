// <dialog>: opened by [data-dialog-open="id"], closed by its own form, Esc or a click beside it.
// A form or button with data-confirm asks first.
import { element } from "./dom.js";

export function startDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-dialog-open]");
    if (opener && openDialog(opener.dataset.dialogOpen)) event.preventDefault();
    if (event.target.matches?.("dialog[data-dialog]") && isBeside(event)) event.target.close();
  });
  document.addEventListener("submit", askFirst, true);
  document.addEventListener("close-dialog", () => {
    for (const open of document.querySelectorAll("dialog[open]")) open.close();
  });
}

/** True when the dialog exists and is open now. */
export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement)) return false;
  if (!dialog.open) dialog.showModal();
  return true;
}

function isBeside(event) {
  const box = event.target.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

function askFirst(event) {
  const form = event.target;
  const asker = event.submitter?.dataset.confirm ? event.submitter : form;
  if (!asker.dataset?.confirm || form.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(asker.dataset, event.submitter?.textContent.trim()).then((yes) => {
    if (!yes) return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(event.submitter ?? undefined);
    delete form.dataset.confirmed;
  });
}

function ask(texts, verb) {
  const yes = element("button", { class: "button button-danger", value: "yes" }, texts.confirmYes ?? verb ?? "OK");
  const no = element("button", { class: "button", value: "no", autofocus: true }, texts.confirmNo ?? "Esc");
  const foot = element("form", { method: "dialog", class: "dialog-foot" }, no, yes);
  const body = element("div", { class: "dialog-body" }, element("p", { id: "confirm-text" }, texts.confirm));
  const dialog = element("dialog", { "aria-labelledby": "confirm-text", "data-dialog": true, class: "dialog-confirm" }, body, foot);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
