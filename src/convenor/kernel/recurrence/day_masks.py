"""Every rule of DAILY frequency and up: take the days in question as one array, and strike out what each part excludes.

RFC 5545 §3.3.10 tells of parts that expand and parts that limit. Over the set of all days both are the same thing, a condition on the
day: BYMONTH=3 holds for March whether the frequency is daily or yearly. What a missing part takes from the start (its day of the month,
its weekday, its time of day) is filled in first. Positions (BYSETPOS) are ranks within a period, counted from both ends.

The work is bounded by the days looked at, even for a rule that never gives a date; dateutil, which walks on to the year 9999 then, is
what the tests hold this against.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from convenor.kernel.instants import DAY, HOUR, MINUTE, wall_seconds
from convenor.kernel.recurrence.progressions import THURSDAY
from convenor.kernel.recurrence.rule import Frequency, Rule, Weekday, WeekdayNum

if TYPE_CHECKING:
    from convenor.kernel.instants import LocalTime
    from convenor.kernel.zones import Seconds

Mask = npt.NDArray[np.bool_]

_UNITS = {Frequency.YEARLY: "Y", Frequency.MONTHLY: "M"}


def local_times(rule: Rule, start: LocalTime, *, low: int, high: int) -> Seconds:
    """The rule's local times on the days `[low, high]` (days since 1970-01-01) from the start on, as sorted wall seconds.

    UNTIL is left to the caller, who knows the zone. COUNT is kept, by counting from the start.
    """
    rule = complete(rule, start)
    first = wall_seconds(start) // DAY
    days = _whole_periods(rule, first if rule.count else max(low, first), high)
    days = days[_mask(rule, days, first)]
    times = (days[:, None] * DAY + _times_of_day(rule)).ravel()
    if rule.positions:
        times = times[_positions(rule, _period(rule, times // DAY))]
    times = times[times >= wall_seconds(start)][: rule.count]
    return times[(times >= low * DAY) & (times < (high + 1) * DAY)]


def complete(rule: Rule, start: LocalTime) -> Rule:
    """The rule with everything that it takes from the start written out."""
    given: dict[str, tuple[int, ...] | tuple[WeekdayNum, ...]] = {
        "hours": rule.hours or (start.hour,),
        "minutes": rule.minutes or (start.minute,),
        "seconds": rule.seconds or (start.second,),
    }
    if not (rule.week_numbers or rule.year_days or rule.month_days or rule.weekdays):
        if rule.frequency is Frequency.YEARLY:
            given |= {"months": rule.months or (start.month,), "month_days": (start.day,)}
        elif rule.frequency is Frequency.MONTHLY:
            given["month_days"] = (start.day,)
        elif rule.frequency is Frequency.WEEKLY:
            given["weekdays"] = (WeekdayNum(0, Weekday(start.weekday())),)
    return replace(rule, **given)  # type: ignore[arg-type]  # the names and types above are Rule's own


def without_times(rule: Rule) -> Rule:
    """The rule without the parts that set a time of day."""
    return replace(rule, hours=(), minutes=(), seconds=())


def _whole_periods(rule: Rule, low: int, high: int) -> Seconds:
    """The days from `low` to `high`, widened to whole periods where positions are counted in them."""
    if rule.positions:
        if rule.frequency is Frequency.WEEKLY:
            low, high = low - 6, high + 6
        elif unit := _UNITS.get(rule.frequency):
            low = int(np.datetime64(low, "D").astype(f"M8[{unit}]").astype("M8[D]").astype(np.int64))
            high = (
                int((np.datetime64(high, "D").astype(f"M8[{unit}]") + 1).astype("M8[D]").astype(np.int64)) - 1
            )
    return np.arange(low, max(low, high + 1), dtype=np.int64)


def _mask(rule: Rule, days: Seconds, first: int) -> Mask:
    """Which days every part of a completed rule allows."""
    begin = _period(rule, np.array([first], dtype=np.int64))
    mask: Mask = (_period(rule, days) - begin) % rule.interval == 0
    if rule.months:
        mask &= np.isin(_since(days, "M") % 12 + 1, rule.months)
    if rule.month_days:
        mask &= _nth_day(days, "M", rule.month_days)
    if rule.year_days:
        mask &= _nth_day(days, "Y", rule.year_days)
    if rule.week_numbers:
        mask &= _nth_week(days, rule.week_start, rule.week_numbers)
    if rule.weekdays:
        mask &= _weekdays(rule, days)
    return mask


def _weekdays(rule: Rule, days: Seconds) -> Mask:
    """BYDAY, counted within the year for a yearly rule without BYMONTH and within the month otherwise."""
    weekday = (days + THURSDAY) % 7
    plain = [entry.weekday for entry in rule.weekdays if not entry.nth]
    mask = np.isin(weekday, plain)
    if len(plain) < len(rule.weekdays):
        within = "Y" if rule.frequency is Frequency.YEARLY and not rule.months else "M"
        from_start, from_end = _places(days, within)
        for nth, day in rule.weekdays:
            place = from_start if nth > 0 else from_end
            mask |= (weekday == day) & ((place + 6) // 7 == abs(nth))
    return mask


def _nth_day(days: Seconds, unit: str, wanted: tuple[int, ...]) -> Mask:
    """Which days are one of the wanted places in their month or year, negative ones counted from its end."""
    from_start, from_end = _places(days, unit)
    return np.isin(from_start, wanted) | np.isin(-from_end, wanted)


def _nth_week(days: Seconds, week_start: int, wanted: tuple[int, ...]) -> Mask:
    """Which days lie in one of the wanted weeks; a week belongs to the year that has at least four of its days (ISO 8601)."""
    middle = days - (days + THURSDAY - week_start) % 7 + 3
    from_start, from_end = _places(middle, "Y")
    return np.isin((from_start + 6) // 7, wanted) | np.isin(-((from_end + 6) // 7), wanted)


def _places(days: Seconds, unit: str) -> tuple[Seconds, Seconds]:
    """Each day's place in its month (`M`) or year (`Y`), from 1: counted from the start, and from the end."""
    periods = days.astype("M8[D]").astype(f"M8[{unit}]")
    start = periods.astype("M8[D]").astype(np.int64)
    end = (periods + 1).astype("M8[D]").astype(np.int64)
    return days - start + 1, end - days


def _since(days: Seconds, unit: str) -> Seconds:
    """Months (`M`) or years (`Y`) since 1970."""
    return days.astype("M8[D]").astype(f"M8[{unit}]").astype(np.int64)


def _period(rule: Rule, days: Seconds) -> Seconds:
    """The number of the day, week (from WKST), month or year that INTERVAL steps over and positions are counted in."""
    if unit := _UNITS.get(rule.frequency):
        return _since(days, unit)
    if rule.frequency is Frequency.WEEKLY:
        return (days + THURSDAY - rule.week_start) // 7
    return days


def _times_of_day(rule: Rule) -> Seconds:
    times = [h * HOUR + m * MINUTE + s for h in rule.hours for m in rule.minutes for s in rule.seconds]
    return np.array(times, dtype=np.int64)


def _positions(rule: Rule, period: Seconds) -> Mask:
    """Which of the sorted rows BYSETPOS picks: their ranks within their period, from its start and from its end."""
    _, begins, lengths = np.unique(period, return_index=True, return_counts=True)
    rank = np.arange(len(period)) - np.repeat(begins, lengths)
    left = np.repeat(lengths, lengths) - rank
    return np.isin(rank + 1, rule.positions) | np.isin(-left, rule.positions)
