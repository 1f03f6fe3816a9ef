"""Everybody's calendar on the grid as seen from one place: buffers and the way there and back count as busy.

Free time is kept as gaps, runs of cells between one busy stretch of a person and the next. A person's gaps are disjoint, and so are the
starts that fit in them; so counting people over all starts at once is a difference array over gaps, however their meetings overlap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from convenor.kernel.find_times.busy_table import NOWHERE, BusyTable, widened
from convenor.kernel.find_times.grid import (
    Flags,
    Ints,
    bits_by_owner,
    bits_from_arrays,
    bits_from_flags,
    merged_ranges,
    range_counts,
    starts_that_fit,
)
from convenor.kernel.find_times.horizon import Horizon
from convenor.kernel.find_times.question import Question
from convenor.kernel.find_times.roster import Roster
from convenor.kernel.instants import MINUTE, Span

LONG_AGO = -(1 << 60)
SHORT_GAP = 30 * MINUTE
"""Free time shorter than this is lost to its owner: a fragment."""
TIGHT = 15 * MINUTE
"""Up to so much to spare, a way between two sites is tight."""


@dataclass(frozen=True, slots=True, eq=False)
class Gaps:
    """Runs of free cells `[first, past)` of people by position; a meeting takes `length` cells of the `slots` there are."""

    owner: Ints
    first: Ints
    past: Ints
    length: int
    slots: int

    def free_at(self, start: int, people: int) -> Flags:
        """Which of so many people are free for a meeting that starts in this cell."""
        free = np.zeros(people, np.bool_)
        free[self.owner[self._around(start)]] = True
        return free

    def weights(self, weight: Ints) -> Ints:
        """The weight, for each start, of those who are free; `weight` goes by person."""
        return range_counts(self.first, self.past - self.length + 1, self.slots, weight[self.owner])

    def by(self, column: Ints, numbers: int) -> list[Gaps]:
        """Apart by a number that each person has, from 0 on; gaps of those with a negative one are left out."""
        mine = column[self.owner]
        order = np.argsort(mine, kind="stable")
        edges = np.searchsorted(mine[order], np.arange(numbers + 1))
        parts = [order[low:high] for low, high in pairwise(edges.tolist())]
        return [Gaps(self.owner[p], self.first[p], self.past[p], self.length, self.slots) for p in parts]

    def fragments(self, short: int) -> Ints:
        """For each start, how many gaps of 1 to `short` cells it would leave before or after. The grid's own ends make none."""
        last = self.past - self.length
        before = np.where(self.first > 0, np.minimum(self.first + short, last), -1)
        after = np.where(self.past < self.slots, np.maximum(self.first, last - short), self.slots)
        return range_counts(self.first + 1, before + 1, self.slots) + range_counts(after, last, self.slots)

    def fragmented_at(self, start: int, short: int) -> list[int]:
        """Whose day would be left with such a gap, once for each."""
        here = self._around(start)
        owner, first, past = self.owner[here], self.first[here], self.past[here]
        before, after = start - first, past - start - self.length
        lost_before = (first > 0) & (before >= 1) & (before <= short)
        lost_after = (past < self.slots) & (after >= 1) & (after <= short)
        return [*owner[lost_before].tolist(), *owner[lost_after].tolist()]

    def _around(self, start: int) -> Ints:
        """The gaps, one a person at most, that hold the meeting which starts in this cell."""
        return np.flatnonzero((self.first <= start) & (self.past >= start + self.length))


