"""Which rooms can be had at a time for a need, the fittest first; and of the others, why not."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from convenor.base.actor import Actor
from convenor.kernel.instants import Span, datetime_of, instant_of
from convenor.kernel.intervals import covers
from convenor.people.queries.people import home_site_of
from convenor.scheduling.permissions import may_exceed_limits
from convenor.scheduling.queries.blocked import titles_for
from convenor.scheduling.queries.claims import Taken, TakenUnits, taken_units
from convenor.scheduling.rules.room import RoomFacts, RoomNeed, SetupFacts
from convenor.scheduling.rules.room_fit import Shortage, Trouble, lacks, limits
from convenor.venues.models import Room
from convenor.venues.queries.opening import Closed, closures_of, open_spans
from convenor.venues.queries.rooms import rooms_for


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomQuestion:
    """A need and a time (aware UTC); without a time only the need counts. `site_id` None: any site."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    need: RoomNeed = field(default_factory=RoomNeed)
    site_id: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class FoundRoom:
    """A room with its seats in the style asked for, how many are spare, and all that is in the way."""

    room: Room
    seats: int
    spare: int
    cost: Decimal | None  # of the event time; None without a time or a rate
    is_near: bool  # at the reader's own site
    troubles: tuple[Trouble, ...]

    @property
    def is_free(self) -> bool:
        return not self.troubles

    @property
    def rank(self) -> tuple[bool, bool, int, Decimal, str]:
        """Better rooms sort first: at the reader's site, that need nobody's approval, leave the fewest seats over, cost the least."""
        return (
            not self.is_near,
            self.room.approval_needed,
            self.spare,
            self.cost or Decimal(0),
            self.room.code,
        )


@dataclass(frozen=True, slots=True)
class FoundRooms:
    free: tuple[FoundRoom, ...]
    others: tuple[FoundRoom, ...]


def find_rooms_for(actor: Actor, question: RoomQuestion, *, now: datetime) -> FoundRooms:
    """Every room in use, apart those that can be had and those that can't. At most thirteen queries, however many rooms there are."""
    rooms = list(rooms_for(actor, text=question.text, site=question.site_id))
    facts = {room.pk: facts_of(room) for room in rooms}
    limits_at = None if may_exceed_limits(actor) else now
    at = _Moment(actor, question, facts, now, limits_at) if question.starts_at and question.ends_at else None
    home = home_site_of(actor)
    found = [_found(room, facts[room.pk], question, at, home) for room in rooms]
    free = sorted((each for each in found if each.is_free), key=lambda each: each.rank)
    others = sorted(
        (each for each in found if not each.is_free), key=lambda each: (len(each.troubles), each.rank)
    )
    return FoundRooms(tuple(free), tuple(others))


def facts_of(room: Room) -> RoomFacts:
    """A room as the rules need it, from a row of `rooms_for`. No query."""
    return RoomFacts(
        id=room.pk,
        code=room.code,
        name=room.name,
        site_id=room.site_id,
        zone=room.site.zone,
        accessible=room.accessible,
        turn_minutes=room.turn_minutes,
        approver_id=room.approver_id if room.approval_needed else None,
        window_days=room.booking_window_days,
        longest_minutes=room.longest_minutes,
        is_active=room.is_active,
        setups=tuple(
            SetupFacts(each.style, each.capacity, each.setup_minutes, each.teardown_minutes, each.is_default)
            for each in room.setups.all()
        ),
        unit_ids=tuple(sorted(unit.pk for unit in room.units.all())),
        equipment={each.equipment.code: each.quantity for each in room.equipment.all()},
    )


