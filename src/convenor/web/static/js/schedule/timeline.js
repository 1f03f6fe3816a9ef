// Rooms or people as rows, days as columns. Our own, because a general calendar froze for half a minute at 200 rooms x 5
// days with 20,000 bookings: here a row draws its events when it comes near the window and forgets them when it leaves.
import { element, icon } from "../dom.js";
import { entryLabel } from "./content.js";
import { addDays, dayName, minutesNow, minutesOf, rangeName, weekday, weekStart } from "./days.js";
import { Grip } from "./grip.js";
import { laneOut, Scale } from "./scale.js";

const NEAR = "200px 0px";
const LANE = 26;
const PADDING = 3;
// A quarter of an hour is as wide as a finger or a reader's pointer needs (WCAG 2.5.8: 24 pixels).
const LEAST_HOUR = 96;
const NAMES_WIDTH = 208;
const MINUTE = 60_000;

export class Timeline {
  constructor(root, config, { moving, shown, drawn }) {
    Object.assign(this, { root, config, moving, shown, drawn });
  }

  open(view, span, date) {
    Object.assign(this, { view, span, day: date });
    this.hiddenDays = this.config.timelineHiddenDays ?? this.config.hiddenDays ?? [];
    this.by = view === "people" ? "person" : "room";
    this.closed = new Set();
    this.main = element("div", { class: "tl", tabindex: "0", role: "group", "aria-label": this.config.text[view] });
    this.root.replaceChildren(this.main);
    this.watch = new IntersectionObserver((seen) => this.seen(seen), { root: this.main, rootMargin: NEAR });
    this.grip = new Grip(this);
    this.clock = setInterval(() => this.markNow(), MINUTE);
    this.turn(date);
  }

  close() {
    clearInterval(this.clock);
    this.watch.disconnect();
    this.grip.stop();
    this.main.remove();
  }

  go(where, today) {
    const step = this.span === "day" ? 1 : 7;
    if (where === "today") this.turn(today);
    else if (where === "prev") this.turn(this.beside(-step));
    else if (where === "next") this.turn(this.beside(step));
    else this.turn(where);
  }

  beside(step) {
    let day = addDays(this.day, step);
    while (Math.abs(step) === 1 && this.hiddenDays.includes(weekday(day))) day = addDays(day, step);
    return day;
  }

  turn(day) {
    this.day = day;
    this.first = this.span === "day" ? day : weekStart(day, this.config.firstDay);
    const days = this.span === "day" ? 1 : 7;
    this.scale = new Scale({
      from: this.first, days, hiddenDays: this.hiddenDays, hourWidth: this.hourWidth(),
      opens: minutesOf(this.config.slotMin), closes: minutesOf(this.config.slotMax),
    });
    this.fresh = true;
    this.shown(this.first, addDays(this.first, days));
  }

  // One day fills the window; a week scrolls.
  hourWidth() {
    const hours = (minutesOf(this.config.slotMax) - minutesOf(this.config.slotMin)) / 60;
    return this.span === "day" ? Math.max((this.main.clientWidth - NAMES_WIDTH) / hours, LEAST_HOUR) : LEAST_HOUR;
  }

  title() {
    const days = this.scale.days();
    return rangeName(days[0], days.at(-1), this.config.locale);
  }

  date() {
    return this.day;
  }

  /** Draws everything anew; where the reader had scrolled to is kept. */
  put(entries, resources) {
    const { scrollTop, scrollLeft } = this.main;
    this.byRow = Map.groupBy(entries.sort((one, other) => one.start - other.start), (entry) => entry.resource);
    this.resources = resources;
    this.draw();
    this.main.scrollTop = scrollTop;
    this.main.scrollLeft = this.fresh ? this.firstLook() : scrollLeft;
    this.fresh = false;
  }

  firstLook() {
    const today = this.scale.days().indexOf(this.config.today);
    const opening = minutesOf(this.config.scrollTo ?? "08:00") - this.scale.opens;
    return Math.max(today, 0) * this.scale.dayWidth() + Math.max(opening - 15, 0) * this.scale.perMinute;
  }

  draw() {
    this.watch.disconnect();
    this.main.style.setProperty("--day", `${this.scale.dayWidth()}px`);
    this.main.style.setProperty("--hour", `${60 * this.scale.perMinute}px`);
    this.main.style.setProperty("--track", `${this.scale.width()}px`);
    this.rows = new Map();
    this.now = element("div", { class: "tl-now", hidden: true });
    this.main.replaceChildren(this.head(), this.body());
    for (const { row } of this.rows.values()) this.watch.observe(row);
    this.markNow();
  }

