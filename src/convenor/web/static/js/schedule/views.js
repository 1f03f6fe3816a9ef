// The calendar's options for each of our views.

export const TIMELINES = Object.freeze({ rooms: "room", people: "person" });
const CALENDAR_VIEW = { day: "timeGridDay", week: "timeGridWeek", month: "dayGridMonth", list: "listWeek" };
const PHONE = "(max-width: 48rem)";
const TIMELINE_SLOT_WIDTH = 30;
const LEAST_SLOT = 22;
const HEAD_HEIGHT = 78;

/** Our view's name as the calendar calls it; a timeline shows a day or a week of resources. */
export function calendarView(name, span) {
  if (name in TIMELINES) return span === "day" ? "resourceTimelineDay" : "resourceTimelineWeek";
  return CALENDAR_VIEW[name] ?? CALENDAR_VIEW.week;
}

/** A phone has no room for a grid: it starts with the list. */
export function firstView(name) {
  return matchMedia(PHONE).matches && name !== "list" && name !== "day" ? "list" : name;
}

export function isPhone() {
  return matchMedia(PHONE).matches;
}

/** The day's grid fills the window's height, but a half hour never gets lower than a line of text. */
function slotHeight(config, height) {
  const halfHours = 2 * (hours(config.slotMax) - hours(config.slotMin));
  return Math.max(LEAST_SLOT, Math.floor((height - HEAD_HEIGHT) / halfHours));
}

function hours(time) {
  const [whole, minutes] = time.split(":").map(Number);
  return whole + minutes / 60;
}

export function viewOptions(config, height) {
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
    height: isPhone() ? undefined : "100%",
    allDayContent: config.text.allDay,
    buttonText: { expand: config.text.expand, collapse: config.text.collapse, close: config.text.close },
    noEventsContent: config.text.noEvents,
    moreLinkContent: ({ num }) => config.text.more.replace("{n}", num),
    eventTimeFormat: time,
    slotLabelFormat: time,
    dayHeaderFormat: { weekday: "short", day: "numeric" },
    listDayFormat: { weekday: "long", day: "numeric", month: "long" },
    listDaySideFormat: () => "",
    titleFormat: { day: "numeric", month: "long", year: "numeric" },
    nowIndicator: true,
    slotHeight: slotHeight(config, height),
    slotEventOverlap: false,
    eventLongPressDelay: 350,
    views: {
      timeGridDay: { slotDuration: "00:30" },
      timeGridWeek: { slotDuration: "00:30" },
      dayGridMonth: { dayMaxEvents: true, titleFormat: { month: "long", year: "numeric" }, dayHeaderFormat: { weekday: "short" }, hiddenDays: [] },
      resourceTimelineDay: timeline(config, "15"),
      resourceTimelineWeek: timeline(config, "30"),
    },
  };
}

function timeline(config, minutes) {
  return {
    slotDuration: `00:${minutes}`,
    snapDuration: "00:15",
    slotLabelInterval: minutes === "15" ? "01:00" : "02:00",
    slotWidth: minutes === "15" ? 26 : TIMELINE_SLOT_WIDTH,
    eventGap: 2,
    dayHeaderFormat: { weekday: "long", day: "numeric", month: "long" },
  };
}
