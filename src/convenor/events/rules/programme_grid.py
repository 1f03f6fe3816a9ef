"""A day of the programme as a grid: a column for each track or room, quarters of an hour down. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Generic, Protocol, TypeVar

QUARTER, HOUR, DAY = 15, 60, 1_440
LEAST_HOURS = 4
MOST_LANES = 8


class Timed(Protocol):
    """What is laid out: times on the event's clocks."""

    @property
    def starts(self) -> datetime: ...
    @property
    def ends(self) -> datetime: ...


T = TypeVar("T", bound=Timed)


@dataclass(frozen=True, slots=True)
class Block(Generic[T]):
    """`at` is the first row, from 1, and `rows` how many it takes; `lane`, from 1, is its place among what overlaps."""

    item: T
    at: int
    rows: int
    lane: int


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """`key` is the track's name or the room's key, "" for none."""

    key: str
    label: str
    lanes: int
    blocks: tuple[Block[T], ...]


@dataclass(frozen=True, slots=True)
class Grid(Generic[T]):
    """`first` is the time of row 1; `hours` are the full hours with their rows."""

    day: date
    first: datetime
    rows: int
    hours: tuple[tuple[time, int], ...]
    columns: tuple[Column[T], ...]


def grid_of(
    day: date,
    items: Sequence[T],
    columns: Sequence[tuple[str, str]],
    keys_of: Callable[[T], Iterable[str]],
) -> Grid[T]:
    """The items of that day; `columns` are keys and labels in order, `keys_of` the columns in which an item stands."""
    midnight = datetime.combine(day, time())
    spans = [_minutes(midnight, each) for each in items]
    first = min((start for start, _end in spans), default=9 * HOUR) // HOUR * HOUR
    last = -(-max((end for _start, end in spans), default=first) // HOUR) * HOUR
    last = min(max(last, first + LEAST_HOURS * HOUR), DAY)
    first = min(first, last - LEAST_HOURS * HOUR)
    placed = [(each, *_rows(span, first)) for each, span in zip(items, spans, strict=True)]
    made = [
        _column(key, label, [row for row in placed if key in set(keys_of(row[0]))]) for key, label in columns
    ]
    hours = [
        ((midnight + timedelta(minutes=at)).time(), (at - first) // QUARTER + 1)
        for at in range(first, last, HOUR)
    ]
    start = midnight + timedelta(minutes=first)
    return Grid(day, start, (last - first) // QUARTER, tuple(hours), tuple(made))


def _minutes(midnight: datetime, item: Timed) -> tuple[int, int]:
    """From midnight, cut at the end of the day."""
    start = max((item.starts - midnight) // timedelta(minutes=1), 0)
    end = min((item.ends - midnight) // timedelta(minutes=1), DAY)
    return start, max(end, start + 1)


def _rows(span: tuple[int, int], first: int) -> tuple[int, int]:
    """The first row and how many, so that all of its time is covered."""
    at = (span[0] - first) // QUARTER
    return at + 1, max(-(-(span[1] - first) // QUARTER) - at, 1)


def _column(key: str, label: str, placed: Iterable[tuple[T, int, int]]) -> Column[T]:
    """What overlaps stands side by side: each in the first lane that is free, the last one where none is."""
    free_from: list[int] = []
    blocks: list[Block[T]] = []
    for item, at, rows in sorted(placed, key=lambda row: (row[1], -row[2])):
        lane = next((lane for lane, free in enumerate(free_from) if free <= at), len(free_from))
        lane = min(lane, MOST_LANES - 1)
        if lane == len(free_from):
            free_from.append(0)
        free_from[lane] = max(free_from[lane], at + rows)
        blocks.append(Block(item, at, rows, lane + 1))
    return Column(key, label, max(len(free_from), 1), tuple(blocks))
