"""DAILY and WEEKLY rules in closed form: each weekday of such a rule is an arithmetic progression of days.

A weekly rule on m weekdays is m progressions `first + k · 7 · interval`. Its occurrence number, which COUNT bounds, is
`k · m + place - skipped`, where `place` is the weekday's place in the week (counted from WKST) and `skipped` the places of the first week
that lie before the start. So COUNT, too, is only a bound on k, and thousands of series are expanded by one numpy sweep without a loop.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from convenor.kernel.recurrence.rule import Frequency, Rule
from convenor.kernel.zones import Seconds

THURSDAY = 3  # 1970-01-01, day 0
NO_END = 1 << 40


class Progression(NamedTuple):
    """The days `first + k * step` for `k_from <= k < k_to`, of the series at position `series`."""

    series: int
    first: int
    step: int
    k_from: int
    k_to: int


def is_progression(rule: Rule) -> bool:
    """Whether a rule has a closed form: plain DAILY, or WEEKLY with at most BYDAY and WKST; INTERVAL, COUNT and UNTIL as they like."""
    if (
        rule.months
        or rule.month_days
        or rule.year_days
        or rule.hours
        or rule.minutes
        or rule.seconds
        or rule.positions
    ):
        return False
    return rule.frequency is Frequency.WEEKLY or (rule.frequency is Frequency.DAILY and not rule.weekdays)


def progressions(rule: Rule, *, series: int, start_day: int) -> list[Progression]:
    """The progressions of a rule that `is_progression` accepts, for a series whose first local day is `start_day`."""
    if rule.frequency is Frequency.DAILY:
        return [Progression(series, start_day, rule.interval, 0, rule.count or NO_END)]
    begin = (start_day + THURSDAY - rule.week_start) % 7
    week, step = start_day - begin, 7 * rule.interval
    places = sorted((entry.weekday - rule.week_start) % 7 for entry in rule.weekdays) or [begin]
    skipped = sum(place < begin for place in places)
    return [
        Progression(series, week + place, step, place < begin, _k_to(rule.count, skipped - n, len(places)))
        for n, place in enumerate(places)
    ]


def days_of(rows: list[Progression], low: Seconds, high: Seconds) -> tuple[Seconds, Seconds]:
    """Every day of the progressions within `[low, high]`, bounds given per series: positions of series, and days since 1970-01-01."""
    series, first, step, k_from, k_to = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    k_from = np.maximum(k_from, -((first - low[series]) // step))
    k_to = np.minimum(k_to, (high[series] - first) // step + 1)
    lengths = np.maximum(k_to - k_from, 0)
    row = np.repeat(np.arange(len(lengths)), lengths)
    # k counts up from each row's k_from: the flat position, less where the row begins.
    k = np.arange(len(row)) - np.repeat(np.cumsum(lengths) - lengths - k_from, lengths)
    return series[row], first[row] + k * step[row]


def _k_to(count: int | None, ahead: int, places: int) -> int:
    """The first k whose occurrence number, `k * places - ahead`, reaches the count."""
    return -(-(count + ahead) // places) if count else NO_END
