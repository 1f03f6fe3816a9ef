"""Who holds a seat at two places at the same time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Held:
    """A seat that somebody holds on the roll of an event, or of a function of it (`function_id`)."""

    seat_id: int
    roll_id: int
    event_id: int
    function_id: int | None
    registration_id: int
    person_id: int | None
    email: str
    name: str
    title: str
    zone: str
    starts_at: datetime
    ends_at: datetime

    @property
    def names(self) -> Iterator[tuple[str, object]]:
        """What this registration and another of the same person have in common: any of these."""
        yield "registration", self.registration_id
        if self.person_id is not None:
            yield "person", self.person_id
        if self.email:
            yield "email", self.email


@dataclass(frozen=True, slots=True)
class Double:
    here: Held
    there: Held


def doubles_among(ours: Collection[Held], all_held: Iterable[Held]) -> list[Double]:
    """What the holders of `ours` hold elsewhere at the same time, by name; of each other event its first seat.

    An event's own roll and those of its functions don't clash: who is on the one is meant to be on the other.
    """
    by_name: dict[tuple[str, object], list[Held]] = defaultdict(list)
    for held in all_held:
        for name in held.names:
            by_name[name].append(held)
    found: dict[object, Double] = {}
    for mine in sorted(ours, key=_order):
        theirs = {each.seat_id: each for name in mine.names for each in by_name[name]}
        for other in sorted(theirs.values(), key=_order):
            if clashes(mine, other):
                found.setdefault(_once(mine, other), Double(mine, other))
    return sorted(found.values(), key=lambda each: (each.here.name, each.here.starts_at, each.there.seat_id))


def clashes(one: Held, other: Held) -> bool:
    if one.roll_id == other.roll_id:
        return False
    if one.event_id == other.event_id and None in (one.function_id, other.function_id):
        return False
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _order(held: Held) -> tuple[bool, datetime, int]:
    """The event as a whole before its functions."""
    return held.function_id is not None, held.starts_at, held.seat_id


def _once(mine: Held, other: Held) -> object:
    if mine.event_id == other.event_id:
        return frozenset((mine.seat_id, other.seat_id))
    return mine.registration_id, other.event_id
