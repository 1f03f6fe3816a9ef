"""Dates, times and durations: RFC 5545 §3.3.4 to §3.3.6, §3.3.9 and §3.3.14, read with tolerance and written to the letter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from convenor.interop.ics.objects import UTC_ZONE, Timed, When
from convenor.interop.ics.problems import ProblemCode, Refusal
from convenor.kernel.instants import Instant, LocalTime, ZoneName, to_instant, to_local

# From the first year that Microsoft's clocks know (Apple writes birthdays of unknown age into 1604) to where nobody books any more.
FIRST_YEAR, LAST_YEAR = 1601, 2200
DATE_TIME = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:\.\d+)?)?(Z)?)?", re.ASCII)
DURATION = re.compile(
    r"([+-])?P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?", re.ASCII
)
OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)(?::?(\d\d))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Written:
    """A DATE (`day`) or DATE-TIME (`local`) as it stands in the file, its zone not yet looked at; `utc` is the trailing Z."""

    day: date
    local: datetime | None = None
    utc: bool = False


def read_written(text: str, *, name: str, line: int) -> Written:
    """Raises `Refusal` for what is no date, naming the property."""
    match = DATE_TIME.fullmatch(text.strip().upper())
    if match is None:
        raise Refusal(ProblemCode.VALUE_UNREADABLE, line=line, property=name, value=text)
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal(
            ProblemCode.YEAR_OUT_OF_RANGE,
            line=line,
            property=name,
            year=year,
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )
    try:
        whole = date(year, month, day)
        if match[4] is None:
            return Written(whole)
        # 24:00 is ISO 8601's end of a day; a leap second (60) is read as the second before it (§3.3.12).
        clock = timedelta(hours=24) if (hour, minute, second) == (24, 0, 0) else _clock(hour, minute, second)
    except ValueError:
        raise Refusal(ProblemCode.VALUE_UNREADABLE, line=line, property=name, value=text) from None
    return Written(whole, midnight(whole) + clock, match[7] is not None)


def _clock(hour: int, minute: int, second: int) -> timedelta:
    if hour > 23 or minute > 59 or second > 60:
        raise ValueError("no such time of day")
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))


def read_duration(text: str, *, name: str, line: int) -> tuple[int, timedelta]:
    """Nominal days and exact time (§3.3.6), both signed. Raises `Refusal`."""
    match = DURATION.fullmatch(text.strip().upper())
    if match is None or not any(match.groups()[1:]):
        raise Refusal(ProblemCode.VALUE_UNREADABLE, line=line, property=name, value=text)
    sign = -1 if match[1] == "-" else 1
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    return sign * (7 * weeks + days), sign * timedelta(hours=hours, minutes=minutes, seconds=seconds)


def read_offset(text: str) -> timedelta | None:
    """UTC-OFFSET (§3.3.14), None for what is none."""
    match = OFFSET.fullmatch(text.strip())
    if match is None:
        return None
    size = timedelta(hours=int(match[2]), minutes=int(match[3]), seconds=int(match[4] or 0))
    return (-size if match[1] == "-" else size) if size < timedelta(hours=24) else None


def after(start: When, days: int, exact: timedelta) -> When:
    """The end of what starts at `start` and lasts that long: days on the wall clock, then time as it passes (§3.3.6)."""
    if not isinstance(start, Timed):
        return (
            start + timedelta(days=days)
            if not exact
            else after(Timed(midnight(start), UTC_ZONE), days, exact)
        )
    local = LocalTime(start.local + timedelta(days=days))
    if not exact:
        return Timed(local, start.zone)
    return on_clock(Instant(to_instant(local, start.zone) + int(exact.total_seconds())), start.zone)


def midnight(day: date) -> LocalTime:
    """The first moment of a day on the wall clock."""
    return LocalTime(datetime.combine(day, time()))


def instant_at(when: When, zone: ZoneName) -> Instant:
    """The instant of a time, or of a day's first moment in `zone`."""
    return to_instant(when.local, when.zone) if isinstance(when, Timed) else to_instant(midnight(when), zone)


def in_zone(when: Timed, zone: ZoneName) -> Timed:
    """The same instant on another zone's clocks."""
    return when if when.zone == zone else on_clock(to_instant(when.local, when.zone), zone)


def on_clock(instant: Instant, zone: ZoneName) -> Timed:
    """The instant on the zone's clocks, or in UTC when the clocks show its time twice and would mean the first of the two."""
    local = to_local(instant, zone)
    return (
        Timed(local, zone)
        if to_instant(local, zone) == instant
        else Timed(to_local(instant, UTC_ZONE), UTC_ZONE)
    )


def date_text(day: date) -> str:
    """A DATE."""
    return f"{day.year:04}{day.month:02}{day.day:02}"


def local_text(local: datetime) -> str:
    """A DATE-TIME without zone (§3.3.5, FORM #1)."""
    return f"{date_text(local)}T{local.hour:02}{local.minute:02}{local.second:02}"


def utc_text(moment: datetime) -> str:
    """A DATE-TIME in UTC (§3.3.5, FORM #2) of an aware datetime."""
    return f"{local_text(moment.astimezone(UTC))}Z"


def offset_text(offset: timedelta) -> str:
    """A UTC-OFFSET, with seconds only where there are any; never the forbidden "-0000"."""
    seconds = int(offset.total_seconds())
    sign, size = ("-" if seconds < 0 else "+"), abs(seconds)
    text = f"{sign}{size // 3600:02}{size // 60 % 60:02}"
    return f"{text}{size % 60:02}" if size % 60 else text
