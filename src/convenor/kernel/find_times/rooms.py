"""Rooms on the grid: which could hold the meeting, when each is free, and in which order they are preferred."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

import numpy as np

from convenor.kernel.find_times.answer import RuleKind
from convenor.kernel.find_times.busy_table import empty_table, joined, table_of, widened
from convenor.kernel.find_times.grid import Grid, bits_by_owner, bits_of, bits_within, starts_that_fit
from convenor.kernel.find_times.horizon import Horizon
from convenor.kernel.find_times.question import Question, Room, RoomNeed
from convenor.kernel.instants import Span


@dataclass(frozen=True)
class Offer:
    """A room for so many people: the rules it doesn't meet at any time, and per reason the starts at which it can't be had."""

    room: Room
    headcount: int
    cost: int
    unmet: frozenset[RuleKind]
    booked: int
    out_of_rules: Mapping[RuleKind, int]

    @property
    def fits(self) -> bool:
        return not self.unmet

    @property
    def spare(self) -> int:
        return self.room.capacity - self.headcount

    @property
    def rank(self) -> tuple[bool, int, int, str]:
        """Better rooms sort first; `Score` compares the same things in the same order."""
        return self.room.approval_needed, self.cost, self.spare, self.room.key

    @cached_property
    def taken(self) -> int:
        """Starts at which a room that fits can't be had."""
        return self.booked | _union(self.out_of_rules)


def offers_of(question: Question, horizon: Horizon, need: RoomNeed) -> list[Offer]:
    """Every room of the question, in its order, measured against the need."""
    booked = _booked(question, horizon)
    opening = _opening(question, horizon)
    return [
        Offer(
            room=room,
            headcount=need.headcount,
            cost=_cost(room, question.minutes),
            unmet=unmet(room, need, question.minutes),
            booked=booked[i],
            out_of_rules=_out_of_rules(room, horizon, opening),
        )
        for i, room in enumerate(question.rooms)
    ]


def unmet(room: Room, need: RoomNeed, minutes: int) -> frozenset[RuleKind]:
    """What the room lacks, whatever the time."""
    lacking = {
        RuleKind.NAMED_ROOMS: need.rooms is not None and room.key not in need.rooms,
        RuleKind.SITES: need.sites is not None and room.site not in need.sites,
        RuleKind.SEATS: room.capacity < need.headcount,
        RuleKind.STYLE: need.style is not None and need.style not in room.setups,
        RuleKind.EQUIPMENT: any(room.equipment.get(name, 0) < n for name, n in need.equipment.items()),
        RuleKind.ACCESSIBLE: need.accessible and not room.accessible,
        RuleKind.LONGEST_BOOKING: room.longest_minutes is not None and minutes > room.longest_minutes,
    }
    return frozenset(rule for rule, lacks in lacking.items() if lacks)


def _booked(question: Question, horizon: Horizon) -> list[int]:
    """Starts at which each room's reserved time would meet reserved time or a closure.

    A meeting needs set-up minutes before and turn minutes after; so what is reserved begins a turn earlier for it, and ends a set-up
    later.
    """
    table = joined((table_of(room.busy for room in question.rooms), question.rooms_busy or empty_table()))
    setup = np.array([room.setup_minutes for room in question.rooms], np.int64)
    turn = np.array([room.turn_minutes for room in question.rooms], np.int64)
    wide = widened(table, turn[table.owner], setup[table.owner])
    busy = bits_by_owner(horizon.grid, wide.owner, wide.start, wide.end, len(question.rooms))
    return [_not_starting(horizon, horizon.grid.full & ~bits) for bits in busy]


def _opening(question: Question, horizon: Horizon) -> dict[int, int]:
    """Starts outside opening hours, by the identity of the opening hours: rooms of one site share them."""
    known: dict[int, int] = {}
    for room in question.rooms:
        if room.open is not None and id(room.open) not in known:
            known[id(room.open)] = _not_starting(horizon, bits_within(horizon.grid, room.open))
    return known


def _out_of_rules(room: Room, horizon: Horizon, opening: Mapping[int, int]) -> dict[RuleKind, int]:
    rules: dict[RuleKind, int] = {}
    if room.open is not None:
        rules[RuleKind.OPENING_HOURS] = opening[id(room.open)]
    if room.earliest is not None or room.latest is not None:
        rules[RuleKind.BOOKING_WINDOW] = _not_starting(horizon, _bookable(room, horizon.grid))
    return rules


def _bookable(room: Room, grid: Grid) -> int:
    """The cells inside the room's booking window."""
    bits = grid.full
    if room.earliest is not None and room.earliest > grid.start:
        bits &= ~bits_of(grid, [Span(grid.start, room.earliest)])
    if room.latest is not None and room.latest < grid.span.end:
        bits &= ~bits_of(grid, [Span(max(room.latest, grid.start), grid.span.end)])
    return bits


def _not_starting(horizon: Horizon, free: int) -> int:
    return horizon.universe & ~starts_that_fit(free, horizon.length)


def _union(masks: Mapping[RuleKind, int]) -> int:
    union = 0
    for mask in masks.values():
        union |= mask
    return union


def _cost(room: Room, minutes: int) -> int:
    """Hundredths of the currency for the event time."""
    return int((room.rate_per_hour * 100 * minutes / 60).quantize(Decimal(1), ROUND_HALF_UP))
