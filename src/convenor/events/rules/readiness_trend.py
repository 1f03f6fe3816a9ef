"""The picture of readiness over time: a bar a day, stacked from what is met to what blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from convenor.events.enums import Level
from convenor.events.rules.readiness import MET, RANK

STEP, HEIGHT = 6, 40
"""Of the picture, in its own units: from bar to bar, and a whole bar."""
ORDER = sorted(RANK, key=RANK.__getitem__)


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many checks stood where at the end of a day."""

    day: date
    counts: Mapping[Level, int]

    @property
    def percent(self) -> int:
        """Of the checks that were met; a day without any counts as ready."""
        total = sum(self.counts.values())
        return 100 * sum(self.counts[level] for level in MET) // total if total else 100


@dataclass(frozen=True, slots=True)
class Piece:
    level: Level
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    x: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """The picture and what it says: `first` and `last` are its outermost days."""

    bars: tuple[Bar, ...]
    first: DayCount
    last: DayCount

    @property
    def width(self) -> int:
        return len(self.bars) * STEP

    @property
    def height(self) -> int:
        return HEIGHT


def trend(days: Sequence[DayCount]) -> Trend | None:
    """From days in order; None where there are too few to compare."""
    if len(days) < 2:  # two make a comparison
        return None
    bars = tuple(Bar(place * STEP, _pieces(each)) for place, each in enumerate(days))
    return Trend(bars, days[0], days[-1])


def _pieces(day: DayCount) -> tuple[Piece, ...]:
    """From the bottom: OK, waived, attention, blocking."""
    total = sum(day.counts.values())
    pieces, top = [], float(HEIGHT)
    for level in ORDER:
        if count := day.counts[level]:
            height = HEIGHT * count / total
            top -= height
            pieces.append(Piece(level, round(top, 2), round(height, 2)))
    return tuple(pieces)
