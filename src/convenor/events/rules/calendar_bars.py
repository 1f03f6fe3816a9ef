"""Events as bars on a month's weeks and on a year's months. Pure: days in, columns out."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)
DAYS_A_WEEK, MONTHS = 7, 12


@dataclass(frozen=True, slots=True)
class Lasting:
    """Something from its first to its last day, both included."""

    key: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of it on one line: columns from 1. `goes_on` and `came_on` say that it is longer than the line."""

    key: int
    column: int
    span: int
    came_on: bool
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Week:
    days: tuple[date, ...]
    bars: tuple[Bar, ...]


def weeks_of(month: date, lasting: Iterable[Lasting]) -> list[Week]:
    """The weeks that touch the month, Monday first, whole; with what is on in each, the earliest and longest first."""
    ordered = _ordered(lasting)
    weeks = calendar.Calendar().monthdatescalendar(month.year, month.month)
    return [Week(tuple(days), _week_bars(days, ordered)) for days in weeks]


def _week_bars(days: Sequence[date], ordered: Sequence[Lasting]) -> tuple[Bar, ...]:
    monday, sunday = days[0], days[-1]
    found = []
    for each in ordered:
        first, last = max(each.first, monday), min(each.last, sunday)
        if first <= last:
            column, span = (first - monday).days + 1, (last - first).days + 1
            found.append(Bar(each.key, column, span, each.first < monday, each.last > sunday))
    return tuple(found)


def year_bars(year: int, lasting: Iterable[Lasting]) -> list[Bar]:
    """What is on in the year, by the months that it touches, the earliest and longest first."""
    found = []
    for each in _ordered(lasting):
        if each.first.year <= year <= each.last.year:
            first = each.first.month if each.first.year == year else 1
            last = each.last.month if each.last.year == year else MONTHS
            came_on, goes_on = each.first.year < year, each.last.year > year
            found.append(Bar(each.key, first, last - first + 1, came_on, goes_on))
    return found


def _ordered(lasting: Iterable[Lasting]) -> list[Lasting]:
    return sorted(lasting, key=lambda each: (each.first, each.first - each.last, each.key))


def month_before(month: date) -> date:
    return (month.replace(day=1) - DAY).replace(day=1)


def month_after(month: date) -> date:
    return (month.replace(day=28) + 4 * DAY).replace(day=1)
