"""What is asked of `find_times`. Everything is given: people and rooms with their calendars, the rules, and the present moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal
from enum import StrEnum

from convenor.kernel.find_times.busy_table import Busy, BusyTable
from convenor.kernel.instants import Instant, Span, ZoneName

__all__ = [
    "BadQuestion",
    "Busy",
    "BusyTable",
    "Group",
    "Hours",
    "Need",
    "Person",
    "Question",
    "Room",
    "RoomNeed",
]


UTC = ZoneName("UTC")


class Need(StrEnum):
    """Whether a meeting can be held without somebody."""

    REQUIRED = "required"
    OPTIONAL = "optional"


class BadQuestion(ValueError):
    """A question that contradicts itself; the message says where."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may attend.

    `working` is their working time within the windows, leave, holidays and exceptions already taken off; None: not known, so no hour is
    out of hours for them. Give people of one schedule the same tuple object: it is then read once. `busy` and `away` (leave, holidays)
    may stand in `Question.people_busy` instead. `weight` is how much it matters that they come, and at a decent hour.
    """

    key: str
    name: str
    zone: ZoneName
    busy: tuple[Busy, ...] = ()
    working: tuple[Span, ...] | None = None
    away: tuple[Busy, ...] = ()
    cost_per_hour: Decimal | None = None
    site: str | None = None
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """At least so many of these must come; who of them is free comes."""

    keys: tuple[str, ...]
    at_least: int
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room that could be booked.

    `capacity` counts the seats in the set-up style asked for. `busy` is reserved time and closures; it may stand in
    `Question.rooms_busy` instead. The event time must lie in `open` (None: always) and between `earliest` and `latest` (the booking
    window); set-up and turn minutes are reserved before and after it and only mustn't meet other reserved time.
    """

    key: str
    name: str
    site: str | None = None
    capacity: int = 0
    equipment: Mapping[str, int] = field(default_factory=dict)
    accessible: bool = True
    busy: tuple[Busy, ...] = ()
    open: tuple[Span, ...] | None = None
    rate_per_hour: Decimal = Decimal(0)
    setup_minutes: int = 0
    turn_minutes: int = 0
    setups: frozenset[str] = frozenset()
    approval_needed: bool = False
    earliest: Instant | None = None
    latest: Instant | None = None
    longest_minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomNeed:
    """What the room must offer; equipment by name and quantity.

    With `one_per_site` there is a room at every site where attendees sit, each seating those who sit there; `headcount` then counts for
    nothing, unless nobody's site is known, when one room for all is looked for.
    """

    headcount: int = 0
    style: str | None = None
    equipment: Mapping[str, int] = field(default_factory=dict)
    sites: frozenset[str] | None = None
    accessible: bool = False
    rooms: frozenset[str] | None = None
    one_per_site: bool = False


@dataclass(frozen=True, slots=True)
class Hours:
    """Local hours that the whole meeting must keep in the zone of everybody asked; `latest` at or before `earliest` is on the next day."""

    earliest: time
    latest: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Find a time for these people, in one of these rooms if `room_need` is set.

    `windows` hold the whole meeting (a series: its first one); starts lie every `step_minutes` from each window's start, which is first
    rounded up to the step in the wall time of `zone`, and never before `now`. A series recurs weekly in that wall time. Buffers are free
    time that everybody has before and after; `travel` gives minutes from site to site (the way back is as long unless given). Working
    hours are a preference, or with `out_of_hours_allowed=False` a rule. `known` is the time over which calendars are complete: no
    longer window is proposed without it. Raises BadQuestion.
    """

    people: tuple[Person, ...]
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    minutes: int
    windows: tuple[Span, ...]
    now: Instant
    zone: ZoneName = UTC
    step_minutes: int = 15
    rooms: tuple[Room, ...] = ()
    room_need: RoomNeed | None = None
    buffer_minutes_before: int = 0
    buffer_minutes_after: int = 0
    travel: Mapping[tuple[str, str], int] = field(default_factory=dict)
    hours: Hours | None = None
    out_of_hours_allowed: bool = True
    weeks: int = 1
    limit: int = 20
    people_busy: BusyTable | None = None
    rooms_busy: BusyTable | None = None
    known: Span | None = None

    def __post_init__(self) -> None:
        _at_least(1, minutes=self.minutes, step_minutes=self.step_minutes, weeks=self.weeks, limit=self.limit)
        _at_least(
            0,
            buffer_minutes_before=self.buffer_minutes_before,
            buffer_minutes_after=self.buffer_minutes_after,
        )
        known = _unique("person", (person.key for person in self.people))
        _unique("room", (room.key for room in self.rooms))
        invited = _unique("attendee", (*self.required, *self.optional))
        if unknown := sorted((invited | {key for group in self.groups for key in group.keys}) - known):
            raise BadQuestion(f"Asked to come, but not among the people given: {', '.join(unknown)}.")
        for group in self.groups:
            if not 0 <= group.at_least <= len(set(group.keys)):
                raise BadQuestion(
                    f"{group.at_least} of the group {group.name!r} can't come: it has {len(set(group.keys))} members."
                )

    def need_of(self, key: str) -> Need | None:
        """Required, optional, or neither (only in a group, or not asked)."""
        if key in self.required:
            return Need.REQUIRED
        return Need.OPTIONAL if key in self.optional else None


def _at_least(least: int, **numbers: int) -> None:
    for name, number in numbers.items():
        if number < least:
            raise BadQuestion(f"{name} is {number}; it must be at least {least}.")


def _unique(kind: str, keys: Iterable[str]) -> frozenset[str]:
    times = Counter(keys)
    if twice := sorted(key for key, count in times.items() if count > 1):
        raise BadQuestion(f"Given twice as {kind}: {', '.join(twice)}.")
    return frozenset(times)