class _Moment:
    """What is in the rooms' way at the time asked for."""

    def __init__(
        self,
        actor: Actor,
        question: RoomQuestion,
        facts: Mapping[int, RoomFacts],
        now: datetime,
        limits_at: datetime | None,
    ) -> None:
        assert question.starts_at is not None
        assert question.ends_at is not None
        self.starts_at, self.ends_at, self.limits_at = question.starts_at, question.ends_at, limits_at
        self.span = Span(instant_of(self.starts_at), instant_of(self.ends_at))
        self.style = question.need.style
        sites = {room.site_id for room in facts.values()}
        self.opening = open_spans(sites, self.span)
        self.closures = closures_of(list(facts), self.span)
        self.taken = self._taken(facts, now)
        keys = {taken.occurrence_id for taken in self.taken.values()}
        self.titles = titles_for(actor, keys) if keys else {}

    def _taken(self, facts: Mapping[int, RoomFacts], now: datetime) -> dict[int, Taken]:
        windows = {
            key: room.reserved(self.starts_at, self.ends_at, self.style) for key, room in facts.items()
        }
        if not windows:
            return {}
        widest = min(start for start, _ in windows.values()), max(end for _, end in windows.values())
        units = {unit for room in facts.values() for unit in room.unit_ids}
        taken = taken_units(units, [widest], now=now)
        blocked = {key: _in_the_way(taken, facts[key].unit_ids, windows[key]) for key in facts}
        return {key: first for key, first in blocked.items() if first is not None}

    def troubles(self, room: RoomFacts) -> list[Trouble]:
        found: list[Trouble] = []
        if taken := self.taken.get(room.id):
            values = (taken.starts_at, taken.ends_at, self.titles.get(taken.occurrence_id, ""))
            found.append(Trouble(Shortage.TAKEN, values))
        closed: Sequence[Closed] = self.closures.get(room.id, ())
        found += [Trouble(Shortage.CLOSED, (datetime_of(each.span.end), each.reason)) for each in closed[:1]]
        if not covers(self.opening.get(room.site_id, ()), self.span):
            found.append(Trouble(Shortage.SHUT))
        if self.limits_at is not None:
            found += limits(room, self.starts_at, self.ends_at, self.limits_at)
        return found


def _in_the_way(taken: TakenUnits, units: Collection[int], window: tuple[datetime, datetime]) -> Taken | None:
    alive = [each for each in taken.in_the_way(units, *window) if not each.is_expired]
    return min(alive, key=lambda each: (each.starts_at, each.occurrence_id), default=None)


def _found(
    room: Room, facts: RoomFacts, question: RoomQuestion, at: _Moment | None, home: int | None
) -> FoundRoom:
    setup = facts.setup(question.need.style)
    seats = setup.capacity if setup else 0
    return FoundRoom(
        room=room,
        seats=seats,
        spare=seats - question.need.seats,
        cost=_cost(room, at.ends_at - at.starts_at) if at and room.hourly_rate else None,
        is_near=home in {None, room.site_id},
        troubles=(*lacks(facts, question.need), *(at.troubles(facts) if at else ())),
    )


def _cost(room: Room, length: timedelta) -> Decimal:
    return (room.hourly_rate * Decimal(length / timedelta(hours=1))).quantize(Decimal("0.01"))


@dataclass(frozen=True, slots=True)
class RoomState:
    """Whether a room is free just now, and until when that stays so; `until` None: for the rest of the time looked at.

    `seats` in its usual set-up.
    """

    is_free: bool
    until: datetime | None
    seats: int


def states_now(rooms: Sequence[Room], *, now: datetime, until: datetime) -> dict[int, RoomState]:
    """Each room's state now, by reserved times and closures, from rows of `rooms_for`. Four queries."""
    facts = [facts_of(room) for room in rooms]
    taken = taken_units({unit for room in facts for unit in room.unit_ids}, [(now, until)], now=now)
    closures = closures_of([room.id for room in facts], Span(instant_of(now), instant_of(until)))
    states: dict[int, RoomState] = {}
    for room in facts:
        busy = [
            (each.starts_at, each.ends_at)
            for each in taken.in_the_way(room.unit_ids, now, until)
            if not each.is_expired
        ]
        busy += [
            (datetime_of(each.span.start), datetime_of(each.span.end)) for each in closures.get(room.id, ())
        ]
        setup = room.setup("")
        states[room.id] = _state(sorted(busy), now, until, setup.capacity if setup else 0)
    return states


def _state(
    busy: Sequence[tuple[datetime, datetime]], now: datetime, until: datetime, seats: int
) -> RoomState:
    """Stretches that touch count as one."""
    if not busy or busy[0][0] > now:
        return RoomState(is_free=True, until=busy[0][0] if busy else None, seats=seats)
    over = now
    for starts, ends in busy:
        if starts > over:
            break
        over = max(over, ends)
    return RoomState(is_free=False, until=over if over < until else None, seats=seats)
