// The schedule: day, week, month, list, and the timelines by room and by person. Config in #schedule-config.
import { debounced, fetchJson } from "./dom.js";
import { toast } from "./toast.js";
import { Calendar } from "./schedule/calendar.js";
import { decode } from "./schedule/entries.js";
import { Moving } from "./schedule/moving.js";
import { Timeline } from "./schedule/timeline.js";

const BY = { rooms: "room", people: "person" };
const PHONE = "(max-width: 48rem)";
const OK = 200;
const NOT_FILTERS = new Set(["view", "span", "date"]); // a filter form carries them for readers without JavaScript

class Schedule {
  constructor(root, config) {
    Object.assign(this, { root, config, params: { ...config.params }, resources: new Map() });
    this.phone = matchMedia(PHONE).matches;
    this.moving = config.moveUrl ? new Moving(config, () => this.load()) : null;
    this.root.replaceChildren();
    this.root.dataset.live = "";
    this.listen();
    this.turnTo(this.firstView(), config.span ?? "week", config.date);
  }

  // A phone has no room for a grid: it starts with the list.
  firstView() {
    return this.phone && this.config.view !== "day" ? "list" : this.config.view;
  }

  turnTo(view, span, date) {
    this.pane?.close();
    Object.assign(this, { view, span, by: BY[view] ?? "" });
    const Pane = this.by ? Timeline : Calendar;
    const shown = (from, to) => this.show(from, to);
    this.pane = new Pane(this.root, this.config, { moving: this.moving, shown, drawn: (place) => this.start(place), phone: this.phone });
    this.pane.open(view, span, date);
  }

  listen() {
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("[data-schedule-view], [data-schedule-go], [data-schedule-span]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const { scheduleView, scheduleGo, scheduleSpan } = link.dataset;
      if (scheduleGo) this.pane.go(scheduleGo, this.config.today);
      else this.turnTo(scheduleView ?? this.view, scheduleSpan ?? this.span, this.pane.date());
    });
    document.querySelector("[data-schedule-date]")?.addEventListener("change", ({ target }) => target.value && this.pane.go(target.value));
    const filter = document.querySelector("[data-schedule-filter]");
    const refilter = debounced(200, () => this.filter(new FormData(filter)));
    filter?.addEventListener("input", refilter);
    filter?.addEventListener("change", refilter);
    filter?.addEventListener("submit", (event) => {
      event.preventDefault();
      refilter();
    });
  }

  // Somebody drew on an empty place.
  start({ start, end, allDay, row }) {
    const url = new URL(this.config.newUrl, location.href);
    url.searchParams.set("start", start);
    url.searchParams.set("end", end);
    if (allDay) url.searchParams.set("all_day", "1");
    if (row) url.searchParams.set(this.by, row);
    location.assign(url);
  }

  filter(form) {
    this.params = { ...this.config.params };
    for (const name of new Set(form.keys())) {
      if (NOT_FILTERS.has(name)) continue;
      delete this.params[name];
      const values = form.getAll(name).filter(Boolean);
      if (values.length) this.params[name] = values;
    }
    this.resources.clear();
    this.load();
  }

  // The range changed: new title, new address, new events.
  show(from, to) {
    this.range = { from, to };
    queueMicrotask(() => this.mark());
    this.load();
  }

  mark() {
    for (const link of document.querySelectorAll("[data-schedule-view]")) current(link, link.dataset.scheduleView === this.view);
    for (const link of document.querySelectorAll("[data-schedule-span]")) current(link, link.dataset.scheduleSpan === this.span);
    for (const part of document.querySelectorAll("[data-schedule-timeline-only]")) part.hidden = !this.by;
    for (const shown of document.querySelectorAll("[data-schedule-title]")) shown.textContent = this.pane.title();
    const picker = document.querySelector("[data-schedule-date]");
    if (picker) picker.value = this.pane.date();
    const url = new URL(location.href);
    url.searchParams.set("view", this.view);
    url.searchParams.set("date", this.pane.date());
    if (this.by) url.searchParams.set("span", this.span);
    else url.searchParams.delete("span");
    history.replaceState(history.state, "", url);
  }

  async load() {
    const mine = (this.loading = Symbol("load"));
    this.wait(true);
    const query = { ...this.params, view: this.view, by: this.by, ...this.range };
    const [rows, answer] = await Promise.all([this.by ? this.rows(query) : [], this.ask(this.config.eventsUrl, query)]);
    if (this.loading !== mine) return;
    this.wait(false);
    if (answer && rows) this.pane.put(decode(answer, this.config), rows);
    else toast("error", this.config.text.failed);
  }

  async rows(query) {
    if (!this.resources.has(query.by)) {
      const answer = await this.ask(this.config.resourcesUrl, query);
      if (!answer) return null;
      this.resources.set(query.by, answer.resources);
    }
    return this.resources.get(query.by);
  }

  async ask(address, query) {
    const url = new URL(address, location.href);
    for (const [name, value] of Object.entries(query)) for (const one of [value].flat()) url.searchParams.append(name, one);
    const { status, data } = await fetchJson(url).catch(() => ({ status: 0, data: null }));
    return status === OK ? data : null;
  }

  wait(on) {
    this.root.setAttribute("aria-busy", String(on));
    for (const sign of document.querySelectorAll("[data-schedule-wait]")) sign.hidden = !on;
  }
}

function current(link, on) {
  if (on) link.setAttribute("aria-current", "true");
  else link.removeAttribute("aria-current");
}

const place = document.getElementById("schedule");
const text = document.getElementById("schedule-config")?.textContent;
if (place && text) new Schedule(place, JSON.parse(text));
