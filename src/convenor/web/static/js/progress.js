// Long work: polls data-progress-url for {text, done, total, finished, failed, href} and shows it.
import { fetchJson } from "./dom.js";
import { toast } from "./toast.js";

const FIRST_WAIT = 400;
const LONGEST_WAIT = 4000;

export function startProgress(part) {
  for (const shown of part.querySelectorAll("[data-progress-url]:not([data-polling])")) {
    shown.dataset.polling = "yes";
    poll(shown, FIRST_WAIT);
  }
}

async function poll(shown, wait) {
  await new Promise((resolve) => setTimeout(resolve, wait));
  if (!shown.isConnected) return;
  const state = await fetchJson(shown.dataset.progressUrl).catch(() => null);
  if (state?.data) show(shown, state.data);
  if (state?.data?.failed) toast("error", state.data.text);
  else if (state?.data?.finished) location.assign(state.data.href ?? shown.dataset.progressDone ?? location.href);
  else poll(shown, Math.min(wait * 1.3, LONGEST_WAIT));
}

function show(shown, { text, done, total }) {
  const bar = shown.querySelector("progress");
  if (text) shown.querySelector("[data-progress-text]").textContent = text;
  if (!total) return;
  bar.max = total;
  bar.value = done;
  shown.querySelector("[data-progress-count]").textContent = `${done} / ${total}`;
}
