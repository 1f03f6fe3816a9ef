// A button with data-copy="id" copies that field's text and says so.
import { toast } from "./toast.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    return; // without permission the text stands selected, ready for Ctrl+C
  }
  toast("success", button.dataset.textCopied);
});
