// Where a minute stands on the timeline, and which minute stands at a place. Days that are not shown take no room.
import { addDays, DAY_MINUTES, weekday } from "./days.js";

export class Scale {
  constructor({ from, days, hiddenDays, opens, closes, hourWidth }) {
    this.from = from;
    this.opens = opens;
    this.length = closes - opens;
    this.perMinute = hourWidth / 60;
    this.offsets = [];
    for (let at = 0; at < days; at += 1) if (!hiddenDays.includes(weekday(addDays(from, at))) || days === 1) this.offsets.push(at);
  }

  days() {
    return this.offsets.map((offset) => addDays(this.from, offset));
  }

  dayWidth() {
    return this.length * this.perMinute;
  }

  width() {
    return this.dayWidth() * this.offsets.length;
  }

  /** Pixels from the first shown minute; what is before opening or after closing stands at the edge. */
  place(minutes) {
    const day = Math.floor(minutes / DAY_MINUTES);
    const column = this.offsets.findIndex((offset) => offset >= day);
    if (column < 0) return this.width();
    const inside = this.offsets[column] === day ? minutes - day * DAY_MINUTES - this.opens : 0;
    return column * this.dayWidth() + Math.min(Math.max(inside, 0), this.length) * this.perMinute;
  }

  minuteAt(pixels) {
    const column = Math.min(Math.max(Math.floor(pixels / this.dayWidth()), 0), this.offsets.length - 1);
    const inside = Math.min(Math.max((pixels - column * this.dayWidth()) / this.perMinute, 0), this.length);
    return this.offsets[column] * DAY_MINUTES + this.opens + inside;
  }
}

/** Gives every entry a lane, so that none covers another; returns how many lanes that takes. Entries must be sorted by start. */
export function laneOut(entries) {
  const ends = [];
  for (const entry of entries) {
    let lane = ends.findIndex((end) => end <= entry.start);
    if (lane < 0) lane = ends.push(0) - 1;
    ends[lane] = entry.end;
    entry.lane = lane;
  }
  return Math.max(ends.length, 1);
}
