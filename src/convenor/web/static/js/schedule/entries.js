// What the server answers for a range of days, turned into the calendar's events.
// The shape is in docs/design-system.md ("Events"); times are wall-clock minutes from the first day's midnight.

export const FLAG = Object.freeze({
  ALL_DAY: 1, MOVABLE: 2, HIDDEN: 4, PENDING: 8, HELD: 16, CONFLICT: 32, TENTATIVE: 64, CANCELLED: 128, IMPORTED: 256,
  BACKGROUND: 512, SERIES: 1024, OPTIONAL: 2048,
});
const HUE_SHIFT = 16;
const HUE_MASK = 15;
const DEFAULT_HUE = 8;
const MINUTE = 60_000;

const CLASS_OF = [
  [FLAG.HIDDEN, "is-hidden"], [FLAG.PENDING, "is-pending"], [FLAG.HELD, "is-held"], [FLAG.CONFLICT, "is-conflict"],
  [FLAG.TENTATIVE, "is-tentative"], [FLAG.CANCELLED, "is-cancelled"], [FLAG.IMPORTED, "is-imported"], [FLAG.OPTIONAL, "is-optional"],
];
const WORD_OF = [
  [FLAG.PENDING, "pending"], [FLAG.HELD, "held"], [FLAG.CONFLICT, "conflict"], [FLAG.TENTATIVE, "tentative"],
  [FLAG.CANCELLED, "cancelled"], [FLAG.IMPORTED, "imported"], [FLAG.OPTIONAL, "optional"], [FLAG.SERIES, "series"],
];

/** The server's answer as events; byResource is set for a timeline: one event per row of it. */
export function decode(answer, { byResource, texts, editable }) {
  const midnight = Date.parse(`${answer.from}T00:00:00Z`);
  return answer.rows.map((row, at) => {
    const [id, resource, start, length, title, flags, place = -1, version = 0] = row;
    const background = Boolean(flags & FLAG.BACKGROUND);
    return {
      id: id > 0 ? `${id}:${resource}` : `none:${at}`,
      resourceIds: byResource ? [answer.resources[resource]] : [],
      allDay: Boolean(flags & FLAG.ALL_DAY) && !byResource,
      start: wallClock(midnight + start * MINUTE),
      end: wallClock(midnight + (start + length) * MINUTE),
      title: answer.titles[title] ?? "",
      display: background ? "background" : "auto",
      editable: editable && id > 0 && !background && Boolean(flags & FLAG.MOVABLE),
      classNames: classes(flags),
      extendedProps: { id, version, flags, place: answer.places?.[place] ?? "", words: words(flags, texts) },
    };
  });
}

function classes(flags) {
  const hue = (flags >> HUE_SHIFT) & HUE_MASK || DEFAULT_HUE;
  return [`hue-${hue}`, ...CLASS_OF.filter(([flag]) => flags & flag).map(([, name]) => name)];
}

function words(flags, texts) {
  return WORD_OF.filter(([flag, word]) => flags & flag && texts[word]).map(([, word]) => texts[word]);
}

// Wall-clock time has no zone here: a UTC date is only the carrier of its digits.
function wallClock(milliseconds) {
  return new Date(milliseconds).toISOString().slice(0, 16);
}

/** "2026-11-23T09:00" of a date whose local digits are the wall clock's, as the calendar hands them out. */
export function wallText(date) {
  const two = (number) => String(number).padStart(2, "0");
  return `${dayText(date)}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

export function dayText(date) {
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
