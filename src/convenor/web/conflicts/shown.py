"""The list as the page shows it: by day, the worst first, many of one kind folded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, overload

from django.utils import timezone

from convenor.base.actor import Actor
from convenor.scheduling.queries.conflicts import ConflictRow, conflicts_for, counts_for

FOLD_AFTER = 4
SHOWN_BEFORE_FOLD = 3


@dataclass(frozen=True, slots=True)
class Fold:
    """Rows of one kind and severity on one day; `rest` are shown on demand."""

    shown: tuple[ConflictRow, ...]
    rest: tuple[ConflictRow, ...]
    label: str


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    folds: tuple[Fold, ...]
    count: int


class Listed(Sequence[ConflictRow]):
    """The rows as a paginator takes them: counted by one query, read by the page."""

    def __init__(self, actor: Actor, narrowed: dict[str, Any], now: datetime) -> None:
        self._actor, self._narrowed, self._now = actor, narrowed, now
        self.counts = counts_for(actor, now=now, **narrowed)

    def __len__(self) -> int:
        return sum(self.counts.values())

    @overload
    def __getitem__(self, part: int) -> ConflictRow: ...
    @overload
    def __getitem__(self, part: slice) -> list[ConflictRow]: ...
    def __getitem__(self, part: int | slice) -> ConflictRow | list[ConflictRow]:
        if isinstance(part, int):
            return self[part : part + 1][0]
        first = part.start or 0
        most = None if part.stop is None else part.stop - first
        return conflicts_for(self._actor, first=first, most=most, now=self._now, **self._narrowed)


def by_day(rows: Iterable[ConflictRow], *, now: datetime) -> list[Day]:
    """In the reader's zone; what began before today is today's."""
    today = timezone.localtime(now).date()

    def day_of(row: ConflictRow) -> date:
        return max(today, timezone.localtime(row.starts_at).date())

    ordered = sorted(rows, key=lambda row: (day_of(row), row.starts_at))
    return [_day(day, list(group)) for day, group in groupby(ordered, key=day_of)]


def _day(day: date, rows: Sequence[ConflictRow]) -> Day:
    by_kind = sorted(rows, key=lambda row: (-row.severity, row.kind, row.starts_at, row.id))
    groups = [list(group) for _, group in groupby(by_kind, key=lambda row: (row.severity, row.kind))]
    folds = [
        _fold(group) for group in sorted(groups, key=lambda group: (-group[0].severity, group[0].starts_at))
    ]
    return Day(day, tuple(folds), len(rows))


def _fold(rows: Sequence[ConflictRow]) -> Fold:
    cut = len(rows) if len(rows) <= FOLD_AFTER else SHOWN_BEFORE_FOLD
    return Fold(tuple(rows[:cut]), tuple(rows[cut:]), rows[0].kind_label)
