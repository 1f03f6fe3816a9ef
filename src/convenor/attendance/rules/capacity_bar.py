"""The picture of a roll's capacity: one bar, from who is there to what is free or too many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from convenor.attendance.enums import SeatState

WIDTH = 1000
"""Of the bar, in the picture's own units."""
STATES = (SeatState.CHECKED_IN, SeatState.CONFIRMED, SeatState.HELD, SeatState.OFFERED)
ALLOTTED, FREE = "allotted", "free"


@dataclass(frozen=True, slots=True)
class Segment:
    """`name` is a SeatState that takes a place, ALLOTTED (set apart and not taken yet) or FREE."""

    name: str
    count: int
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class CapacityBar:
    """`free` and `over` count seats; without a limit `free` is None and nothing is ever over. `mark` is where the capacity ends."""

    segments: tuple[Segment, ...]
    free: int | None
    over: int
    mark: int | None


def capacity_bar(capacity: int | None, counts: Mapping[str, int], set_apart: int) -> CapacityBar:
    """`counts` are all seats by state, `set_apart` the places of allotments that nobody has taken yet."""
    parts = [(str(state), counts.get(state, 0)) for state in STATES] + [(ALLOTTED, set_apart)]
    used = sum(count for _name, count in parts)
    free = None if capacity is None else max(capacity - used, 0)
    over = 0 if capacity is None else max(used - capacity, 0)
    whole = max(used, capacity or 0)
    segments = _laid([*parts, (FREE, free or 0)], whole)
    mark = WIDTH * capacity // whole if capacity is not None and over else None
    return CapacityBar(segments, free, over, mark)


def _laid(parts: Sequence[tuple[str, int]], whole: int) -> tuple[Segment, ...]:
    """Side by side without a gap: each ends where its running sum does."""
    segments: list[Segment] = []
    before = 0
    for name, count in parts:
        if count:
            x, end = WIDTH * before // whole, WIDTH * (before + count) // whole
            segments.append(Segment(name, count, x, end - x))
        before += count
    return tuple(segments)
