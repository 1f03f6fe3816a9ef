"""The grid's integers against sets of cells."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.kernel.find_times.grid import (
    Grid,
    RoomFits,
    any_room,
    bits_by_owner,
    bits_from_arrays,
    bits_from_flags,
    bits_of,
    bits_within,
    cells_of,
    counts,
    flags_of,
    merged_ranges,
    range_counts,
    starts_that_fit,
)
from convenor.kernel.instants import Instant, Span

GRID = Grid(Instant(100), 10, 12)
intervals = st.lists(
    st.tuples(st.integers(60, 250), st.integers(1, 60)).map(lambda p: (p[0], p[0] + p[1])), max_size=8
)
cells = st.sets(st.integers(0, 11))


def spans(pairs: list[tuple[int, int]]) -> list[Span]:
    return [Span(Instant(start), Instant(end)) for start, end in pairs]


def columns(pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([p[0] for p in pairs], np.int64), np.array([p[1] for p in pairs], np.int64)


def touched(pairs: list[tuple[int, int]]) -> set[int]:
    return {c for c in range(12) if any(start < 110 + 10 * c and 100 + 10 * c < end for start, end in pairs)}


def bits(held: set[int]) -> int:
    return sum(1 << cell for cell in held)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (100, 110, {0}),
        (100, 111, {0, 1}),
        (109, 111, {0, 1}),
        (110, 120, {1}),
        (0, 100, set()),
        (0, 101, {0}),
        (219, 500, {11}),
        (220, 500, set()),
        (0, 500, set(range(12))),
    ],
)
def test_busy_time_counts_in_every_cell_it_touches(start: int, end: int, expected: set[int]) -> None:
    assert bits_of(GRID, spans([(start, end)])) == bits(expected)
    assert bits_from_arrays(GRID, *columns([(start, end)])) == bits(expected)


@given(intervals)
def test_bits_from_spans_and_from_arrays(pairs: list[tuple[int, int]]) -> None:
    expected = touched(pairs)
    assert bits_of(GRID, spans(pairs)) == bits_from_arrays(GRID, *columns(pairs)) == bits(expected)
    assert cells_of(bits(expected)) == sorted(expected)


@given(intervals)
def test_allowed_time_is_what_spans_hold_entirely(pairs: list[tuple[int, int]]) -> None:
    seconds = {s for start, end in pairs for s in range(start, end)}
    expected = {c for c in range(12) if seconds.issuperset(range(100 + 10 * c, 110 + 10 * c))}
    assert bits_within(GRID, spans(pairs)) == bits(expected)


@given(st.lists(st.tuples(st.integers(0, 3), intervals), max_size=5))
def test_bits_of_many_owners(owned: list[tuple[int, list[tuple[int, int]]]]) -> None:
    owner = np.array([who for who, pairs in owned for _ in pairs], np.int64)
    starts, ends = columns([pair for _, pairs in owned for pair in pairs])
    expected = [bits(touched([pair for who, pairs in owned for pair in pairs if who == i])) for i in range(4)]
    assert bits_by_owner(GRID, owner, starts, ends, 4) == expected


def test_bits_of_more_owners_than_are_laid_out_at_a_time() -> None:
    grid = Grid(Instant(0), 1, 100_000)
    owner = np.arange(7)
    assert bits_by_owner(grid, owner, owner, owner + 1, 7) == [1 << i for i in range(7)]


@given(intervals)
def test_counts(pairs: list[tuple[int, int]]) -> None:
    expected = [sum(c in touched([pair]) for pair in pairs) for c in range(12)]
    assert counts(GRID, *columns(pairs)).tolist() == expected


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(-3, 9)), max_size=8))
def test_range_counts_leave_out_empty_ranges(ranges: list[tuple[int, int, int]]) -> None:
    first, past, weight = (np.array([r[i] for r in ranges], np.int64) for i in range(3))
    expected = [sum(w for low, high, w in ranges if low <= c < high) for c in range(12)]
    assert range_counts(first, past, 12, weight).tolist() == expected


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 12), st.integers(0, 12)), max_size=9))
def test_merged_ranges_hold_the_same_cells_in_normal_form(ranges: list[tuple[int, int, int]]) -> None:
    real = [(who, low, high) for who, low, high in ranges if low < high]
    owner, first, past = (np.array([r[i] for r in real], np.int64) for i in range(3))
    merged = list(zip(*(column.tolist() for column in merged_ranges(owner, first, past, 12)), strict=True))
    for each in range(3):
        mine = [(low, high) for who, low, high in merged if who == each]
        held = {c for who, low, high in real if who == each for c in range(low, high)}
        assert {c for low, high in mine for c in range(low, high)} == held
        assert all(before[1] < after[0] for before, after in pairwise(mine))


@given(cells, st.integers(1, 14))
def test_starts_that_fit(free: set[int], length: int) -> None:
    expected = {c for c in range(12) if free.issuperset(range(c, c + length))}
    assert starts_that_fit(bits(free), length) == bits(expected)


def test_a_meeting_of_no_length_fits_nowhere() -> None:
    with pytest.raises(ValueError, match="at least one cell"):
        starts_that_fit(1, 0)


@given(st.lists(st.tuples(st.integers(1, 4), cells), max_size=4), st.integers(1, 3), st.integers(0, 5))
def test_any_room_stays_in_one_room(rooms: list[tuple[int, set[int]]], length: int, headcount: int) -> None:
    large = [free for seats, free in rooms if seats >= headcount]
    expected = {c for c in range(12) if any(free.issuperset(range(c, c + length)) for free in large)}
    assert any_room([bits(free) for free in large], length) == bits(expected)
    fits = RoomFits([(seats, bits(free)) for seats, free in rooms])
    for _ in range(2):  # from the rooms, then from what is kept
        assert fits.starts(length, headcount) == bits(expected)


@given(cells)
def test_flags_and_back(held: set[int]) -> None:
    flags = flags_of(bits(held), 12)
    assert np.flatnonzero(flags).tolist() == sorted(held)
    assert bits_from_flags(flags) == bits(held)
