"""What is wrong with a roll, worst first; each kind has a cheapest way out, which its screen offers beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from convenor.attendance.rules.refit import Fit


class Wrong(Enum):
    """What `RollTrouble.count` counts stands beside each."""

    OVER = "over"  # seats beyond the capacity
    OUTGROWN = "outgrown"  # seats that the room lacks for all who want to come
    ROOM_HOLDS_MORE = "room_holds_more"  # seats that the room has beyond the capacity, while people wait
    FREE_WHILE_WAITING = "free_while_waiting"  # free seats
    GUARANTEE_LATE = "guarantee_late"  # who is coming
    ANSWERS_LATE = "answers_late"  # who hasn't answered
    DOUBLES = "doubles"  # who is elsewhere at the same time
    SHRUNK = "shrunk"  # seats that stay empty


@dataclass(frozen=True, slots=True)
class RollFacts:
    """A roll at a moment. `room_seats` None: no room; `free` None: without a limit."""

    capacity: int | None
    used: int
    free: int | None
    waiting: int
    invited: int
    coming: int
    room_seats: int | None
    fit: Fit
    doubles: int = 0
    rsvp_by: datetime | None = None
    guarantee_due: datetime | None = None
    is_guaranteed: bool = False
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class RollTrouble:
    kind: Wrong
    count: int


def troubles_of(facts: RollFacts, now: datetime) -> list[RollTrouble]:
    """Nothing once it is over: then it is what it was."""
    return [] if facts.is_over else list(_troubles(facts, now))


def _troubles(facts: RollFacts, now: datetime) -> Iterator[RollTrouble]:
    if facts.capacity is not None and facts.used > facts.capacity:
        yield RollTrouble(Wrong.OVER, facts.used - facts.capacity)
    yield from _of_room(facts)
    if facts.free and facts.waiting:
        yield RollTrouble(Wrong.FREE_WHILE_WAITING, min(facts.free, facts.waiting))
    if _is_past(facts.guarantee_due, now) and not facts.is_guaranteed:
        yield RollTrouble(Wrong.GUARANTEE_LATE, facts.coming)
    if _is_past(facts.rsvp_by, now) and facts.invited:
        yield RollTrouble(Wrong.ANSWERS_LATE, facts.invited)
    if facts.doubles:
        yield RollTrouble(Wrong.DOUBLES, facts.doubles)
    if facts.fit is Fit.SHRUNK and facts.room_seats is not None:
        yield RollTrouble(Wrong.SHRUNK, facts.room_seats - facts.used)


def _of_room(facts: RollFacts) -> Iterator[RollTrouble]:
    if facts.room_seats is None:
        return
    if facts.fit is Fit.OUTGROWN:
        yield RollTrouble(Wrong.OUTGROWN, facts.used + facts.waiting - facts.room_seats)
    elif facts.waiting and facts.capacity is not None and facts.room_seats > facts.capacity:
        yield RollTrouble(Wrong.ROOM_HOLDS_MORE, facts.room_seats - facts.capacity)


def _is_past(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now
