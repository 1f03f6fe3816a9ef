// What the server answers for a range of days, as entries that both the calendar and the timeline draw.
// The shape is in docs/design-system.md ("Events"); times are wall-clock minutes from the first day's midnight.

export const FLAG = Object.freeze({
  ALL_DAY: 1, MOVABLE: 2, HIDDEN: 4, PENDING: 8, HELD: 16, CONFLICT: 32, TENTATIVE: 64, CANCELLED: 128, IMPORTED: 256,
  BACKGROUND: 512, SERIES: 1024, OPTIONAL: 2048,
});
const HUE_SHIFT = 12;
const HUE_MASK = 15;
const DEFAULT_HUE = 8;

const CLASS_OF = [
  [FLAG.HIDDEN, "is-hidden"], [FLAG.PENDING, "is-pending"], [FLAG.HELD, "is-held"], [FLAG.CONFLICT, "is-conflict"],
  [FLAG.TENTATIVE, "is-tentative"], [FLAG.CANCELLED, "is-cancelled"], [FLAG.IMPORTED, "is-imported"], [FLAG.OPTIONAL, "is-optional"],
];
const WORD_OF = [
  [FLAG.PENDING, "pending"], [FLAG.HELD, "held"], [FLAG.CONFLICT, "conflict"], [FLAG.TENTATIVE, "tentative"],
  [FLAG.CANCELLED, "cancelled"], [FLAG.IMPORTED, "imported"], [FLAG.OPTIONAL, "optional"], [FLAG.SERIES, "series"],
];

export function decode(answer, config) {
  return answer.rows.map((row, at) => {
    const [id, resource, start, length, title, flags, place = -1, version = 1] = row;
    const background = Boolean(flags & FLAG.BACKGROUND);
    return {
      key: id > 0 ? `${id}:${resource}` : `none:${at}`,
      id, version, flags, start, background,
      end: start + length,
      from: answer.from,
      resource: answer.resources?.[resource] ?? "",
      title: answer.titles[title] ?? "",
      place: answer.places?.[place] ?? "",
      allDay: Boolean(flags & FLAG.ALL_DAY),
      movable: Boolean(config.moveUrl) && id > 0 && !background && Boolean(flags & FLAG.MOVABLE),
      classes: classes(flags),
      words: WORD_OF.filter(([bit, word]) => flags & bit && config.text[word]).map(([, word]) => config.text[word]),
    };
  });
}

function classes(flags) {
  const hue = (flags >> HUE_SHIFT) & HUE_MASK || DEFAULT_HUE;
  return [`hue-${hue}`, ...CLASS_OF.filter(([bit]) => flags & bit).map(([, name]) => name)];
}
