"""An event's dates: between its wall clocks and instants, its days, and which of them are working days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from convenor.events.enums import Anchor
from convenor.kernel.instants import LocalTime, ZoneName, datetime_of, instant_of, to_instant, to_local

WORKING_WEEK = frozenset(range(5))
"""Monday is 0."""
DAY = timedelta(days=1)


class Dated(Protocol):
    """What an event has of dates; instants are aware."""

    zone: str
    load_in_at: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    load_out_at: datetime | None


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The weekdays on which a site works, without its public holidays (name by day)."""

    weekdays: frozenset[int] = WORKING_WEEK
    holidays: dict[date, str] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        return day.weekday() in self.weekdays and day not in self.holidays


def instant_in(zone: str, local: LocalTime | None) -> datetime | None:
    """The aware UTC instant at which the zone's clocks show `local`; RFC 5545's reading of gaps and folds."""
    return None if local is None else datetime_of(to_instant(local, ZoneName(zone)))


def local_in(zone: str, moment: datetime | None) -> LocalTime | None:
    """What the zone's clocks show at an instant."""
    return None if moment is None else to_local(instant_of(moment), ZoneName(zone))


def anchor_day(event: Dated, anchor: Anchor | str) -> date | None:
    """The event's day that offsets count from, in its zone; without load-in or load-out, the start or the end."""
    moments = {
        Anchor.LOAD_IN: event.load_in_at or event.starts_at,
        Anchor.START: event.starts_at,
        Anchor.END: event.ends_at,
        Anchor.LOAD_OUT: event.load_out_at or event.ends_at,
    }
    local = local_in(event.zone, moments[Anchor(anchor)])
    return local.date() if local else None


def days_of(event: Dated) -> list[date]:
    """The event's days from start to end in its zone; one that ends at midnight doesn't have the next day."""
    first, last = local_in(event.zone, event.starts_at), local_in(event.zone, event.ends_at)
    if first is None or last is None:
        return []
    return list(_days(first.date(), (last - timedelta(microseconds=1)).date()))


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


def first_look(own: Sequence[date], counts: Mapping[date, int], today: date) -> date | None:
    """The day on which a programme opens: today while the event runs, else its first own day on which something happens.

    Meetings before and after the event come last. `own` are the event's days, `counts` how much happens on which day.
    """
    if today in own:
        return today
    some = [day for day in (*own, *sorted(counts)) if counts.get(day)]
    return next(iter([*some, *own]), None)


def local_text(event: Dated, moment: datetime | None) -> str:
    """The moment on the event's own clocks, ISO 8601 to the minute; "" for none."""
    local = local_in(event.zone, moment)
    return local.isoformat(timespec="minutes") if local else ""
