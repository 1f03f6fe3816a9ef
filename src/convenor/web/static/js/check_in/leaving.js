// Signing out takes the door's lists off the device; what hasn't been sent yet is asked about first.
import { filled } from "../dom.js";
import { WAITING } from "./store.js";

export function startLeaving() {
  const form = document.querySelector("form[data-check-in-waiting]");
  if (!form) return;
  document.addEventListener("submit", (event) => event.target === form && ask(form), true);
  form.addEventListener("submit", forget);
}

/** Before dialog.js looks whether there is something to confirm. */
function ask(form) {
  const waiting = Number(localStorage.getItem(WAITING));
  if (waiting) form.dataset.confirm = filled(form.dataset.checkInWaiting, { n: waiting });
  else delete form.dataset.confirm;
}

// The server says Clear-Site-Data too; browsers heed it over https only.
function forget() {
  indexedDB.deleteDatabase("convenor-check-in");
  localStorage.removeItem(WAITING);
  globalThis.caches?.delete("check-in-1");
}
