"""The reader's zone and day, and how a day is listed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from convenor.kernel.instants import Span, ZoneName, instant_of
from convenor.kernel.weekly_hours import day_of, days_span
from convenor.scheduling.queries.today import Part


def reader_zone() -> ZoneName:
    return ZoneName(timezone.get_current_timezone_name())


def today_in(zone: ZoneName, now: datetime) -> date:
    return day_of(instant_of(now), zone)


def day_span(zone: ZoneName, now: datetime) -> Span:
    """The zone's present day, midnight to midnight."""
    day = today_in(zone, now)
    return days_span(day, day, zone)


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Sunday in a zone; `before` and `after` are days of its neighbours."""

    monday: date
    zone: ZoneName

    @property
    def span(self) -> Span:
        return days_span(self.monday, self.monday + timedelta(days=6), self.zone)

    @property
    def before(self) -> date:
        return self.monday - timedelta(days=7)

    @property
    def after(self) -> date:
        return self.monday + timedelta(days=7)

    def days(self, parts: Iterable[Part]) -> list[tuple[date, list[Part]]]:
        """Each day that has any, with its parts; what began before the week is on its Monday."""
        found: dict[date, list[Part]] = {}
        for part in parts:
            day = max(self.monday, day_of(instant_of(part.starts_at), self.zone))
            found.setdefault(day, []).append(part)
        return sorted(found.items())


def week_of(day: date, zone: ZoneName) -> Week:
    return Week(day - timedelta(days=day.weekday()), zone)


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """A line of a day's list: a part, or the present moment between two of them."""

    part: Part | None
    is_now: bool = False


def agenda(parts: Iterable[Part], *, now: datetime) -> list[AgendaLine]:
    """The day's parts with the present moment before the first one still to come; without it where nothing is past or nothing to come."""
    listed = list(parts)
    first = next(
        (place for place, part in enumerate(listed) if part.starts_at > now and not part.all_day), None
    )
    lines = [AgendaLine(part) for part in listed]
    if first and any(part.is_over and not part.all_day for part in listed[:first]):
        lines.insert(first, AgendaLine(None, is_now=True))
    return lines
