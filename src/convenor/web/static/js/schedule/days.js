// Wall-clock days and minutes. A UTC date is only the carrier of digits here: no zone is meant anywhere.
const DAY = 86_400_000;
const MINUTE = 60_000;
export const DAY_MINUTES = 1440;

function carrier(day) {
  return new Date(`${day}T00:00:00Z`);
}

export function addDays(day, count) {
  return new Date(carrier(day).getTime() + count * DAY).toISOString().slice(0, 10);
}

export function weekday(day) {
  return carrier(day).getUTCDay();
}

export function weekStart(day, firstDay) {
  return addDays(day, -((weekday(day) - firstDay + 7) % 7));
}

/** "2026-11-23T09:00", so many minutes after a day's midnight. */
export function wallAt(day, minutes) {
  return new Date(carrier(day).getTime() + minutes * MINUTE).toISOString().slice(0, 16);
}

/** The same of a Date whose local digits are the wall clock's, as the calendar hands them out. */
export function wallOf(date) {
  const two = (number) => String(number).padStart(2, "0");
  return `${dayOf(date)}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

export function dayOf(date) {
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Minutes since a day's midnight on the clocks of a zone, now. */
export function minutesNow(day, timeZone) {
  const digits = new Date().toLocaleString("sv-SE", { timeZone }).replace(" ", "T");
  return (Date.parse(`${digits}Z`) - carrier(day).getTime()) / MINUTE;
}

export function minutesOf(clock) {
  const [hours, minutes] = clock.split(":").map(Number);
  return hours * 60 + minutes;
}

export function dayName(day, locale, format) {
  return new Intl.DateTimeFormat(locale, { ...format, timeZone: "UTC" }).format(carrier(day));
}

export function rangeName(first, last, locale) {
  const format = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  return format.formatRange(carrier(first), carrier(last));
}
