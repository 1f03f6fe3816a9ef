// What stands inside an event. Every event that has a page holds a real link to it.
import { element } from "../dom.js";
import { wallAt } from "./days.js";

const SHORT_MINUTES = 40;

/** The link, or plain text, of one entry in the calendar; quiet leaves the time to readers and the title to eyes. */
export function entryLink(entry, config, { quiet, brief }) {
  const times = timesOf(entry, config);
  const words = entry.words.join(", ");
  const parts = [
    element("span", { class: quiet ? "visually-hidden" : "ec-event-time" }, brief ? times.split("–")[0] : times),
    " ",
    element("span", { class: "ec-event-title" }, entry.title),
    entry.place && !brief ? element("span", { class: "event-place" }, entry.place) : null,
    words ? element("span", { class: brief ? "visually-hidden" : "event-words" }, brief ? ` ${words}` : words) : null,
  ];
  return link(entry, config, { title: [times, entry.title, entry.place, ...entry.words].filter(Boolean).join(" · ") }, parts);
}

/** The same as one element without children: a timeline draws thousands. */
export function entryLabel(entry, config) {
  const whole = [entry.title, timesOf(entry, config), ...entry.words].filter(Boolean).join(", ");
  return link(entry, config, { title: whole, "aria-label": entry.id > 0 && whole }, [entry.title]);
}

function link(entry, config, attributes, parts) {
  const shared = { class: entry.end - entry.start <= SHORT_MINUTES ? "event-link is-short" : "event-link", ...attributes };
  if (!(entry.id > 0)) return element("span", shared, ...parts);
  return element("a", { ...shared, href: config.meetingUrl.replace("{id}", entry.id), draggable: "false" }, ...parts);
}

function timesOf(entry, config) {
  return entry.allDay ? config.text.allDay : `${wallAt(entry.from, entry.start).slice(11)}–${wallAt(entry.from, entry.end).slice(11)}`;
}
