"""A recurrence rule (RFC 5545 §3.3.10) as a value, and the words in which one is refused.

A `Rule` is always normal: every list sorted and without repeats, so that two rules that say the same are equal, and `to_text` writes the
parts in one order. Reading text is `parsing`'s work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_TIMES_A_DAY = 48
"""More starts than this in one day are a timer, not a meeting."""


class Frequency(StrEnum):
    YEARLY = "YEARLY"
    MONTHLY = "MONTHLY"
    WEEKLY = "WEEKLY"
    DAILY = "DAILY"
    HOURLY = "HOURLY"
    MINUTELY = "MINUTELY"
    SECONDLY = "SECONDLY"

    @property
    def is_sub_daily(self) -> bool:
        return self in {Frequency.HOURLY, Frequency.MINUTELY, Frequency.SECONDLY}


class Weekday(IntEnum):
    """Numbered as `datetime.date.weekday` does; the names are iCalendar's."""

    MO = 0
    TU = 1
    WE = 2
    TH = 3
    FR = 4
    SA = 5
    SU = 6


class WeekdayNum(NamedTuple):
    """One entry of BYDAY: every such weekday (`nth` 0), or the nth of the month or year, from its end when negative."""

    nth: int
    weekday: Weekday

    def to_text(self) -> str:
        return f"{self.nth or ''}{self.weekday.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One RRULE. An empty list is a part that isn't there.

    `until` keeps the form it was written in, as each means something else: an aware UTC datetime bounds instants, a naive one bounds
    local times, and a plain date takes in the whole of that local day.
    """

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: datetime | date | None = None
    months: tuple[int, ...] = ()
    week_numbers: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    weekdays: tuple[WeekdayNum, ...] = ()
    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    seconds: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: Weekday = Weekday.MO

    @property
    def never_ends(self) -> bool:
        return self.count is None and self.until is None

    @property
    def times_a_day(self) -> int:
        """How many starts the BYHOUR, BYMINUTE and BYSECOND parts give one day."""
        return max(len(self.hours), 1) * max(len(self.minutes), 1) * max(len(self.seconds), 1)

    def to_text(self) -> str:
        """The value of an RRULE property, without its name; `parse_rule` reads the same rule back."""
        return ";".join(f"{name}={value}" for name, value in self._parts() if value)

    def _parts(self) -> Iterator[tuple[str, str]]:
        yield "FREQ", self.frequency.value
        yield "INTERVAL", str(self.interval) if self.interval != 1 else ""
        yield "UNTIL", until_text(self.until) if self.until else ""
        yield "COUNT", str(self.count) if self.count else ""
        yield "BYMONTH", _numbers(self.months)
        yield "BYWEEKNO", _numbers(self.week_numbers)
        yield "BYYEARDAY", _numbers(self.year_days)
        yield "BYMONTHDAY", _numbers(self.month_days)
        yield "BYDAY", ",".join(entry.to_text() for entry in self.weekdays)
        yield "BYHOUR", _numbers(self.hours)
        yield "BYMINUTE", _numbers(self.minutes)
        yield "BYSECOND", _numbers(self.seconds)
        yield "BYSETPOS", _numbers(self.positions)
        yield "WKST", self.week_start.name if self.week_start else ""


class RuleProblem(StrEnum):
    """Why a rule is refused."""

    TOO_LONG = "too_long"
    MALFORMED_PART = "malformed_part"
    UNKNOWN_PART = "unknown_part"
    REPEATED_PART = "repeated_part"
    BAD_VALUE = "bad_value"
    NO_FREQUENCY = "no_frequency"
    COUNT_WITH_UNTIL = "count_with_until"
    NOT_WITH_FREQUENCY = "not_with_frequency"
    NTH_NOT_WITH_FREQUENCY = "nth_not_with_frequency"
    NTH_WITH_WEEK_NUMBER = "nth_with_week_number"
    POSITION_ALONE = "position_alone"
    SUB_DAILY = "sub_daily"
    TOO_OFTEN = "too_often"


RULE_MESSAGES: Mapping[RuleProblem, str] = {
    RuleProblem.TOO_LONG: "The recurrence rule has {length} characters; at most {most} are read.",
    RuleProblem.MALFORMED_PART: "“{part}” in the recurrence rule is not of the form NAME=VALUE.",
    RuleProblem.UNKNOWN_PART: "“{part}” is not a part of a recurrence rule.",
    RuleProblem.REPEATED_PART: "{part} stands in the recurrence rule more than once.",
    RuleProblem.BAD_VALUE: "{part} can't be “{value}”; it takes {expected}.",
    RuleProblem.NO_FREQUENCY: "The recurrence rule doesn't say how often: FREQ is missing.",
    RuleProblem.COUNT_WITH_UNTIL: "The recurrence rule has both COUNT and UNTIL; only one of them may end it.",
    RuleProblem.NOT_WITH_FREQUENCY: "{part} makes no sense in a rule with FREQ={frequency}.",
    RuleProblem.NTH_NOT_WITH_FREQUENCY: (
        "BYDAY={value} counts weekdays, which only FREQ=MONTHLY and FREQ=YEARLY can do; here FREQ is {frequency}."
    ),
    RuleProblem.NTH_WITH_WEEK_NUMBER: "BYDAY={value} counts weekdays, which BYWEEKNO doesn't allow.",
    RuleProblem.POSITION_ALONE: "BYSETPOS picks from the days that another BY… part gives, and there is none.",
    RuleProblem.SUB_DAILY: "FREQ={frequency} repeats within a day; a meeting repeats daily, weekly, monthly or yearly.",
    RuleProblem.TOO_OFTEN: "The rule gives {times} starts a day; a meeting has at most {most}.",
}
"""English sentences to be filled with a `RuleError`'s parameters; the app layer holds their translations under the same names."""


class RuleError(ValueError):
    """A rule that is refused: `code` and `parameters` for translation, the English sentence as its text."""

    def __init__(self, code: RuleProblem, **parameters: str | int) -> None:
        self.code = code
        self.parameters = parameters
        super().__init__(RULE_MESSAGES[code].format(**parameters))


def refuse_timer(rule: Rule) -> None:
    """Refuse a rule that fires more often than meetings do: SUB_DAILY, TOO_OFTEN. Raises `RuleError`."""
    if rule.frequency.is_sub_daily:
        raise RuleError(RuleProblem.SUB_DAILY, frequency=rule.frequency.value)
    if rule.times_a_day > MOST_TIMES_A_DAY:
        raise RuleError(RuleProblem.TOO_OFTEN, times=rule.times_a_day, most=MOST_TIMES_A_DAY)


def until_text(until: datetime | date) -> str:
    """UNTIL's value in the form it was given: `…Z`, local, or a date."""
    if not isinstance(until, datetime):
        return f"{until:%Y%m%d}".zfill(8)
    return f"{until:%Y%m%dT%H%M%S}".zfill(15) + ("Z" if until.tzinfo else "")


def _numbers(values: tuple[int, ...]) -> str:
    return ",".join(map(str, values))