@dataclass(frozen=True, slots=True, eq=False)
class Calendars:
    """The roster's busy time, widened by buffers and travel, on the horizon.

    `arrives` is when the owner of a row could be here after it, `leaves` when they'd have to go to be there for it; only of rows at
    another site, the others say "long ago" and "in a long time".
    """

    horizon: Horizon
    table: BusyTable
    people: int
    arrives: Ints
    leaves: Ints

    def taken(self, who: Flags) -> int:
        """Starts at which at least one of these can't come."""
        mine = who[self.table.owner]
        busy = bits_from_arrays(self.horizon.grid, self.table.start[mine], self.table.end[mine])
        return self._blocked(busy)

    def taken_by_each(self, who: Flags) -> list[int]:
        """The same for each of these alone, in order of position."""
        mine = who[self.table.owner]
        number = who.cumsum() - 1
        owner = number[self.table.owner[mine]]
        grid = self.horizon.grid
        each = bits_by_owner(grid, owner, self.table.start[mine], self.table.end[mine], int(who.sum()))
        return [self._blocked(busy) for busy in each]

    def fewer_than(self, at_least: int, who: Flags) -> int:
        """Starts at which fewer than so many of these can come."""
        free = self.gaps(who).weights(np.ones(self.people, np.int64))
        return self.horizon.universe & bits_from_flags(free < at_least)

    def gaps(self, who: Flags) -> Gaps:
        """These people's free time."""
        grid, people = self.horizon.grid, np.flatnonzero(who)
        mine = who[self.table.owner]
        first, past = grid.touched(self.table.start[mine], self.table.end[mine])
        # An empty stretch at either end of the grid gives everybody a first and a last gap.
        ends = np.full(len(people), grid.slots)
        owner = np.concatenate([self.table.owner[mine], people, people])
        first = np.concatenate([first, np.zeros_like(ends), ends])
        past = np.concatenate([past, np.zeros_like(ends), ends])
        owner, first, past = merged_ranges(owner, first, past, grid.slots)
        same = owner[1:] == owner[:-1]
        return Gaps(owner[1:][same], past[:-1][same], first[1:][same], self.horizon.length, grid.slots)

    def slack(self, span: Span) -> dict[int, int]:
        """Seconds between coming from another site and the meeting, or the meeting and having to leave for one: the least by person,
        of those whose calendar leaves any.
        """
        least: dict[int, int] = {}
        for seconds in (span.start - self.arrives, self.leaves - span.end):
            for row in np.flatnonzero((seconds >= 0) & (seconds <= TIGHT)):
                owner = int(self.table.owner[row])
                least[owner] = min(int(seconds[row]), least.get(owner, TIGHT))
        return least

    @property
    def short(self) -> int:
        """The longest gap, in cells, that is still a fragment."""
        return (SHORT_GAP - 1) // self.horizon.grid.step_seconds

    def _blocked(self, busy: int) -> int:
        grid = self.horizon.grid
        return self.horizon.universe & ~starts_that_fit(grid.full & ~busy, self.horizon.length)


def calendars_of(
    question: Question, roster: Roster, horizon: Horizon, sites: Sequence[str | None]
) -> Calendars:
    """As for a meeting that each person attends at the site given for them by position; None: without travelling."""
    table = roster.table
    after = np.where(table.away_column, 0, question.buffer_minutes_before)
    before = np.where(table.away_column, 0, question.buffer_minutes_after)
    arrives, leaves = np.full(len(table), LONG_AGO), np.full(len(table), -LONG_AGO)
    if question.travel and table.sites:
        place = {
            site: i for i, site in enumerate(dict.fromkeys((*table.sites, *(site for site in sites if site))))
        }
        minutes = _travel_minutes(place, question.travel)
        there = table.site_column
        here = np.array([NOWHERE if site is None else place[site] for site in sites], np.int64)[table.owner]
        coming, going = minutes[there, here], minutes[here, there]
        arrives = np.where(coming > 0, table.end + coming * MINUTE, arrives)
        leaves = np.where(going > 0, table.start - going * MINUTE, leaves)
        after, before = np.maximum(after, coming), np.maximum(before, going)
    return Calendars(horizon, widened(table, before, after), len(roster.people), arrives, leaves)


def _travel_minutes(place: Mapping[str, int], travel: Mapping[tuple[str, str], int]) -> Ints:
    """Minutes from row to column. The last row and column are NOWHERE's: no way at all."""
    minutes = np.zeros((len(place) + 1, len(place) + 1), np.int64)
    for (start, end), taken in travel.items():
        if start in place and end in place:
            minutes[place[start], place[end]] = taken
            if (end, start) not in travel:
                minutes[place[end], place[start]] = taken
    return minutes
