// The pointer on the timeline: takes an event along, pulls its edge, or draws a new one on an empty place.
import { element } from "../dom.js";
import { wallAt } from "./days.js";

const STEP = 15;
const EDGE = 7;
const LEAST_WIDTH_FOR_EDGES = 24;
const THRESHOLD = 5;
const LONG_PRESS = 350;
const SCROLL_ZONE = 36;
const SCROLL_MOST = 18;

export class Grip {
  constructor(timeline) {
    this.timeline = timeline;
    this.stopping = new AbortController();
    const { signal } = this.stopping;
    timeline.main.addEventListener("pointerdown", (event) => this.down(event), { signal });
    document.addEventListener("pointermove", (event) => this.move(event), { signal });
    document.addEventListener("pointerup", (event) => this.up(event), { signal });
    document.addEventListener("pointercancel", () => this.cancel(), { signal });
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.cancel(), { signal });
    // A finger that holds an event must not scroll the page away under it.
    timeline.main.addEventListener("touchmove", (event) => this.holding && event.preventDefault(), { signal, passive: false });
  }

  stop() {
    this.cancel();
    this.stopping.abort();
  }

  down(event) {
    if (event.button !== 0 || !event.isPrimary || this.taken) return;
    const track = event.target.closest(".tl-track");
    if (!track) return;
    const shown = event.target.closest(".tl-event");
    if (shown && !(shown.entry.movable && this.timeline.moving)) return;
    if (!shown && (!this.timeline.config.newUrl || event.pointerType !== "mouse")) return;
    this.taken = { shown, track, row: track.dataset.row, x: event.clientX, y: event.clientY, kind: shown ? kindAt(shown, event.clientX) : "new", minute: this.minute(track, event.clientX) };
    if (event.pointerType !== "mouse") this.taken.timer = setTimeout(() => this.begin(event), LONG_PRESS);
  }

  move(event) {
    if (!this.taken) return this.hint(event);
    Object.assign(this.taken, { nowX: event.clientX, nowY: event.clientY });
    if (!this.holding) {
      const far = Math.hypot(event.clientX - this.taken.x, event.clientY - this.taken.y) > THRESHOLD;
      if (far && event.pointerType !== "mouse") return this.cancel();
      if (!far) return;
      this.begin(event);
    }
    this.update();
  }

  // The pointer's shape says what would happen here.
  hint({ target, clientX }) {
    const shown = target.closest?.(".tl-event.ec-draggable");
    shown?.classList.toggle("at-edge", kindAt(shown, clientX) !== "move");
  }

  begin(event) {
    const { taken, timeline } = this;
    this.holding = true;
    Object.assign(taken, { nowX: event.clientX, nowY: event.clientY });
    const entry = taken.shown?.entry ?? { start: taken.minute, end: taken.minute + STEP, from: timeline.first, lane: 0, classes: ["hue-1"] };
    taken.entry = entry;
    taken.preview = element("li", { class: `ec-event tl-event tl-preview ec-preview ${entry.classes.join(" ")}`, "aria-hidden": "true" }, element("span", { class: "event-link" }, entry.title ?? ""));
    taken.shown?.classList.add("is-ghost");
    document.documentElement.classList.add(taken.kind === "move" ? "is-dragging" : "is-resizing");
    if (taken.shown) timeline.moving.begin(event);
    this.scrolling = requestAnimationFrame(() => this.scroll());
    this.update();
  }

  update() {
    const { taken, timeline } = this;
    const target = this.target();
    const place = { ...taken.entry, ...this.span(target), lane: target === taken.track ? taken.entry.lane : 0 };
    taken.place = { ...place, row: target.dataset.row };
    timeline.lay(taken.preview, place);
    if (taken.preview.parentElement !== target) target.append(taken.preview);
    if (taken.shown) timeline.moving.consider(this.request(taken.place, taken.place.row, taken.row));
  }

  // Only rooms can be changed by dragging to another row, and only by dragging the whole event.
  target() {
    const { taken, timeline } = this;
    if (taken.kind !== "move" || timeline.by === "person") return taken.track;
    const box = timeline.main.getBoundingClientRect();
    const y = Math.min(Math.max(taken.nowY, box.top + 60), box.bottom - 2);
    const x = Math.min(Math.max(taken.nowX, box.left + 2), box.right - 20);
    const under = document.elementFromPoint(x, y)?.closest(".tl-row")?.querySelector(".tl-track");
    return (taken.last = under ?? taken.last ?? taken.track);
  }

  span(track) {
    const { entry, kind, minute } = this.taken;
    const at = this.minute(track, this.taken.nowX, false);
    if (kind === "new") return at < minute ? { start: snapped(at), end: minute + STEP } : { start: minute, end: Math.max(snapped(at), minute + STEP) };
    if (kind === "end") return { end: Math.max(snapped(at), entry.start + STEP) };
    if (kind === "start") return { start: Math.min(snapped(at), entry.end - STEP) };
    const grabbed = this.minute(this.taken.track, this.taken.x + this.drift(), false) - entry.start;
    const start = snapped(at - grabbed);
    return { start, end: start + entry.end - entry.start };
  }

  // How far the content scrolled under the pointer since it was taken.
  drift() {
    this.taken.left ??= this.taken.track.getBoundingClientRect().left;
    return this.taken.track.getBoundingClientRect().left - this.taken.left;
  }

  minute(track, clientX, snap = true) {
    const minute = this.timeline.scale.minuteAt(clientX - track.getBoundingClientRect().left);
    return snap ? Math.floor(minute / STEP) * STEP : minute;
  }

  request({ id, version, start, end, from }, resource, fromResource) {
    return { id, version, start: wallAt(from, start), end: wallAt(from, end), resource, from_resource: fromResource, by: this.timeline.by };
  }

  up(event) {
    if (!this.taken) return;
    const { taken, timeline } = this;
    if (!this.holding) return this.cancel();
    this.move(event);
    const { entry, place, row, kind } = taken;
    this.cancel();
    if (kind === "new") return timeline.drawn({ start: wallAt(place.from, place.start), end: wallAt(place.from, place.end), row });
    if (place.start === entry.start && place.end === entry.end && place.row === row) return undefined;
    // The event waits in its new place until the server has answered.
    timeline.rows.get(place.row).track.append(taken.shown);
    taken.shown.classList.add("is-sent");
    timeline.lay(taken.shown, place);
    const revert = () => {
      taken.shown.classList.remove("is-sent");
      timeline.rows.get(row)?.track.append(taken.shown);
      timeline.lay(taken.shown, entry);
    };
    return timeline.moving.send(this.request(place, place.row, row), this.request(entry, row, place.row), revert);
  }

  cancel() {
    const { taken, timeline } = this;
    if (!taken) return;
    clearTimeout(taken.timer);
    cancelAnimationFrame(this.scrolling);
    taken.preview?.remove();
    taken.shown?.classList.remove("is-ghost");
    document.documentElement.classList.remove("is-dragging", "is-resizing");
    if (this.holding && taken.shown) timeline.moving.finish();
    this.holding = false;
    this.taken = undefined;
  }

  scroll() {
    if (!this.holding) return;
    const { main } = this.timeline;
    const box = main.getBoundingClientRect();
    const corner = main.querySelector(".tl-corner").getBoundingClientRect();
    const by = pull(this.taken.nowX, corner.right, box.right);
    const down = pull(this.taken.nowY, corner.bottom, box.bottom);
    if (by || down) {
      main.scrollBy(by, down);
      this.update();
    }
    this.scrolling = requestAnimationFrame(() => this.scroll());
  }
}

function kindAt(shown, clientX) {
  const box = shown.getBoundingClientRect();
  if (box.width < LEAST_WIDTH_FOR_EDGES) return "move";
  if (box.right - clientX <= EDGE) return "end";
  return clientX - box.left <= EDGE ? "start" : "move";
}

function snapped(minute) {
  return Math.round(minute / STEP) * STEP;
}

function pull(at, low, high) {
  if (at < low + SCROLL_ZONE) return -Math.min((low + SCROLL_ZONE - at) / 2, SCROLL_MOST);
  return at > high - SCROLL_ZONE ? Math.min((at - high + SCROLL_ZONE) / 2, SCROLL_MOST) : 0;
}
