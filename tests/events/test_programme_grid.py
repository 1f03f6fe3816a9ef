"""The grid of a day, against the plainest way to say what must hold of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from convenor.events.rules.programme_grid import MOST_LANES, QUARTER, grid_of

DAY = date(2026, 12, 7)
MIDNIGHT = datetime.combine(DAY, time())


@dataclass(frozen=True)
class Item:
    starts: datetime
    ends: datetime
    track: str = ""


ITEMS = st.builds(
    lambda start, minutes, track: Item(
        MIDNIGHT + timedelta(minutes=start), MIDNIGHT + timedelta(minutes=start + minutes), track
    ),
    st.integers(0, 1_439),
    st.integers(1, 600),
    st.sampled_from(["", "A"]),
)
COLUMNS = [("", "All"), ("A", "A"), ("B", "B")]


@given(st.lists(ITEMS, max_size=12))
def test_every_item_covers_its_time_and_overlaps_nothing_in_its_lane(items: Sequence[Item]) -> None:
    grid = grid_of(DAY, items, COLUMNS, lambda item: [item.track])
    shown = [block.item for column in grid.columns for block in column.blocks]
    assert sorted(shown, key=repr) == sorted(items, key=repr)
    for column in grid.columns:
        taken: set[tuple[int, int]] = set()
        for block in column.blocks:
            top = grid.first + timedelta(minutes=(block.at - 1) * QUARTER)
            bottom = top + timedelta(minutes=block.rows * QUARTER)
            assert top <= block.item.starts < top + timedelta(minutes=QUARTER)
            assert min(block.item.ends, MIDNIGHT + timedelta(days=1)) <= bottom
            assert 1 <= block.at <= block.at + block.rows - 1 <= grid.rows
            assert 1 <= block.lane <= column.lanes <= MOST_LANES
            rows = {(block.lane, row) for row in range(block.at, block.at + block.rows)}
            assert block.lane == MOST_LANES or not rows & taken
            taken |= rows


@given(st.lists(ITEMS, max_size=12))
def test_the_day_shows_whole_hours_and_four_at_least(items: Sequence[Item]) -> None:
    grid = grid_of(DAY, items, COLUMNS, lambda item: [item.track])
    assert (grid.first.minute, grid.first.date()) == (0, DAY)
    assert 16 <= grid.rows <= 96
    assert grid.rows % 4 == 0
    assert len(grid.hours) == grid.rows // 4


def test_what_runs_into_the_next_day_is_cut_at_midnight() -> None:
    late = Item(MIDNIGHT + timedelta(hours=22), MIDNIGHT + timedelta(hours=26))
    grid = grid_of(DAY, [late], COLUMNS, lambda item: [item.track])
    (block,) = grid.columns[0].blocks
    assert (grid.first.hour, block.at, block.rows) == (20, 9, 8)
