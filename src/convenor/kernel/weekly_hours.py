"""Hours that repeat every week on a wall clock — opening hours, working hours — as stretches of real time.

A week is told in wall-clock seconds after each day's midnight, so the same hours hold the whole year through; only the instants move when
the zone's clocks change. Hours that a clock change swallows whole (02:00 to 03:00 on the night of a gap) leave nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from types import MappingProxyType

import numpy as np

from convenor.kernel.instants import (
    DAY,
    HOUR,
    MINUTE,
    Instant,
    LocalTime,
    Span,
    ZoneName,
    to_local,
    wall_seconds,
    wall_time,
)
from convenor.kernel.intervals import clip
from convenor.kernel.zones import local_to_utc

Stretch = tuple[int, int]
"""From and until, in wall-clock seconds after midnight; until may be DAY."""

NO_EXCEPTIONS: Mapping[date, Sequence[Stretch]] = MappingProxyType({})

# No clock face shows 24:00, so a time field can't hold it: the last minute of the day stands for its end.
_LAST_MINUTE = time(23, 59)


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """One stretch on one weekday (0 is Monday)."""

    weekday: int
    start: int
    end: int


WeeklyHours = tuple[Hours, ...]
"""In normal use sorted, so that people with the same hours share one value."""

OFFICE_WEEK: WeeklyHours = tuple(Hours(weekday, 9 * HOUR, 17 * HOUR) for weekday in range(5))
ALWAYS: WeeklyHours = tuple(Hours(weekday, 0, DAY) for weekday in range(7))


def seconds_from(clock: time) -> int:
    """Wall-clock seconds after midnight at which something starts."""
    return clock.hour * HOUR + clock.minute * MINUTE + clock.second


def seconds_until(clock: time) -> int:
    """Wall-clock seconds after midnight at which something ends; 23:59 means the end of the day."""
    return DAY if clock >= _LAST_MINUTE else seconds_from(clock)


def weekly_spans(
    hours: Iterable[Hours],
    zone: ZoneName,
    within: Span,
    exceptions: Mapping[date, Sequence[Stretch]] = NO_EXCEPTIONS,
) -> list[Span]:
    """The hours' time in `within`, in normal form.

    A day in `exceptions` has those stretches instead of its weekday's; none at all leaves the day empty. Raises `UnknownZone`.
    """
    by_weekday: list[list[Stretch]] = [[] for _ in range(7)]
    for each in hours:
        by_weekday[each.weekday].append((each.start, each.end))
    edges = [
        (_midnight(day) + start, _midnight(day) + end)
        for day in local_days(zone, within)
        for start, end in exceptions.get(day, by_weekday[day.weekday()])
    ]
    instants = local_to_utc(np.array(edges, dtype=np.int64).reshape(-1), zone).reshape(-1, 2).tolist()
    return clip((Span(Instant(start), Instant(end)) for start, end in instants if start < end), within)


def local_days(zone: ZoneName, within: Span) -> list[date]:
    """Every date that the zone's calendars show during the span, in order. Raises `UnknownZone`."""
    first = to_local(within.start, zone).date()
    last = to_local(Instant(within.end - 1), zone).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def days_span(first: date, last: date, zone: ZoneName) -> Span:
    """From the first day's start to the last day's end on the zone's clocks: 23 or 25 hours where they change. Raises `UnknownZone`."""
    edges = np.array([_midnight(first), _midnight(last) + DAY], dtype=np.int64)
    start, end = local_to_utc(edges, zone).tolist()
    return Span(Instant(start), Instant(end))


def day_of(at: Instant, zone: ZoneName) -> date:
    """The date on the zone's calendars at an instant. Raises `UnknownZone`."""
    return to_local(at, zone).date()


def _midnight(day: date) -> int:
    return wall_seconds(LocalTime(wall_time(0) + timedelta(days=(day - date(1970, 1, 1)).days)))
