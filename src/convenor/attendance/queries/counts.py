"""How many come, by event and by roll: what is expected, what is guaranteed, who came.

Expected are those who come (held, confirmed, checked in), those who are offered a seat, and those who were invited and
haven't answered, these only until answers are due. Actual is everybody who was checked in, gone again or not. An
event's own numbers count each registration once, on whichever of its rolls it sits.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from convenor.attendance.enums import COMING, TAKING, SeatState
from convenor.attendance.models import Roll, Seat


@dataclass(frozen=True, slots=True)
class RollCounts:
    """`taken` counts the seats that take a place, those of allotments too; `free` is what is left outside allotments."""

    roll_id: int
    function_id: int | None
    capacity: int | None
    free: int | None
    taken: int
    allotted: int
    invited: int
    offered: int
    waitlisted: int
    coming: int
    expected: int
    guaranteed: int | None
    actual: int
    states: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counts:
    """Of an event as a whole; capacity, what is taken and what is guaranteed are of its own roll, if it has one."""

    capacity: int | None
    taken: int
    invited: int
    waitlisted: int
    coming: int
    expected: int
    guaranteed: int | None
    actual: int
    rolls: Mapping[int, RollCounts] = field(default_factory=dict)


CAME = Q(checked_in_at__isnull=False)


def counts_of(event_ids: Collection[int], now: datetime) -> dict[int, Counts]:
    """By the event's key; zeros for one without a roll. Nothing is masked. Three queries, however many events."""
    rolls = list(
        Roll.objects.filter(event__among=event_ids).exclude(function__removed_at__isnull=False).order_by("pk")
    )
    by_roll = counts_of_rolls(rolls, now)
    people = _people([roll.pk for roll in rolls], now)
    of_event: dict[int, dict[int, RollCounts]] = defaultdict(dict)
    for roll in rolls:
        of_event[roll.event_id][roll.pk] = by_roll[roll.pk]
    return {key: _event_counts(of_event[key], people.get(key, {})) for key in event_ids}


def counts_of_rolls(rolls: Collection[Roll], now: datetime) -> dict[int, RollCounts]:
    """By the roll's key. One query."""
    found = _by_roll([roll.pk for roll in rolls])
    return {roll.pk: _roll_counts(roll, *found[roll.pk], now) for roll in rolls}


def _by_roll(roll_ids: Collection[int]) -> dict[int, tuple[Counter[str], int]]:
    """How many seats are in each state, and how many came."""
    states: dict[int, Counter[str]] = {key: Counter() for key in roll_ids}
    came: Counter[int] = Counter()
    rows = Seat.objects.filter(roll__among=roll_ids).order_by().values_list("roll_id", "state")
    for roll, state, count, there in rows.annotate(count=Count("pk"), there=Count("pk", filter=CAME)):
        states[roll][state] += count
        came[roll] += there
    return {key: (states[key], came[key]) for key in roll_ids}


def _people(roll_ids: Collection[int], now: datetime) -> Mapping[int, Mapping[str, int]]:
    """Each registration once, by event."""
    asked = Q(state=SeatState.INVITED) & (Q(roll__rsvp_by__isnull=True) | Q(roll__rsvp_by__gt=now))
    which = {
        "invited": Q(state=SeatState.INVITED),
        "waitlisted": Q(state=SeatState.WAITLISTED),
        "coming": Q(state__in=COMING),
        "expected": Q(state__in=(*COMING, SeatState.OFFERED)) | asked,
        "actual": CAME,
    }
    counted = {name: Count("registration", distinct=True, filter=each) for name, each in which.items()}
    rows: Any = Seat.objects.filter(roll__among=roll_ids).order_by().values("roll__event_id")
    return {row["roll__event_id"]: row for row in rows.annotate(**counted)}


def _roll_counts(roll: Roll, states: Counter[str], came: int, now: datetime) -> RollCounts:
    coming, offered, invited = (
        sum(states[each] for each in COMING),
        states[SeatState.OFFERED],
        states[SeatState.INVITED],
    )
    awaited = invited if roll.rsvp_by is None or now < roll.rsvp_by else 0
    return RollCounts(
        roll_id=roll.pk,
        function_id=roll.function_id,
        capacity=roll.capacity,
        free=None if roll.capacity is None else max(roll.capacity - roll.taken - roll.allotted, 0),
        taken=sum(states[each] for each in TAKING),
        allotted=roll.allotted,
        invited=invited,
        offered=offered,
        waitlisted=states[SeatState.WAITLISTED],
        coming=coming,
        expected=coming + offered + awaited,
        guaranteed=roll.guaranteed,
        actual=came,
        states=dict(states),
    )


def _event_counts(rolls: Mapping[int, RollCounts], people: Mapping[str, int]) -> Counts:
    own = next((each for each in rolls.values() if each.function_id is None), None)
    return Counts(
        capacity=own.capacity if own else None,
        taken=own.taken if own else 0,
        invited=people.get("invited", 0),
        waitlisted=people.get("waitlisted", 0),
        coming=people.get("coming", 0),
        expected=people.get("expected", 0),
        guaranteed=own.guaranteed if own else None,
        actual=people.get("actual", 0),
        rolls=rolls,
    )
