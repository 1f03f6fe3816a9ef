// Dragging functions on the programme: asks before the drop whether it fits, posts the move, offers the way back.
// Without this module the same is done on each function's form.
import { debounced, element, fetchJson } from "./dom.js";
import { toast } from "./toast.js";

const QUARTER = 15;
const THRESHOLD = 5;
const LONG_PRESS = 350;
const ASK_AFTER = 120;

const config = JSON.parse(document.getElementById("programme-config")?.textContent ?? "null");
const place = { taken: null, asked: 0 };
if (config) start();

function start() {
  document.addEventListener("pointerdown", down);
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", up);
  document.addEventListener("pointercancel", cancel);
  document.addEventListener("keydown", (event) => event.key === "Escape" && cancel());
  document.addEventListener("touchmove", (event) => place.taken?.ghost && event.preventDefault(), { passive: false });
  document.addEventListener("dragstart", (event) => event.target.closest?.("[data-function]") && event.preventDefault());
}

function down(event) {
  const item = event.target.closest?.("[data-function]");
  if (!item || event.button !== 0 || !event.isPrimary) return;
  place.taken = { item, x: event.clientX, y: event.clientY, from: item.closest("[data-column]").dataset.column };
  if (event.pointerType !== "mouse") place.taken.timer = setTimeout(() => place.taken && begin(), LONG_PRESS);
}

function move(event) {
  const { taken } = place;
  if (!taken) return;
  if (!taken.ghost) {
    if (Math.hypot(event.clientX - taken.x, event.clientY - taken.y) <= THRESHOLD) return;
    if (event.pointerType !== "mouse") return cancel();
    begin();
  }
  event.preventDefault();
  follow(event.clientX, event.clientY);
}

function begin() {
  const { taken } = place;
  const box = taken.item.getBoundingClientRect();
  Object.assign(taken, { dx: taken.x - box.left, dy: taken.y - box.top, ghost: taken.item.cloneNode(true) });
  taken.ghost.classList.add("programme-ghost");
  taken.ghost.removeAttribute("data-function");
  taken.ghost.style.inlineSize = `${box.width}px`;
  taken.ghost.style.blockSize = "auto";
  taken.said = element("p", { "aria-live": "polite" });
  taken.ghost.append(taken.said);
  document.body.append(taken.ghost);
  taken.item.classList.add("is-taken");
  follow(taken.x, taken.y);
}

function follow(x, y) {
  const { taken } = place;
  taken.ghost.style.left = `${x - taken.dx}px`;
  taken.ghost.style.top = `${y - taken.dy}px`;
  const track = document.elementsFromPoint(x, y).map((each) => each.closest?.("section")?.querySelector("[data-column]")).find(Boolean);
  for (const each of document.querySelectorAll("[data-column]")) each.classList.toggle("is-target", each === track);
  if (!track) return;
  const start = startAt(track, y - taken.dy);
  const key = `${track.dataset.column}@${start}`;
  if (taken.key === key) return;
  Object.assign(taken, { key, start, column: track.dataset.column });
  taken.ghost.classList.remove("is-good", "is-bad");
  taken.said.textContent = `${start.slice(11)} ${config.text.checking}`;
  ask(taken, key);
}

/** The event's wall clock at a height, to the quarter; arithmetic in UTC, since the wall clock has no zone here. */
function startAt(track, y) {
  const grid = track.closest(".programme");
  const quarter = parseFloat(getComputedStyle(track).gridTemplateRows);
  const rows = Math.max(Math.round((y - track.getBoundingClientRect().top) / quarter), 0);
  const first = Date.parse(`${grid.dataset.first}:00Z`);
  return new Date(first + rows * QUARTER * 60_000).toISOString().slice(0, 16);
}

const ask = debounced(ASK_AFTER, async (taken, key) => {
  if (place.taken !== taken || taken.key !== key) return;
  const query = new URLSearchParams({ minutes: taken.item.dataset.minutes, ...target(taken) });
  const { data } = await fetchJson(`${address(config.fitUrl, taken.item)}?${query}`);
  if (place.taken !== taken || taken.key !== key) return;
  taken.ghost.classList.add(data?.fits ? "is-good" : "is-bad");
  taken.said.textContent = `${taken.start.slice(11)} ${data?.sentence ?? config.text.failed}`;
});

function target(taken) {
  const found = { start: taken.start };
  const by = taken.item.closest(".programme").dataset.by;
  if (taken.column !== taken.from) {
    found[by] = taken.column;
    if (by === "room") found.from_room = taken.from;
  }
  return found;
}

function address(url, item) {
  return url.replace("/0/", `/${item.dataset.function}/`);
}

async function up() {
  const { taken } = place;
  if (!taken?.ghost) return cancel();
  // The click that follows a drop isn't one.
  taken.item.addEventListener("click", (event) => event.preventDefault(), { once: true });
  setTimeout(() => taken.item.dispatchEvent(new Event("click", { cancelable: true })), 0);
  const { item } = taken;
  const isMoved = taken.start && (taken.start !== item.dataset.start || taken.column !== taken.from);
  const body = isMoved && { minutes: Number(item.dataset.minutes), version: Number(item.dataset.version), ...target(taken) };
  cancel();
  if (isMoved) await post(address(config.moveUrl, item), body);
}

async function post(url, body, isUndo = false) {
  const { status, data } = await fetchJson(url, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (status === 200) {
    const undo = isUndo ? [] : [{ label: config.text.undo, run: () => post(url, data.back, true) }];
    toast("success", data.sentence, [...undo, ...data.links]);
  } else toast("error", data?.sentence ?? config.text.failed);
  await reload();
}

/** The programme as it is now, without losing the place. */
async function reload() {
  const shown = document.querySelector(".programme");
  const [left, top] = [shown?.scrollLeft ?? 0, shown?.scrollTop ?? 0];
  const answer = await fetch(location.href, { credentials: "same-origin" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("programme");
  if (fresh) document.getElementById("programme").replaceWith(document.adoptNode(fresh));
  document.querySelector(".programme")?.scrollTo(left, top);
}

function cancel() {
  const { taken } = place;
  place.taken = null;
  if (!taken) return;
  clearTimeout(taken.timer);
  taken.ghost?.remove();
  taken.item.classList.remove("is-taken");
  for (const each of document.querySelectorAll(".is-target")) each.classList.remove("is-target");
}