  head() {
    const days = this.scale.days().map((day) => {
      const name = dayName(day, this.config.locale, { weekday: "long", day: "numeric", month: "long" });
      const today = day === this.config.today ? " is-today" : "";
      return element("div", { class: `tl-day${today}` }, element("time", { datetime: day, class: "tl-day-name" }, name), element("div", { class: "tl-hours", "aria-hidden": "true" }, ...this.hours()));
    });
    return element("div", { class: "tl-head" }, element("div", { class: "tl-corner" }), ...days);
  }

  hours() {
    const shown = [];
    for (let minute = this.scale.opens; minute < this.scale.opens + this.scale.length; minute += 60) shown.push(element("span", {}, `${String(minute / 60).padStart(2, "0")}:00`));
    return shown;
  }

  // The names are one sticky column of their own: a sticky cell in each of 200 rows costs a layer each and scrolls in jerks.
  body() {
    const names = element("ul", { class: "tl-names", "aria-label": this.config.text[this.view] });
    const rows = element("ul", { class: "tl-rows" });
    let group;
    for (const resource of this.resources) {
      if (resource.group && resource.group !== group) this.addGroup(names, rows, resource.group);
      group = resource.group;
      if (!this.closed.has(group)) this.addRow(names, rows, resource);
    }
    return element("div", { class: "tl-body" }, names, rows, this.now);
  }

  addGroup(names, rows, group) {
    const open = !this.closed.has(group);
    const button = element("button", { type: "button", "aria-expanded": String(open) }, icon(open ? "chevron-down" : "chevron-right"), group);
    button.addEventListener("click", () => this.fold(group, open));
    names.append(element("li", { class: "tl-group" }, button));
    rows.append(element("li", { class: "tl-group", "aria-hidden": "true" }));
  }

  fold(group, on) {
    if (on) this.closed.add(group);
    else this.closed.delete(group);
    const { scrollTop, scrollLeft } = this.main;
    this.draw();
    this.main.scrollTo(scrollLeft, scrollTop);
    [...this.main.querySelectorAll(".tl-group button")].find((button) => button.textContent === group)?.focus();
  }

  addRow(names, rows, resource) {
    const entries = this.byRow.get(resource.id) ?? [];
    const height = `${laneOut(entries.filter((entry) => !entry.background)) * LANE + 2 * PADDING}px`;
    const title = resource.href ? element("a", { href: resource.href, class: "resource-name" }, resource.title) : element("span", { class: "resource-name" }, resource.title);
    const name = element("li", { class: "tl-name" }, title, resource.hint ? element("span", { class: "resource-hint" }, resource.hint) : null);
    const track = element("ul", { class: "tl-track", "data-row": resource.id, "aria-label": resource.title });
    const row = element("li", { class: "tl-row" }, track);
    name.style.blockSize = row.style.blockSize = height;
    names.append(name);
    rows.append(row);
    this.rows.set(resource.id, { row, track, entries });
  }

  seen(changes) {
    for (const { target, isIntersecting } of changes) {
      const known = this.rows.get(target.querySelector(".tl-track")?.dataset.row);
      if (!known) continue;
      if (isIntersecting && !known.full) known.track.append(...known.entries.map((entry) => this.event(entry)));
      // While something is dragged nothing may vanish: it could be the very thing.
      else if (!isIntersecting && known.full && !this.grip.holding) known.track.replaceChildren();
      known.full = known.track.childElementCount > 0;
    }
  }

  event(entry) {
    const kind = entry.background ? "tl-closed" : `ec-event tl-event ${entry.classes.join(" ")}${entry.movable ? " ec-draggable" : ""}`;
    const shown = element("li", { class: kind }, entry.background ? element("span", { class: "visually-hidden" }, entry.title) : entryLabel(entry, this.config));
    if (entry.background && entry.title) shown.title = entry.title;
    this.lay(shown, entry);
    shown.entry = entry;
    return shown;
  }

  /** Sets an element to an entry's place; background fills the row's height. */
  lay(shown, entry) {
    const left = this.scale.place(entry.start);
    shown.style.marginInlineStart = `${left}px`;
    shown.style.inlineSize = `${Math.max(this.scale.place(entry.end) - left, 3)}px`;
    if (!entry.background) shown.style.marginBlockStart = `${PADDING + (entry.lane ?? 0) * LANE}px`;
  }

  markNow() {
    const minutes = minutesNow(this.first, this.config.timeZone);
    const inside = this.scale.days().includes(addDays(this.first, Math.floor(minutes / 1440)));
    this.now.hidden = !inside;
    if (inside) this.now.style.setProperty("--at", `${this.scale.place(minutes)}px`);
  }
}
