// What stands inside an event and inside a row's head. Every event that has a page holds a real link to it.
import { element } from "../dom.js";
import { wallText } from "./entries.js";

const SHORT_MINUTES = 40;

export function eventContent(config) {
  return ({ event, view }) => {
    const { id, place, words } = event.extendedProps;
    if (event.display === "background") return { domNodes: [element("span", { class: "visually-hidden" }, event.title)] };
    const times = event.allDay ? config.text.allDay : `${clock(event.start)}–${clock(event.end)}`;
    const inTimeline = view.type.startsWith("resource");
    const quiet = inTimeline || (event.allDay && !view.type.startsWith("list"));
    const parts = [
      element("span", { class: quiet ? "visually-hidden" : "ec-event-time" }, times),
      " ",
      element("span", { class: "ec-event-title" }, event.title),
      place && !inTimeline ? element("span", { class: "event-place" }, place) : null,
      words.length ? element("span", { class: "event-words" }, words.join(", ")) : null,
    ];
    const title = [times, event.title, place, ...words].filter(Boolean).join(" · ");
    const short = event.end - event.start <= SHORT_MINUTES * 60_000;
    const shared = { class: short ? "event-link is-short" : "event-link", title };
    if (!(id > 0)) return { domNodes: [element("span", shared, ...parts)] };
    return { domNodes: [element("a", { ...shared, href: config.meetingUrl.replace("{id}", id), draggable: "false" }, ...parts)] };
  };
}

function clock(date) {
  return wallText(date).slice(11);
}

export function resourceContent({ resource }) {
  const { href, hint, isGroup } = resource.extendedProps;
  if (isGroup) return { domNodes: [element("strong", { class: "row-group-name" }, resource.title)] };
  const name = href ? element("a", { href, class: "resource-name" }, resource.title) : element("span", { class: "resource-name" }, resource.title);
  return { domNodes: hint ? [name, element("span", { class: "resource-hint" }, hint)] : [name] };
}

/** Rows with the same group, one after the other, go under one head that can be closed. */
export function grouped(resources) {
  const groups = new Map();
  for (const { id, title, href, hint, group } of resources) {
    const row = { id, title, extendedProps: { href, hint } };
    if (!groups.has(group ?? "")) groups.set(group ?? "", []);
    groups.get(group ?? "").push(row);
  }
  if (groups.size < 2) return [...groups.values()].flat();
  return [...groups].map(([title, children]) => ({ id: `group:${title}`, title, children, extendedProps: { isGroup: true } }));
}

/** The calendar's table roles don't describe a real table (axe): without them it reads as plain content. */
export function plainRoles(root) {
  root.removeAttribute("role");
  for (const one of root.querySelectorAll("[role], [aria-colindex]")) for (const name of ["role", "aria-colindex", "aria-colspan"]) one.removeAttribute(name);
  for (const main of root.querySelectorAll(".ec-main")) main.tabIndex = 0;
  for (const head of root.querySelectorAll("h4.ec-day-head")) {
    head.setAttribute("role", "heading");
    head.setAttribute("aria-level", "2");
  }
  for (const aside of root.querySelectorAll("aside, header")) aside.setAttribute("role", "presentation");
}
