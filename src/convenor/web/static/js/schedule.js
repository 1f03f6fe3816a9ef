// The schedule: day, week, month, list, and the timelines by room and by person. Config in #schedule-config.
import { createCalendar, DayGrid, Interaction, List, ResourceTimeline, TimeGrid } from "../vendor/event-calendar.js";
import { debounced, fetchJson } from "./dom.js";
import { toast } from "./toast.js";
import { eventContent, grouped, plainRoles, resourceContent } from "./schedule/content.js";
import { dayText, decode, wallText } from "./schedule/entries.js";
import { Moving } from "./schedule/moving.js";
import { Rows } from "./schedule/rows.js";
import { calendarView, firstView, TIMELINES, viewOptions } from "./schedule/views.js";

const FORBIDDEN_CHARACTERS = /^group:/;
const PLUGINS = [TimeGrid, DayGrid, List, ResourceTimeline, Interaction];

class Schedule {
  constructor(root, config) {
    this.root = root;
    this.config = config;
    this.params = { ...config.params };
    this.view = firstView(config.view);
    this.span = config.span ?? "week";
    this.moving = config.moveUrl ? new Moving(config, { by: () => this.by(), changed: () => this.load(), hold: (on) => this.rows.hold(on) }) : null;
    this.build();
    this.listen();
  }

  by() {
    return TIMELINES[this.view] ?? "";
  }

  build() {
    this.root.replaceChildren();
    this.root.dataset.live = "";
    this.resources = new Map();
    const later = debounced(0, () => this.tidy());
    this.calendar = createCalendar(this.root, PLUGINS, {
      ...viewOptions(this.config, this.root.clientHeight),
      ...(this.moving?.options() ?? {}),
      ...this.selecting(),
      view: calendarView(this.view, this.span),
      date: this.config.date,
      events: [],
      resources: [],
      eventContent: eventContent(this.config),
      resourceLabelContent: resourceContent,
      resourceLabelDidMount: ({ resource, el }) => this.rows.watch(resource.id, el),
      datesSet: (range) => this.show(range),
      viewDidMount: later,
      eventAllUpdated: later,
    });
    this.rows = new Rows(this.calendar);
    this.mark();
  }

  // Drawing over an empty place starts a new meeting there.
  selecting() {
    if (!this.config.newUrl) return {};
    return {
      selectable: true,
      selectMinDistance: 6,
      select: ({ start, end, allDay, resource }) => {
        if (FORBIDDEN_CHARACTERS.test(resource?.id ?? "")) return this.calendar.unselect();
        const url = new URL(this.config.newUrl, location.href);
        url.searchParams.set("start", wallText(start));
        url.searchParams.set("end", wallText(end));
        if (allDay) url.searchParams.set("all_day", "1");
        if (resource) url.searchParams.set(this.by(), resource.id);
        return location.assign(url);
      },
    };
  }

  listen() {
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("[data-schedule-view], [data-schedule-go], [data-schedule-span]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const { scheduleView, scheduleGo, scheduleSpan } = link.dataset;
      if (scheduleView) this.turnTo(scheduleView, this.span);
      if (scheduleSpan) this.turnTo(this.view in TIMELINES ? this.view : "rooms", scheduleSpan);
      if (scheduleGo) this.go(scheduleGo);
    });
    document.querySelector("[data-schedule-date]")?.addEventListener("change", (event) => event.target.value && this.calendar.gotoDate(event.target.value));
    const filter = document.querySelector("[data-schedule-filter]");
    const refilter = debounced(200, () => this.filter(new FormData(filter)));
    filter?.addEventListener("input", refilter);
    filter?.addEventListener("submit", (event) => {
      event.preventDefault();
      refilter();
    });
  }

  turnTo(view, span) {
    this.view = view;
    this.span = span;
    this.rows.stop();
    this.calendar.setOption("events", []);
    this.mark();
    this.calendar.setOption("view", calendarView(view, span));
  }

  go(where) {
    if (where === "prev") this.calendar.prev();
    else if (where === "next") this.calendar.next();
    else this.calendar.gotoDate(this.config.today ?? new Date());
  }

  filter(form) {
    this.params = { ...this.config.params };
    for (const name of new Set(form.keys())) {
      const values = form.getAll(name).filter(Boolean);
      if (values.length) this.params[name] = values;
    }
    this.resources.clear();
    this.load();
  }

  // The range changed: new title, new address, new events.
  show(range) {
    this.range = range;
    if (!this.calendar) return queueMicrotask(() => this.show(range));
    this.mark();
    return this.load();
  }

  mark() {
    for (const link of document.querySelectorAll("[data-schedule-view]")) current(link, link.dataset.scheduleView === this.view);
    for (const link of document.querySelectorAll("[data-schedule-span]")) current(link, link.dataset.scheduleSpan === this.span);
    for (const part of document.querySelectorAll("[data-schedule-timeline-only]")) part.hidden = !this.by();
    const { title, currentStart } = this.calendar.getView();
    for (const shown of document.querySelectorAll("[data-schedule-title]")) shown.textContent = title;
    const picker = document.querySelector("[data-schedule-date]");
    if (picker) picker.value = dayText(currentStart);
    const url = new URL(location.href);
    url.searchParams.set("view", this.view);
    url.searchParams.set("date", dayText(currentStart));
    if (this.by()) url.searchParams.set("span", this.span);
    else url.searchParams.delete("span");
    history.replaceState(history.state, "", url);
  }

  async load() {
    if (!this.range) return;
    const mine = (this.loading = Symbol("load"));
    this.wait(true);
    const { start, end } = this.range;
    const query = { ...this.params, view: this.view, by: this.by(), from: dayText(start), to: dayText(end) };
    const [rows, answer] = await Promise.all([this.by() ? this.rowsFor(query) : [], this.ask(this.config.eventsUrl, query)]);
    if (this.loading !== mine) return;
    this.wait(false);
    if (!answer || !rows) return void toast("error", this.config.text.failed);
    this.draw(rows, decode(answer, { byResource: Boolean(this.by()), texts: this.config.text, editable: Boolean(this.moving) }));
  }

  draw(rows, events) {
    if (!this.by()) return this.calendar.setOption("events", events);
    if (this.shown !== rows) {
      this.rows.stop();
      this.calendar.setOption("resources", grouped(rows));
      this.shown = rows;
    }
    return this.rows.put(events);
  }

  async rowsFor(query) {
    const key = query.by;
    if (!this.resources.has(key)) this.resources.set(key, await this.ask(this.config.resourcesUrl, query));
    return this.resources.get(key)?.resources ?? null;
  }

  async ask(address, query) {
    const url = new URL(address, location.href);
    for (const [name, value] of Object.entries(query)) for (const one of [value].flat()) url.searchParams.append(name, one);
    const { status, data } = await fetchJson(url).catch(() => ({ status: 0, data: null }));
    return status === 200 ? data : null;
  }

  wait(on) {
    this.root.setAttribute("aria-busy", String(on));
    for (const sign of document.querySelectorAll("[data-schedule-wait]")) sign.hidden = !on;
  }

  tidy() {
    const shown = this.root.querySelector(".ec");
    if (shown) plainRoles(shown);
  }
}

function current(link, on) {
  if (on) link.setAttribute("aria-current", "true");
  else link.removeAttribute("aria-current");
}

const place = document.getElementById("schedule");
const text = document.getElementById("schedule-config")?.textContent;
if (place && text) new Schedule(place, JSON.parse(text));
