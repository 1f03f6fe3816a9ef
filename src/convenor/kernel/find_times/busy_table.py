"""Busy time in columns: the form in which 100,000 intervals go from the database to the grid without an object each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from convenor.kernel.find_times.grid import Flags, Ints
from convenor.kernel.instants import MINUTE, Span

NOWHERE = -1
"""In `BusyTable.site`: takes place nowhere that one would have to travel from."""
FIXED = -1
"""In `BusyTable.movable`: stays where it is."""


@dataclass(frozen=True, slots=True)
class Busy:
    """Time that somebody or some room isn't free.

    `label` is what others may be told, `meeting` the UID where it may be named. Only a `movable` one with a UID is ever proposed to be
    moved; `cost` makes that proposal dearer. `event` is the meeting's own time where `span` is more than that (a room's reserved time):
    meeting and event time together say which occurrence this is. `site` is where it takes place, for travel.
    """

    span: Span
    label: str = ""
    movable: bool = False
    meeting: str | None = None
    cost: int = 0
    site: str | None = None
    event: Span | None = None


@dataclass(frozen=True, slots=True)
class Movable:
    """An occurrence that could be moved out of the way; `span` is its event time.

    Meeting and event time are what it is; if calendars differ about the rest, the first one told counts.
    """

    meeting: str
    span: Span
    label: str = field(default="", compare=False)
    cost: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class BusyTable:
    """Intervals in columns of equal length; `start` and `end` are seconds UTC.

    `owner` is a position in the question's people (or rooms). `site` is a position in `sites`, or NOWHERE; `movable` one in `movables`,
    or FIXED; `away` marks leave and holidays, which need no buffer. A column left out is NOWHERE, FIXED or False throughout.
    """

    owner: Ints
    start: Ints
    end: Ints
    site: Ints | None = None
    movable: Ints | None = None
    away: Flags | None = None
    sites: tuple[str, ...] = ()
    movables: tuple[Movable, ...] = ()

    def __len__(self) -> int:
        return len(self.owner)

    @property
    def site_column(self) -> Ints:
        return np.full(len(self), NOWHERE) if self.site is None else self.site

    @property
    def movable_column(self) -> Ints:
        return np.full(len(self), FIXED) if self.movable is None else self.movable

    @property
    def away_column(self) -> Flags:
        return np.zeros(len(self), np.bool_) if self.away is None else self.away

    def where(self, kept: Flags) -> BusyTable:
        """The rows marked True."""
        return replace(
            self,
            owner=self.owner[kept],
            start=self.start[kept],
            end=self.end[kept],
            site=None if self.site is None else self.site[kept],
            movable=None if self.movable is None else self.movable[kept],
            away=None if self.away is None else self.away[kept],
        )

    def without(self, moved: Movable) -> BusyTable:
        """The rows left when an occurrence has been moved away."""
        gone = [i for i, each in enumerate(self.movables) if each == moved]
        return self.where(~np.isin(self.movable_column, gone))


def empty_table() -> BusyTable:
    none = np.zeros(0, np.int64)
    return BusyTable(none, none, none)


def table_of(owners: Iterable[Iterable[Busy]], away: Iterable[Iterable[Busy]] = ()) -> BusyTable:
    """A table of everybody's busy time and of their leave and holidays, owners by position."""
    rows = [(owner, busy, False) for owner, many in enumerate(owners) for busy in many]
    rows += [(owner, busy, True) for owner, many in enumerate(away) for busy in many]
    sites: dict[str, int] = {}
    movables: dict[Movable, int] = {}
    site = [NOWHERE if busy.site is None else sites.setdefault(busy.site, len(sites)) for _, busy, _ in rows]
    movable = [_place(movables, movable_of(busy)) for _, busy, _ in rows]
    return BusyTable(
        owner=np.array([owner for owner, _, _ in rows], np.int64),
        start=np.array([busy.span.start for _, busy, _ in rows], np.int64),
        end=np.array([busy.span.end for _, busy, _ in rows], np.int64),
        site=np.array(site, np.int64),
        movable=np.array(movable, np.int64),
        away=np.array([away for _, _, away in rows], np.bool_),
        sites=tuple(sites),
        movables=tuple(movables),
    )


def movable_of(busy: Busy) -> Movable | None:
    """The occurrence that could be moved, or None where it can't or mayn't be named."""
    if not busy.movable or busy.meeting is None:
        return None
    return Movable(busy.meeting, busy.event or busy.span, busy.label, busy.cost)


def joined(tables: Sequence[BusyTable]) -> BusyTable:
    """One table of several; columns of places and movables are renumbered."""
    tables = [table for table in tables if len(table)]
    if not tables:
        return empty_table()
    if len(tables) == 1:
        return tables[0]
    sites = tuple(dict.fromkeys(site for table in tables for site in table.sites))
    movables = tuple(dict.fromkeys(each for table in tables for each in table.movables))
    site_place = {site: i for i, site in enumerate(sites)}
    movable_place = {each: i for i, each in enumerate(movables)}
    return BusyTable(
        owner=np.concatenate([table.owner for table in tables]),
        start=np.concatenate([table.start for table in tables]),
        end=np.concatenate([table.end for table in tables]),
        site=np.concatenate([_renumbered(t.site_column, [site_place[s] for s in t.sites]) for t in tables]),
        movable=np.concatenate(
            [_renumbered(t.movable_column, [movable_place[m] for m in t.movables]) for t in tables]
        ),
        away=np.concatenate([table.away_column for table in tables]),
        sites=sites,
        movables=movables,
    )


def widened(table: BusyTable, before_minutes: Ints, after_minutes: Ints) -> BusyTable:
    """Rows begin so much earlier and end so much later."""
    return replace(table, start=table.start - before_minutes * MINUTE, end=table.end + after_minutes * MINUTE)


def _place(places: dict[Movable, int], movable: Movable | None) -> int:
    return FIXED if movable is None else places.setdefault(movable, len(places))


def _renumbered(column: Ints, places: list[int]) -> Ints:
    """-1 stays -1: it is the last entry of the table of new numbers, which is where index -1 looks."""
    return np.array([*places, -1], np.int64)[column]
