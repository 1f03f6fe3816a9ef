"""Moments and stretches of time, kept apart by type so that the two clocks are never mixed.

An `Instant` is a point on the world's one time line; a `LocalTime` is what a clock on the wall of some zone shows. Going from the second
to the first needs a zone and a rule for the two odd hours a year: clocks that jump forward leave local times that never are (a gap),
clocks that go back show some twice (a fold). The rule is RFC 5545 §3.3.5, FORM #3, and lives in `to_instant`; `zones` does the same for
whole arrays.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NewType
from zoneinfo import ZoneInfo, available_timezones

Instant = NewType("Instant", int)
"""Whole seconds since 1970-01-01T00:00Z, leap seconds not counted (POSIX time)."""

LocalTime = NewType("LocalTime", datetime)
"""A naive wall-clock time; its `fold` is ignored, as iCalendar has no way to write one."""

ZoneName = NewType("ZoneName", str)
"""An IANA zone name that `zone_name` has accepted."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE, HOUR, DAY, WEEK = 60, 3_600, 86_400, 604_800

# Entries of the database that name no place: a copy of the machine's own zone, and the "not set up yet" marker.
_NOT_PLACES = frozenset({"Factory", "localtime", "posixrules"})
_SECOND = timedelta(seconds=1)
_WALL_EPOCH = LocalTime(datetime(1970, 1, 1))  # noqa: DTZ001 - a wall clock's own epoch, in no zone


class UnknownZone(ValueError):
    """A name that is not in the IANA time-zone database; `nearest` holds known names that look like it, best first."""

    def __init__(self, name: str, nearest: tuple[str, ...]) -> None:
        self.name = name
        self.nearest = nearest
        hint = f" Did you mean {' or '.join(nearest)}?" if nearest else ""
        super().__init__(f"There is no time zone named {name[:80]!r}.{hint}")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of time, `[start, end)`, never empty; spans sort by start, then end."""

    start: Instant
    end: Instant

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(
                f"A span must end after it starts; this one starts at {self.start} and ends at {self.end}."
            )

    @property
    def minutes(self) -> int:
        """Whole minutes, rounded down."""
        return (self.end - self.start) // MINUTE

    def overlaps(self, other: Span) -> bool:
        """Whether some second belongs to both."""
        return self.start < other.end and other.start < self.end

    def touches(self, other: Span) -> bool:
        """Whether one ends exactly where the other starts: back to back, nothing shared."""
        return self.end == other.start or other.end == self.start

    def contains(self, what: Span | Instant) -> bool:
        """Whether an instant, or the whole of another span, lies inside."""
        if isinstance(what, Span):
            return self.start <= what.start and what.end <= self.end
        return self.start <= what < self.end

    def shift(self, seconds: int) -> Span:
        """The same length, later (or, when negative, earlier)."""
        return Span(Instant(self.start + seconds), Instant(self.end + seconds))

    def intersect(self, other: Span) -> Span | None:
        """What both share, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, end) if start < end else None


@cache
def known_zones() -> frozenset[str]:
    """Every IANA name that this machine's database (or the tzdata package) holds."""
    return frozenset(available_timezones() - _NOT_PLACES)


def zone_name(text: str) -> ZoneName:
    """Accept a zone name. Names are looked up in a list and never reach the file system, so a path is merely unknown.

    Raises `UnknownZone`.
    """
    if text not in known_zones():
        raise UnknownZone(text, _nearest(text))
    return ZoneName(text)


def zone_info(zone: ZoneName) -> ZoneInfo:
    """The zone's rules. Raises `UnknownZone`."""
    return ZoneInfo(zone_name(zone))


def instant_of(moment: datetime) -> Instant:
    """The instant of an aware datetime, fractions of a second dropped (towards the past).

    Raises ValueError for a naive one.
    """
    if moment.utcoffset() is None:
        raise ValueError(f"{moment.isoformat()} has no time zone, so it is not an instant.")
    return Instant((moment - EPOCH) // _SECOND)


def datetime_of(instant: Instant) -> datetime:
    """The aware UTC datetime of an instant. Raises OverflowError outside the years 1 to 9999."""
    return EPOCH + timedelta(seconds=instant)


def to_instant(local: LocalTime, zone: ZoneName) -> Instant:
    """When the zone's wall clocks show `local`: RFC 5545 §3.3.5, FORM #3.

    A time shown twice (fold) is the first of the two; a time never shown (gap) is read with the offset before the gap, so it lands as
    much after the jump as it lay after the gap's start. Raises `UnknownZone`, and ValueError for an aware datetime.
    """
    if local.tzinfo is not None:
        raise ValueError(f"{local.isoformat()} carries a time zone, so it is not a local time.")
    # PEP 495: fold=0 is the first occurrence in a fold and the offset before the transition in a gap, which is the RFC's rule.
    return instant_of(local.replace(tzinfo=zone_info(zone), fold=0))


def to_local(instant: Instant, zone: ZoneName) -> LocalTime:
    """What the zone's wall clocks show at an instant. Raises `UnknownZone`."""
    return LocalTime(datetime_of(instant).astimezone(zone_info(zone)).replace(tzinfo=None, fold=0))


def wall_seconds(local: LocalTime) -> int:
    """Seconds the wall clock has counted since its own 1970-01-01T00:00, every day taken as 86,400: the number form of a local time."""
    return (local - _WALL_EPOCH) // _SECOND


def wall_time(seconds: int) -> LocalTime:
    """The local time of a `wall_seconds` number. Raises OverflowError outside the years 1 to 9999."""
    return LocalTime(_WALL_EPOCH + timedelta(seconds=seconds))


def _nearest(text: str) -> tuple[str, ...]:
    """Up to three known names like `text`, compared without case, by the whole name and by the city alone."""
    wanted = text[:80].casefold().replace(" ", "_")
    names: dict[str, list[str]] = {}
    for name in sorted(known_zones()):
        for spelling in {name.casefold(), name.casefold().rpartition("/")[2]}:
            names.setdefault(spelling, []).append(name)
    close = difflib.get_close_matches(wanted, names, n=3, cutoff=0.7)
    return tuple(dict.fromkeys(name for spelling in close for name in names[spelling]))[:3]
