// Day, week, month and list, drawn by event-calendar.
import { createCalendar, destroyCalendar, DayGrid, Interaction, List, TimeGrid } from "../../vendor/event-calendar.js";
import { debounced, element } from "../dom.js";
import { entryLink } from "./content.js";
import { dayOf, minutesOf, wallAt, wallOf } from "./days.js";

const PLUGINS = [TimeGrid, DayGrid, List, Interaction];
const VIEW = { day: "timeGridDay", week: "timeGridWeek", month: "dayGridMonth", list: "listWeek" };
const LEAST_SLOT = 24;
const HEAD_HEIGHT = 78;
const ROLES = ["role", "aria-colindex", "aria-colspan"];

export class Calendar {
  constructor(root, config, { moving, shown, drawn, phone }) {
    Object.assign(this, { root, config, moving, shown, drawn, phone });
  }

  open(view, span, date) {
    this.view = view;
    const tidy = debounced(0, () => this.tidy());
    this.inner = createCalendar(this.root, PLUGINS, {
      ...this.looks(),
      ...(this.moving ? this.movable() : {}),
      ...(this.config.newUrl ? this.drawable() : {}),
      view: VIEW[view] ?? VIEW.week,
      date,
      eventContent: ({ event, view: { type } }) => ({ domNodes: [this.content(event, type)] }),
      datesSet: ({ start, end }) => queueMicrotask(() => this.shown(dayOf(start), dayOf(end))),
      viewDidMount: tidy,
      eventAllUpdated: tidy,
    });
  }

  close() {
    if (this.inner) destroyCalendar(this.inner);
    this.inner = undefined;
  }

  go(where, today) {
    if (where === "prev") this.inner.prev();
    else if (where === "next") this.inner.next();
    else this.inner.gotoDate(where === "today" ? today : where);
  }

  title() {
    return this.inner.getView().title;
  }

  date() {
    return dayOf(this.inner.getView().currentStart);
  }

  put(entries) {
    this.inner.setOption("events", entries.map((entry) => ({
      id: entry.key,
      start: wallAt(entry.from, entry.start),
      end: wallAt(entry.from, entry.end),
      allDay: entry.allDay,
      title: entry.title,
      display: entry.background ? "background" : "auto",
      editable: entry.movable,
      classNames: entry.classes,
      extendedProps: { entry },
    })));
  }

  content(event, type) {
    const { entry } = event.extendedProps;
    if (!entry || entry.background) return element("span", { class: "visually-hidden" }, event.title);
    const inList = type.startsWith("list");
    return entryLink(entry, this.config, { quiet: entry.allDay && !inList, brief: type.startsWith("dayGrid") });
  }

  looks() {
    const { config } = this;
    const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    return {
      locale: config.locale,
      timeZone: config.timeZone,
      firstDay: config.firstDay,
      hiddenDays: config.hiddenDays ?? [],
      slotMinTime: config.slotMin,
      slotMaxTime: config.slotMax,
      scrollTime: config.scrollTo ?? "08:00",
      headerToolbar: { start: "", center: "", end: "" },
      height: this.phone ? undefined : "100%",
      allDayContent: config.text.allDay,
      buttonText: { close: config.text.close },
      noEventsContent: config.text.noEvents,
      moreLinkContent: ({ num }) => config.text.more.replace("{n}", num),
      eventTimeFormat: time,
      slotLabelFormat: time,
      slotDuration: "00:30",
      slotHeight: this.slotHeight(),
      slotEventOverlap: false,
      dayHeaderFormat: { weekday: "short", day: "numeric" },
      listDayFormat: { weekday: "long", day: "numeric", month: "long" },
      listDaySideFormat: () => "",
      titleFormat: { day: "numeric", month: "long", year: "numeric" },
      nowIndicator: true,
      eventLongPressDelay: 350,
      views: { dayGridMonth: { dayMaxEvents: true, titleFormat: { month: "long", year: "numeric" }, dayHeaderFormat: { weekday: "short" }, hiddenDays: [] } },
    };
  }

  // The day's grid fills the window's height, but a half hour never gets lower than a line of text.
  slotHeight() {
    const halfHours = (minutesOf(this.config.slotMax) - minutesOf(this.config.slotMin)) / 30;
    return Math.max(LEAST_SLOT, Math.floor((this.root.clientHeight - HEAD_HEIGHT) / halfHours));
  }

  movable() {
    const begin = ({ jsEvent }) => this.moving.begin(jsEvent);
    const finish = () => this.moving.finish();
    const consider = ({ event }) => {
      this.moving.consider(request(event));
      return true;
    };
    const drop = ({ event, oldEvent, revert }) => this.moving.send(request(event), request(oldEvent), revert);
    return {
      editable: true, eventStartEditable: true, eventResizableFromStart: true,
      eventDragStart: begin, eventResizeStart: begin, eventDragStop: finish, eventResizeStop: finish,
      dragConstraint: consider, resizeConstraint: consider, eventDrop: drop, eventResize: drop,
    };
  }

  // Drawing over an empty place starts a new meeting there.
  drawable() {
    return {
      selectable: true,
      selectMinDistance: 6,
      select: ({ start, end, allDay }) => this.drawn({ start: wallOf(start), end: wallOf(end), allDay }),
    };
  }

  // Its table roles don't describe a real table (axe): without them it reads as plain content.
  tidy() {
    const shown = this.root.querySelector(".ec");
    if (!shown) return;
    for (const one of [shown, ...shown.querySelectorAll("[role], [aria-colindex]")]) for (const name of ROLES) one.removeAttribute(name);
    for (const main of shown.querySelectorAll(".ec-main")) main.tabIndex = 0;
    for (const head of shown.querySelectorAll("h4.ec-day-head")) {
      head.setAttribute("role", "heading");
      head.setAttribute("aria-level", "2");
    }
    for (const part of shown.querySelectorAll("aside, header")) part.setAttribute("role", "presentation");
  }
}

function request(event) {
  const { id, version } = event.extendedProps.entry;
  return { id, version, start: wallOf(event.start), end: wallOf(event.end), resource: "", from_resource: "", by: "" };
}
