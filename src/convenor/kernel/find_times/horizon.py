"""From windows to a grid: when a meeting could start, in every week of a series, and how long it is in cells.

The cell is the greatest length that divides the step, the meeting and a quarter of an hour, and on which every start lies; with the usual
quarter-hour steps it is a quarter. Everything else (buffers, travel, set-up) widens busy time by exact seconds before it meets the grid,
so nothing is lost to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from math import gcd

import numpy as np

from convenor.kernel.find_times.grid import Grid, Ints, bits_from_flags, bits_within, starts_that_fit
from convenor.kernel.find_times.question import BadQuestion, Hours, Question
from convenor.kernel.instants import DAY, MINUTE, WEEK, Instant, Span, ZoneName
from convenor.kernel.intervals import merge
from convenor.kernel.zones import zone_table

QUARTER = 15 * MINUTE
MOST_CELLS = 1_000_000
"""Ten years of five-minute cells; a question that needs more is refused."""


@dataclass(frozen=True, slots=True, eq=False)
class Horizon:
    """`starts[week, i]` is the cell where occurrence `week` of the i-th possible start begins; `universe` is all of these as a set."""

    grid: Grid
    length: int
    starts: Ints
    universe: int

    def span(self, cell: int) -> Span:
        """The meeting that starts at a cell."""
        return Span(self.grid.instant(cell), self.grid.instant(cell + self.length))


def horizon_of(question: Question) -> Horizon | None:
    """Where the question's meeting could start if nobody and nothing stood in the way; None if no window holds it.

    Raises BadQuestion when the windows are longer than the grid can be.
    """
    first = _first_starts(question)
    if not first.size:
        return None
    starts = _weekly(first, question.zone, question.weeks)
    origin = Instant(int(starts.min()))
    length = question.minutes * MINUTE
    steps = (question.step_minutes * MINUTE, length, QUARTER)
    cell = gcd(*steps, int(np.gcd.reduce(starts.ravel() - origin)))
    slots = (int(starts.max()) + length - origin) // cell
    if slots > MOST_CELLS:
        raise BadQuestion(
            f"The windows hold {slots} steps of {cell} seconds; at most {MOST_CELLS} can be searched at once."
        )
    grid = Grid(origin, cell, slots)
    cells = (starts - origin) // cell
    flags = np.zeros(slots, np.bool_)
    flags[cells.ravel()] = True
    return Horizon(grid, length // cell, cells, bits_from_flags(flags))


def within_hours(horizon: Horizon, hours: Hours, zones: set[ZoneName]) -> int:
    """Starts of meetings that keep the local hours in every zone."""
    allowed = horizon.grid.full
    for zone in sorted(zones):
        allowed &= bits_within(horizon.grid, _daily(hours, zone, horizon.grid.span))
    return starts_that_fit(allowed, horizon.length)


def shifted_days(span: Span, zone: ZoneName, days: int) -> Span | None:
    """The same wall-clock times so many days later; None if a change of the clocks leaves nothing of it."""
    table = zone_table(zone)
    start, end = table.to_utc(table.to_wall(np.array([span.start, span.end], np.int64)) + days * DAY).tolist()
    return Span(Instant(start), Instant(end)) if start < end else None


def _first_starts(question: Question) -> Ints:
    """The possible starts, as seconds UTC, of a single meeting or of a series' first."""
    step, length = question.step_minutes * MINUTE, question.minutes * MINUTE
    pieces = [np.zeros(0, np.int64)]
    for window in merge(question.windows):
        if window.end > question.now:
            anchor = _rounded_up(max(window.start, question.now), step, question.zone)
            pieces.append(np.arange(anchor, window.end - length + 1, step, dtype=np.int64))
    return np.concatenate(pieces)


def _rounded_up(start: Instant, step: int, zone: ZoneName) -> int:
    """To the next multiple of the step since local midnight: in Kathmandu (+05:45) half hours are half hours there, not in UTC."""
    wall = int(zone_table(zone).to_wall(np.array([start], np.int64))[0])
    return start + -(wall % DAY) % step


def _weekly(first: Ints, zone: ZoneName, weeks: int) -> Ints:
    """Rows of starts, one per week, at the same wall-clock time (RFC 5545 §3.3.5 where that time is skipped or comes twice)."""
    if weeks == 1:
        return first[np.newaxis, :]
    table = zone_table(zone)
    wall = table.to_wall(first)
    # The first week keeps its own instants: a start in the second of two equal hours must not slip into the first.
    return np.stack([first, *(table.to_utc(wall + week * WEEK) for week in range(1, weeks))])


def _daily(hours: Hours, zone: ZoneName, within: Span) -> list[Span]:
    """The hours of every local day that could touch the span."""
    table = zone_table(zone)
    low, high = table.to_wall(np.array([within.start, within.end], np.int64)).tolist()
    midnights = np.arange(low // DAY - 1, high // DAY + 2, dtype=np.int64) * DAY
    earliest, latest = _seconds(hours.earliest), _seconds(hours.latest)
    starts = table.to_utc(midnights + earliest)
    ends = table.to_utc(midnights + latest + (DAY if latest <= earliest else 0))
    pairs = zip(starts.tolist(), ends.tolist(), strict=True)
    return [Span(Instant(start), Instant(end)) for start, end in pairs if start < end]


def _seconds(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * MINUTE + clock.second
