"""A calendar as plain data: what RFC 5545 §3.6 and RFC 7986 say about events, with every quirk of the file already straightened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from convenor.interop.ics.problems import Problem
from convenor.kernel.instants import Instant, LocalTime, ZoneName

UTC_ZONE = ZoneName("UTC")


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read at most; everything beyond is refused with a reason.

    `bytes` of the file, `components` in all, `text` characters of a description, `value` characters of any other property, `values` of
    one list (attendees, EXDATE, RDATE), `depth` of components inside each other, `days` that one event may last.
    """

    bytes: int = 32 * 1024 * 1024
    components: int = 50_000
    text: int = 100_000
    value: int = 10_000
    values: int = 5_000
    depth: int = 10
    days: int = 3_660


@dataclass(frozen=True, slots=True)
class Timed:
    """A wall-clock time in a zone (§3.3.5); UTC times are in the zone "UTC"."""

    local: LocalTime
    zone: ZoneName


When = Timed | date
"""A time of day in a zone, or a whole day (§3.3.4)."""


@dataclass(frozen=True, slots=True)
class Organizer:
    """ORGANIZER (§3.8.4.3); `email` in lower case, or the address as written when it is no e-mail."""

    email: str
    name: str = ""
    sent_by: str = ""


@dataclass(frozen=True, slots=True)
class Attendee:
    """ATTENDEE (§3.8.4.1), its parameters in upper case with §3.2's defaults filled in; unknown ones read as §3.2 says."""

    email: str
    name: str = ""
    role: str = "REQ-PARTICIPANT"
    partstat: str = "NEEDS-ACTION"
    cutype: str = "INDIVIDUAL"
    rsvp: bool = False
    delegated_to: str = ""
    delegated_from: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """VEVENT (§3.6.1).

    `end` is exclusive and of the same kind as `start`; it equals `start` for a moment without length. `rrule` is checked text (§3.3.10) with
    UNTIL in UTC, or a date for whole days. `rdates`, `exdates` and `recurrence_id` are of the master's kind and in its zone, sorted.
    `range_following` is RANGE=THISANDFUTURE. `status` is "" or TENTATIVE, CONFIRMED, CANCELLED.
    """

    uid: str
    start: When
    end: When
    sequence: int = 0
    summary: str = ""
    description: str = ""
    location: str = ""
    organizer: Organizer | None = None
    attendees: tuple[Attendee, ...] = ()
    rrule: str = ""
    rdates: tuple[When, ...] = ()
    exdates: tuple[When, ...] = ()
    recurrence_id: When | None = None
    range_following: bool = False
    status: str = ""
    transparent: bool = False
    classification: str = "PUBLIC"
    created: datetime | None = None
    last_modified: datetime | None = None
    categories: tuple[str, ...] = ()
    url: str = ""

    @property
    def all_day(self) -> bool:
        """Whether it lasts whole days rather than from a time to a time."""
        return not isinstance(self.start, Timed)

    @property
    def zone(self) -> ZoneName | None:
        """The zone of the start; None for whole days, which have none."""
        return self.start.zone if isinstance(self.start, Timed) else None


@dataclass(frozen=True, slots=True)
class RecurrenceSet:
    """All events with one UID: the master, and what replaces single occurrences of it, sorted by recurrence id.

    A file may hold changes of a series alone; then there is no master.
    """

    uid: str
    master: Event | None
    overrides: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class BusyPeriod:
    """One period of a VFREEBUSY (§3.6.4), `start < end`; `kind` is BUSY, BUSY-UNAVAILABLE or BUSY-TENTATIVE (§3.2.9)."""

    start: Instant
    end: Instant
    kind: str = "BUSY"
    email: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a file holds, in file order, and all that was wrong with it.

    `refresh` is the interval its publisher asks for (RFC 7986 §5.7, X-PUBLISHED-TTL); `method` is iTIP's, "" for a published calendar.
    """

    name: str = ""
    zone: ZoneName | None = None
    method: str = ""
    refresh: timedelta | None = None
    sets: tuple[RecurrenceSet, ...] = ()
    busy: tuple[BusyPeriod, ...] = ()
    problems: tuple[Problem, ...] = ()

    def events(self) -> Iterator[Event]:
        """Masters and overrides, set by set."""
        for one in self.sets:
            if one.master is not None:
                yield one.master
            yield from one.overrides
