"""A person's day as a bar: when they work, when they are busy, when they are away, and so when they are free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from convenor.kernel.instants import MINUTE, Instant, Span
from convenor.kernel.intervals import clip, merge, subtract

FIRST_HOUR, PAST_HOUR = 6, 20
MINUTES = (PAST_HOUR - FIRST_HOUR) * 60

Piece = tuple[int, int]
"""Start and length, in minutes from FIRST_HOUR."""


@dataclass(frozen=True, slots=True)
class DayBar:
    """`away` are the reasons that others may know; `free` is working time that is neither busy nor away."""

    day: date
    working: tuple[Piece, ...]
    busy: tuple[Piece, ...]
    off: tuple[Piece, ...]
    away: tuple[str, ...]
    free: tuple[Span, ...]


def day_bar(
    day: date,
    midnight: Instant,
    *,
    working: Sequence[Span],
    busy: Sequence[Span],
    away: Iterable[tuple[Span, str]],
) -> DayBar:
    """`midnight` begins the day in the zone that it is drawn in; a clock change by night moves nothing between the hours shown."""
    shown = Span(Instant(midnight + FIRST_HOUR * 3_600), Instant(midnight + PAST_HOUR * 3_600))
    gone = [(span, label) for span, label in away if span.overlaps(shown)]
    off = [span for span, _ in gone]
    return DayBar(
        day=day,
        working=_pieces(clip(working, shown), shown),
        busy=_pieces(clip(busy, shown), shown),
        off=_pieces(clip(off, shown), shown),
        away=tuple(dict.fromkeys(label for _, label in gone)),
        free=tuple(subtract(clip(working, shown), merge([*busy, *off]))),
    )


def _pieces(spans: Iterable[Span], shown: Span) -> tuple[Piece, ...]:
    return tuple(
        ((span.start - shown.start) // MINUTE, max(1, (span.end - span.start) // MINUTE)) for span in spans
    )
