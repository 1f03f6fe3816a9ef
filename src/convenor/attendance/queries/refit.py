"""Whether a roll still fits its room, and which rooms would do at its time, with what moving there would change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from convenor.attendance.enums import GONE
from convenor.attendance.models import Roll
from convenor.attendance.queries.capacity import room_capacities
from convenor.attendance.queries.numbers import Numbers, numbers_of
from convenor.attendance.queries.room_times import RoomTimes, Target
from convenor.attendance.queries.visibility import roll_for
from convenor.attendance.rules.refit import Demand, Fit, fit_of, largest_smaller, seats_to_look_for
from convenor.base.actor import Actor
from convenor.events.models import Event, Function, Sheet
from convenor.events.queries.functions import drafts_of, with_meetings
from convenor.scheduling.enums import OccurrenceState
from convenor.scheduling.queries.facts import room_facts
from convenor.scheduling.queries.room_finder import facts_of
from convenor.scheduling.rules.room import RoomFacts
from convenor.scheduling.rules.room_fit import Trouble
from convenor.venues.models import Room
from convenor.venues.queries.rooms import rooms_for

MOST_BLOCKED = 5


@dataclass(frozen=True, slots=True)
class Option:
    """A room in a set-up. `style` "" is each function's own; `troubles` say why it can't be had."""

    room: Room
    style: str
    seats: int
    spare: int
    is_same_room: bool
    troubles: tuple[Trouble, ...]

    @property
    def rank(self) -> tuple[bool, bool, int, str]:
        """Better ones sort first: without changing the room, without anybody's approval, with the fewest seats over."""
        return not self.is_same_room, self.room.approval_needed, self.spare, self.room.code


@dataclass(frozen=True, slots=True)
class Refit:
    """`seats` are what the room holds now (None: no room), `wanted` those to look for. `options` can be had, the best
    first; `blocked` would do if they weren't taken or shut.
    """

    roll: Roll
    fit: Fit
    demand: Demand
    seats: int | None
    wanted: int
    targets: tuple[Target, ...] = ()
    options: tuple[Option, ...] = ()
    blocked: tuple[Option, ...] = ()


def demand_of(roll: Roll, numbers: Numbers, now: datetime) -> Demand:
    settled = bool(numbers.of(*GONE)) or (roll.rsvp_by is not None and roll.rsvp_by <= now)
    return Demand(numbers.used, numbers.waiting, numbers.invited, settled)


def rooms_that_fit(actor: Actor, roll_id: int, *, now: datetime) -> Refit:
    """Rooms of the same sites, for all functions that must seat the roll at once. Raises Roll.DoesNotExist, Refused.

    A fixed number of queries, however many rooms and functions there are.
    """
    roll = roll_for(actor, roll_id, "roll.edit")
    demand = demand_of(roll, numbers_of([roll])[roll.pk], now)
    seats = room_capacities([roll])[roll.pk]
    fit = fit_of(demand, seats)
    wanted = seats_to_look_for(demand, fit)
    targets = [] if fit is Fit.GOOD else _targets(roll, demand, fit, now)
    if not targets:
        return Refit(roll, Fit.GOOD if fit is Fit.SHRUNK else fit, demand, seats, wanted)
    found = list(_options(actor, targets, fit, wanted, seats or 0, now))
    free = sorted((each for each in found if not each.troubles), key=lambda each: each.rank)
    blocked = sorted(
        (each for each in found if each.troubles), key=lambda each: (len(each.troubles), each.rank)
    )
    return Refit(roll, fit, demand, seats, wanted, tuple(targets), tuple(free), tuple(blocked[:MOST_BLOCKED]))


def _targets(roll: Roll, demand: Demand, fit: Fit, now: datetime) -> list[Target]:
    """Of the event's own roll, its functions for everybody; those whose own room is outgrown, or could be smaller."""
    rows = with_meetings().filter(occurrence__state=OccurrenceState.SCHEDULED, occurrence__starts_at__gt=now)
    if roll.function_id is not None:
        functions = list(rows.filter(pk=roll.function_id))
    else:
        functions = list(rows.filter(event=roll.event_id, is_for_all=True))
    found = _as_targets(roll.event, functions)
    return [each for each in found if fit_of(demand, each.seats) is fit]


def _as_targets(event: Event, functions: Sequence[Function]) -> Iterable[Target]:
    drafts = drafts_of(event, functions) if functions else {}
    rooms = room_facts({draft.room_ids[0] for draft in drafts.values() if draft.room_ids})
    revisions = _revisions([row.pk for row in functions])
    for row in functions:
        draft = drafts[row.pk]
        room = rooms.get(draft.room_ids[0]) if draft.room_ids else None
        setup = room.setup(draft.setup_style) if room else None
        if room is not None and setup is not None:
            occurrence = row.occurrence
            times = occurrence.starts_at, occurrence.ends_at
            yield Target(row.pk, draft, *times, occurrence.pk, room, setup.capacity, revisions.get(row.pk))


def _revisions(function_ids: Collection[int]) -> dict[int, int]:
    """The newest revision of each function's sheet, where one was issued. 1 query."""
    rows = Sheet.objects.filter(function__in=function_ids).order_by("revision")
    return dict(rows.values_list("function_id", "revision"))


def _options(
    actor: Actor, targets: Sequence[Target], fit: Fit, wanted: int, seats: int, now: datetime
) -> Iterable[Option]:
    sites = {each.room.site_id for each in targets}
    rooms = {room.pk: room for room in rooms_for(actor).filter(site__in=sites)}
    facts = {pk: facts_of(room) for pk, room in rooms.items()}
    at = RoomTimes(actor, targets, facts, now)
    most = largest_smaller(seats) if fit is Fit.SHRUNK else None
    for pk, room in facts.items():
        is_same = all(each.room.id == pk for each in targets)
        for style in _styles(room, targets, is_same=is_same):
            held = _seats_in(room, targets, style)
            if held is not None and held >= wanted and (most is None or held <= most):
                troubles = tuple(at.troubles(room, style))
                yield Option(rooms[pk], style, held, held - wanted, is_same, troubles)


def _styles(room: RoomFacts, targets: Sequence[Target], *, is_same: bool) -> list[str]:
    """In another room everything stays as it is set up; the room itself may be set up in every other way."""
    if not is_same:
        return [""]
    now = {each.draft.setup_style for each in targets}
    return [each.style for each in room.setups if {each.style} != now]


def _seats_in(room: RoomFacts, targets: Sequence[Target], style: str) -> int | None:
    """What all of the functions can count on; None where the room can't be set up for one of them."""
    setups = [room.setup(style or each.draft.setup_style) for each in targets]
    held = [setup.capacity for setup in setups if setup is not None]
    return min(held) if len(held) == len(setups) else None
