"""A rule as what a person would say of it: a pattern and its parameters, for the app layer to put into words in any language."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from convenor.kernel.recurrence.day_masks import complete
from convenor.kernel.recurrence.rule import Frequency, Rule, Weekday

if TYPE_CHECKING:
    from datetime import date, datetime

    from convenor.kernel.instants import LocalTime

_WORKING_DAYS = (Weekday.MO, Weekday.TU, Weekday.WE, Weekday.TH, Weekday.FR)


class Pattern(StrEnum):
    """The sentence's shape; OTHER has none shorter than the rule itself."""

    DAILY = "daily"  # every n days
    WORKING_DAYS = "working_days"  # Monday to Friday, every week
    WEEKLY = "weekly"  # every n weeks on weekdays
    MONTHLY_ON_DAYS = "monthly_on_days"  # every n months on month_days (-1 the last)
    MONTHLY_ON_WEEKDAY = "monthly_on_weekday"  # every n months on the nth weekday (-1 the last)
    YEARLY_ON_DAY = "yearly_on_day"  # every n years on month_days of months
    YEARLY_ON_WEEKDAY = "yearly_on_weekday"  # every n years on the nth weekday of months
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A pattern and what fills it; what a pattern doesn't speak of is empty. `nth` is 1 to 5, or negative from the end; 0 for none.

    `until` is as `Rule.until`; a rule with neither `count` nor `until` never ends. `text` is the rule itself, for OTHER.
    """

    pattern: Pattern
    frequency: Frequency
    interval: int
    weekdays: tuple[Weekday, ...] = ()
    nth: int = 0
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    count: int | None = None
    until: datetime | date | None = None
    text: str = ""


def describe(rule: Rule, start: LocalTime | None = None) -> Description:
    """What the rule says. With the series' start, the parts that the rule leaves to it are filled in (weekly: on Mondays)."""
    whole = complete(rule, start) if start else rule
    nths = {entry.nth for entry in whole.weekdays}
    nth = _counted(whole) if nths == {0} else nths.pop() if len(nths) == 1 else 0
    return Description(
        pattern=_pattern(rule, whole, nth),
        frequency=rule.frequency,
        interval=rule.interval,
        weekdays=tuple(entry.weekday for entry in whole.weekdays),
        nth=nth,
        month_days=whole.month_days,
        months=whole.months,
        count=rule.count,
        until=rule.until,
        text=rule.to_text(),
    )


def _counted(rule: Rule) -> int:
    """The nth of `BYDAY=MO;BYSETPOS=2`, Outlook's way to write `BYDAY=2MO`."""
    monthly = rule.frequency is Frequency.MONTHLY or (
        rule.frequency is Frequency.YEARLY and len(rule.months) == 1
    )
    return rule.positions[0] if monthly and len(rule.positions) == 1 and len(rule.weekdays) == 1 else 0


def _pattern(rule: Rule, whole: Rule, nth: int) -> Pattern:
    if _is_unusual(rule, whole, nth):
        return Pattern.OTHER
    match whole.frequency:
        case Frequency.DAILY if not whole.weekdays and not whole.month_days:
            return Pattern.DAILY
        case Frequency.WEEKLY:
            return _weekly(whole)
        case Frequency.MONTHLY:
            return _on(whole, nth, weekday=Pattern.MONTHLY_ON_WEEKDAY, days=Pattern.MONTHLY_ON_DAYS)
        case Frequency.YEARLY if whole.months or not (whole.weekdays or whole.month_days):
            return _on(whole, nth, weekday=Pattern.YEARLY_ON_WEEKDAY, days=Pattern.YEARLY_ON_DAY)
    return Pattern.OTHER


def _on(whole: Rule, nth: int, *, weekday: Pattern, days: Pattern) -> Pattern:
    if nth and not whole.month_days:
        return weekday
    return Pattern.OTHER if whole.weekdays else days


def _weekly(whole: Rule) -> Pattern:
    every_week = whole.interval == 1
    working = tuple(entry.weekday for entry in whole.weekdays) == _WORKING_DAYS
    return Pattern.WORKING_DAYS if every_week and working else Pattern.WEEKLY


def _is_unusual(rule: Rule, whole: Rule, nth: int) -> bool:
    """Parts that no pattern speaks of."""
    odd_months = whole.months and whole.frequency is not Frequency.YEARLY
    unread_positions = rule.positions and rule.positions != (nth,)
    several = nth and len(whole.weekdays) > 1
    times = rule.times_a_day > 1
    return bool(odd_months or unread_positions or several or times or whole.year_days or whole.week_numbers)
