// Ticks of the evacuation roll: whoever is safe, on this device alone, kept for the day when the page is loaded again.
import { filled } from "../dom.js";

const KEY = "evacuation-safe";
const DAY = 24 * 3600_000;
const kept = JSON.parse(localStorage.getItem(KEY) ?? "null");
const safe = new Set(kept && Date.now() - kept.at < DAY ? kept.safe : []);

for (const box of document.querySelectorAll("[data-evacuation-key]")) {
  box.checked = safe.has(box.dataset.evacuationKey);
  box.addEventListener("change", () => {
    if (box.checked) safe.add(box.dataset.evacuationKey);
    else safe.delete(box.dataset.evacuationKey);
    localStorage.setItem(KEY, JSON.stringify({ at: Date.now(), safe: [...safe] }));
    count();
  });
}
count();

function count() {
  for (const building of document.querySelectorAll("[data-evacuation]")) {
    const badge = building.querySelector("[data-evacuation-safe]");
    const ticked = building.querySelectorAll("[data-evacuation-key]:checked").length;
    badge.hidden = !ticked;
    badge.textContent = filled(badge.dataset.evacuationSafe, { n: ticked });
  }
}
