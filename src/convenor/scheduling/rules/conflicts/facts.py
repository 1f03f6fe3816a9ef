"""What the detectors look at. Everything is given; nothing here knows a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from convenor.kernel.instants import Instant, Span, ZoneName
from convenor.scheduling.enums import AttendeeRole, BookingState
from convenor.scheduling.rules.room import RoomFacts

UTC = ZoneName("UTC")
MUST_COME = frozenset({AttendeeRole.CHAIR, AttendeeRole.REQUIRED, AttendeeRole.RESOURCE})


@dataclass(frozen=True, slots=True)
class Attendance:
    """One occurrence on a person's timeline, which blocks their time.

    `site_id` is where they have to be, None if nowhere. `series_start` is when its series begins; None for what doesn't
    repeat, and for an occurrence that was moved away from where its series puts it.
    """

    person_id: int
    occurrence_id: int
    meeting_id: int
    uid: str
    span: Span
    role: AttendeeRole
    site_id: int | None = None
    zone: ZoneName = UTC
    series_start: Instant | None = None

    @property
    def must_come(self) -> bool:
        return self.role in MUST_COME


@dataclass(frozen=True, slots=True)
class OwnBusy:
    """Busy time out of the person's own calendar; `key` tells it apart from the others there."""

    span: Span
    uid: str
    key: str


@dataclass(frozen=True, slots=True)
class ShiftKey:
    """Two series, the lower key first, that collide since the clocks of their zones moved apart at `since`."""

    meeting_a: int
    meeting_b: int
    since: Instant


@dataclass(frozen=True, slots=True)
class Timeline:
    """A person's time: `meetings` and `own` are complete wherever they touch what is looked at.

    `series` holds, for the series of `shifts`, every occurrence of the year after the shift.
    """

    person_id: int
    meetings: tuple[Attendance, ...]
    own: tuple[OwnBusy, ...] = ()
    shifts: frozenset[ShiftKey] = frozenset()
    series: tuple[Attendance, ...] = ()


@dataclass(frozen=True, slots=True)
class Attending:
    """A person's part in one occurrence; people who declined are left out."""

    person_id: int
    role: AttendeeRole


@dataclass(frozen=True, slots=True)
class BookingFacts:
    """An active booking of a room, or of pieces of equipment (its code)."""

    id: int
    room_id: int | None
    equipment: str = ""
    quantity: int = 1
    style: str = ""
    state: BookingState = BookingState.CONFIRMED
    hold_expires: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceFacts:
    id: int
    meeting_id: int
    span: Span
    organiser_id: int
    all_day: bool = False
    headcount: int | None = None
    equipment_needed: Mapping[str, int] = field(default_factory=dict)
    attending: tuple[Attending, ...] = ()
    bookings: tuple[BookingFacts, ...] = ()

    @property
    def people(self) -> tuple[Attending, ...]:
        return tuple(each for each in self.attending if each.role != AttendeeRole.RESOURCE)

    def leads(self, person_id: int) -> bool:
        """Whether they organise or chair it."""
        return person_id == self.organiser_id or any(
            each.person_id == person_id and each.role == AttendeeRole.CHAIR for each in self.attending
        )


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """`working` in normal form; `leave` are stretches away; `holidays` are public ones at the home site."""

    id: int
    zone: ZoneName
    home_site_id: int | None = None
    is_active: bool = True
    working: Sequence[Span] = ()
    leave: Sequence[Span] = ()
    holidays: Sequence[Span] = ()


@dataclass(frozen=True, slots=True)
class Shut:
    """A stretch in which a room is out of service."""

    span: Span
    closure_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class SiteFacts:
    id: int
    zone: ZoneName
    open: Sequence[Span] = ()
    holidays: Sequence[tuple[date, Span]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One look at a part of the schedule. `travel` is minutes from site to site, where they are known."""

    now: Instant
    occurrences: tuple[OccurrenceFacts, ...] = ()
    timelines: tuple[Timeline, ...] = ()
    people: Mapping[int, PersonFacts] = field(default_factory=dict)
    rooms: Mapping[int, RoomFacts] = field(default_factory=dict)
    closures: Mapping[int, Sequence[Shut]] = field(default_factory=dict)
    sites: Mapping[int, SiteFacts] = field(default_factory=dict)
    travel: Mapping[tuple[int, int], int] = field(default_factory=dict)
