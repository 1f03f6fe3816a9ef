"""Time cut into equal cells, and sets of cells as arbitrary-precision integers: bit i is cell i.

The union of any number of calendars is then one OR each, and "where do four free cells in a row begin" is two shifts and two ANDs over
the whole horizon at once: a month in quarter hours is 336 bytes. What integers can't do, count, is done by difference arrays: +1 where
an interval starts, -1 where it ends, and one cumulative sum.

Busy time that doesn't lie on the grid counts in every cell it touches. For meetings that start on the grid and last whole cells, as
those of a `Horizon` do, that loses nothing: such a meeting overlaps an interval exactly if it overlaps the cells that the interval touches.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from convenor.kernel.instants import Instant, Span
from convenor.kernel.intervals import gaps

Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

# How many cells `bits_by_owner` lays out side by side: few enough to stay in a processor's cache.
_CELLS_AT_ONCE = 250_000


@dataclass(frozen=True, slots=True)
class Grid:
    """`slots` cells of `step_seconds` each, the first beginning at `start`."""

    start: Instant
    step_seconds: int
    slots: int

    @property
    def full(self) -> int:
        """Every cell."""
        return (1 << self.slots) - 1

    @property
    def span(self) -> Span:
        return Span(self.start, self.instant(self.slots))

    def instant(self, cell: int) -> Instant:
        """When a cell begins; `slots` gives the end of the grid."""
        return Instant(self.start + cell * self.step_seconds)

    def touched(self, starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
        """First cell, and one past the last, that each interval touches, clipped to the grid (so some are empty)."""
        first = (starts - self.start) // self.step_seconds
        past = -((self.start - ends) // self.step_seconds)
        return first.clip(0, self.slots), past.clip(0, self.slots)


def bits_of(grid: Grid, spans: Iterable[Span]) -> int:
    """The cells that the spans touch: busy time."""
    bits = 0
    for span in spans:
        first = max(0, (span.start - grid.start) // grid.step_seconds)
        past = min(grid.slots, -((grid.start - span.end) // grid.step_seconds))
        if first < past:
            bits |= ((1 << (past - first)) - 1) << first
    return bits


def bits_within(grid: Grid, spans: Iterable[Span]) -> int:
    """The cells that the spans together hold entirely: time that is allowed."""
    return grid.full & ~bits_of(grid, gaps(spans, grid.span))


def bits_from_arrays(grid: Grid, starts: Ints, ends: Ints) -> int:
    """As `bits_of`, from arrays of seconds UTC as they come from the database: 100,000 intervals in about two milliseconds."""
    return bits_from_flags(counts(grid, starts, ends) > 0)


def bits_by_owner(grid: Grid, owner: Ints, starts: Ints, ends: Ints, owners: int) -> list[int]:
    """As `bits_from_arrays`, one integer for each of `owners` (people, rooms); `owner[i]` is whose interval i is."""
    first, past = grid.touched(starts, ends)
    order = np.argsort(owner, kind="stable")
    order = order[first[order] < past[order]]
    owner, first, past = owner[order], first[order], past[order]
    width = grid.slots + 1
    at_once = max(1, _CELLS_AT_ONCE // width)
    rows: list[int] = []
    for low in range(0, owners, at_once):
        many = min(at_once, owners - low)
        part = slice(*np.searchsorted(owner, [low, low + many]).tolist())
        row = (owner[part] - low) * width
        # Few intervals in many cells: adding at their ends touches less memory than counting every cell.
        change = np.zeros(many * width, np.int32)
        np.add.at(change, row + first[part], 1)
        np.subtract.at(change, row + past[part], 1)
        busy = change.reshape(many, width).cumsum(axis=1, dtype=np.int32)[:, :-1] > 0
        packed = np.packbits(busy, axis=1, bitorder="little")
        rows.extend(int.from_bytes(line.tobytes(), "little") for line in packed)
    return rows


def starts_that_fit(free_bits: int, length: int) -> int:
    """Where `length` free cells in a row begin.

    Doubling: once a bit says "this and the next k-1 are free", one shift by k says it for 2k.
    """
    if length < 1:
        raise ValueError("A meeting takes at least one cell of the grid.")
    known = 1
    while known < length:
        shift = min(known, length - known)
        free_bits &= free_bits >> shift
        known += shift
    return free_bits


def any_room(free_by_room: Iterable[int], length: int) -> int:
    """Where a meeting can begin in at least one of the rooms (in one and the same for all its length)."""
    return reduce(or_, (starts_that_fit(free, length) for free in free_by_room), 0)


@dataclass(slots=True)
class RoomFits:
    """`any_room` of the rooms that seat so many, kept per length and capacity class.

    Rooms change rarely beside questions, so a second question of the same size costs one dictionary look-up. Pairs are (seats, free
    cells) in any order; equal capacity classes, between two neighbouring room sizes, share their mask.
    """

    rooms: Sequence[tuple[int, int]]
    _sizes: list[int] = field(init=False)
    _masks: dict[tuple[int, int], int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._sizes = sorted({seats for seats, _ in self.rooms})

    def starts(self, length: int, headcount: int) -> int:
        size_class = bisect_left(self._sizes, headcount)
        key = (length, size_class)
        if key not in self._masks:
            self._masks[key] = any_room((free for seats, free in self.rooms if seats >= headcount), length)
        return self._masks[key]


def counts(grid: Grid, starts: Ints, ends: Ints) -> Ints:
    """How many of the intervals touch each cell."""
    first, past = grid.touched(starts, ends)
    return range_counts(first, past, grid.slots)


def range_counts(first: Ints, past: Ints, slots: int, weights: Ints | None = None) -> Ints:
    """How many of the ranges `[first, past)` hold each cell, or how much they weigh together; empty ranges count nothing."""
    real = first < past
    return _difference(
        first[real], past[real], slots + 1, None if weights is None else weights[real]
    ).cumsum()[:-1]


def merged_ranges(owner: Ints, first: Ints, past: Ints, slots: int) -> tuple[Ints, Ints, Ints]:
    """Each owner's ranges in normal form: sorted, disjoint, and with no two that touch.

    Owners' cells are laid end to end on one line, so that one running maximum says how far each has got.
    """
    base = owner * (slots + 1)
    order = np.argsort(base + first, kind="stable")
    owner, first, base = owner[order], first[order], base[order]
    reached = np.maximum.accumulate(base + past[order])
    begins = np.ones(len(owner), np.bool_)
    begins[1:] = base[1:] + first[1:] > reached[:-1]
    ends = np.ones(len(owner), np.bool_)
    ends[:-1] = begins[1:]
    return owner[begins], first[begins], (reached - base)[ends]


def bits_from_flags(flags: Flags) -> int:
    """A set of cells from one truth value each."""
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")


def flags_of(bits: int, slots: int) -> Flags:
    """One truth value for each of `slots` cells."""
    raw = np.frombuffer(bits.to_bytes((slots + 7) // 8, "little"), dtype=np.uint8)
    return np.unpackbits(raw, count=slots, bitorder="little").astype(np.bool_)


def cells_of(bits: int) -> list[int]:
    """The cells of a set, ascending."""
    return np.flatnonzero(flags_of(bits, bits.bit_length())).tolist()


def _difference(first: Ints, past: Ints, width: int, weights: Ints | None = None) -> Ints:
    """+weight (or 1) at each range's first cell and the same off one past its last."""
    if weights is None:
        return np.bincount(first, minlength=width) - np.bincount(past, minlength=width)
    # bincount adds weights as floats, which are exact for integers up to 2**53.
    change = np.bincount(first, weights, width) - np.bincount(past, weights, width)
    whole: Ints = np.rint(change).astype(np.int64)
    return whole
