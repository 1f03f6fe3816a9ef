"""Which movable meetings are worth moving: those in the way at starts where nothing fixed is."""

from __future__ import annotations

import numpy as np

from convenor.kernel.find_times.busy_table import FIXED, BusyTable, Movable, empty_table, widened
from convenor.kernel.find_times.grid import Flags, Ints, flags_of, merged_ranges, range_counts
from convenor.kernel.find_times.horizon import Horizon
from convenor.kernel.find_times.prepared import PreparedGrid
from convenor.kernel.find_times.question import Question


def promising_moves(prepared: PreparedGrid) -> list[Movable]:
    """Cheap ones first, then those in the way of more starts. Only promising: people's groups and the rooms' other bookings are left to
    the search that verifies.
    """
    starts: dict[Movable, int] = {}
    rooms = _room_rows(prepared)
    for place in prepared.places:
        table = place.calendars.table
        nearly = _nearly_open(prepared, table)
        for rows in (table.where(_movable(table)), rooms):
            _count(starts, rows, nearly, prepared.horizon)
    return sorted((m for m, n in starts.items() if n), key=lambda m: (m.cost, -starts[m], m.meeting, m.span))


def _nearly_open(prepared: PreparedGrid, table: BusyTable) -> Flags:
    """Starts at which required people have nothing but at most one movable meeting."""
    horizon, slots = prepared.horizon, prepared.horizon.grid.slots
    required = table.where(prepared.roster.required[table.owner])
    movable = _movable(required)
    first, past = _starts_in_the_way(required, horizon)
    fixed = range_counts(first[~movable], past[~movable], slots)
    column = required.movable_column[movable]
    _, begin, end = merged_ranges(column, first[movable], past[movable], slots)
    few: Flags = (fixed == 0) & (range_counts(begin, end, slots) <= 1)
    return few & flags_of(prepared.allowed, slots)


def _count(starts: dict[Movable, int], rows: BusyTable, nearly: Flags, horizon: Horizon) -> None:
    """Add, for every movable meeting, how many of the nearly open starts its rows are in the way of."""
    first, past = _starts_in_the_way(rows, horizon)
    before = np.concatenate([[0], nearly.cumsum()])
    gained = np.maximum(before[np.maximum(first, past)] - before[first], 0)
    total = np.bincount(rows.movable_column, gained, len(rows.movables))
    for i in np.flatnonzero(total):
        starts[rows.movables[i]] = starts.get(rows.movables[i], 0) + int(total[i])


def _room_rows(prepared: PreparedGrid) -> BusyTable:
    """Movable reserved time of rooms that would fit, widened by their turn times."""
    question = prepared.question
    table = question.rooms_busy or empty_table()
    fitting = {o.room.key for place in prepared.places for venue in place.venues for o in venue if o.fits}
    fits = np.array([room.key in fitting for room in question.rooms], np.bool_)
    rows = table.where(_movable(table) & fits[table.owner]) if len(table) else table
    return widened(rows, _minutes(question, rows, "turn_minutes"), _minutes(question, rows, "setup_minutes"))


def _minutes(question: Question, rows: BusyTable, column: str) -> Ints:
    return np.array([getattr(room, column) for room in question.rooms], np.int64)[rows.owner]


def _movable(table: BusyTable) -> Flags:
    movable: Flags = table.movable_column != FIXED
    return movable


def _starts_in_the_way(table: BusyTable, horizon: Horizon) -> tuple[Ints, Ints]:
    """The starts `[first, past)` of meetings that would meet each row."""
    first, past = horizon.grid.touched(table.start, table.end)
    return np.where(first < past, np.maximum(first - horizon.length + 1, 0), past), past
