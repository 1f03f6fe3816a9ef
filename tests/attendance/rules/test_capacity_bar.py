"""The bar shows every place once, and ends where the roll does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.attendance.enums import SeatState
from convenor.attendance.rules.capacity_bar import ALLOTTED, FREE, STATES, WIDTH, capacity_bar

PLACES = st.integers(0, 6_000)


@pytest.mark.parametrize(
    ("capacity", "counts", "set_apart", "segments", "free", "over"),
    [
        (10, {}, 0, {FREE: 10}, 10, 0),
        (10, {"confirmed": 4, "waitlisted": 3}, 2, {"confirmed": 4, ALLOTTED: 2, FREE: 4}, 4, 0),
        (10, {"confirmed": 9, "offered": 3}, 0, {"confirmed": 9, "offered": 3}, 0, 2),
        (None, {"held": 3}, 0, {"held": 3}, None, 0),
        (0, {}, 0, {}, 0, 0),
        (None, {}, 0, {}, None, 0),
    ],
)
def test_what_the_bar_says(
    capacity: int | None,
    counts: dict[str, int],
    set_apart: int,
    segments: dict[str, int],
    free: int | None,
    over: int,
) -> None:
    bar = capacity_bar(capacity, counts, set_apart)
    assert {each.name: each.count for each in bar.segments} == segments
    assert (bar.free, bar.over) == (free, over)
    assert (bar.mark is not None) == bool(over)


@given(
    capacity=st.none() | PLACES,
    counts=st.dictionaries(st.sampled_from([str(state) for state in SeatState]), PLACES),
    set_apart=PLACES,
)
def test_segments_lie_side_by_side_and_fill_the_bar(
    capacity: int | None, counts: dict[str, int], set_apart: int
) -> None:
    bar = capacity_bar(capacity, counts, set_apart)
    used = sum(counts.get(state, 0) for state in STATES) + set_apart
    assert sum(each.count for each in bar.segments) == max(used, capacity or 0)
    ends = [0]
    for each in bar.segments:
        assert each.x == ends[-1]
        ends.append(each.x + each.width)
    assert ends[-1] == (WIDTH if bar.segments else 0)
    if capacity is not None:
        assert (bar.free or 0) - bar.over == capacity - used
