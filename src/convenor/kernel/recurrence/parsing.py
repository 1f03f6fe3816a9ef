"""Reading an RRULE's text: every limit of RFC 5545 §3.3.10, and an error that says which part is wrong and what it takes.

Lenient where nothing is lost: any case, a leading `RRULE:`, a trailing semicolon, spaces around parts. A part that isn't understood is
never skipped, for a meeting at the wrong times is worse than one refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from convenor.kernel.recurrence.rule import Frequency, Rule, RuleError, RuleProblem, Weekday, WeekdayNum

LONGEST_TEXT = 2_000
MOST_INTERVAL, MOST_COUNT = 10_000, 100_000

_NUMBER = re.compile(r"[+-]?[0-9]{1,6}", re.ASCII)
_WEEKDAY_NUM = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_UNTIL = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?", re.ASCII)
_SHOWN = 40

# RFC 5545 §3.3.10, the table of what each BY part does per frequency: the cells that say N/A.
_NOT_WITH = {
    "BYWEEKNO": set(Frequency) - {Frequency.YEARLY},
    "BYYEARDAY": {Frequency.MONTHLY, Frequency.WEEKLY, Frequency.DAILY},
    "BYMONTHDAY": {Frequency.WEEKLY},
}


@lru_cache(maxsize=4096)
def parse_rule(text: str) -> Rule:
    """The rule that an RRULE's value says. Raises `RuleError`.

    Cached, as a company's thousand series share a few dozen rules.
    """
    if len(text) > LONGEST_TEXT:
        raise RuleError(RuleProblem.TOO_LONG, length=len(text), most=LONGEST_TEXT)
    values: dict[str, Any] = {}
    for part in text.strip().upper().removeprefix("RRULE:").split(";"):
        if part.strip():
            _read_part(part.strip(), values)
    if "frequency" not in values:
        raise RuleError(RuleProblem.NO_FREQUENCY)
    rule = Rule(**values)
    _check_together(rule)
    return rule


def _read_part(part: str, values: dict[str, Any]) -> None:
    name, equals, value = part.partition("=")
    if not equals:
        raise RuleError(RuleProblem.MALFORMED_PART, part=part[:_SHOWN])
    if name not in _PARTS:
        raise RuleError(RuleProblem.UNKNOWN_PART, part=name[:_SHOWN])
    field, read, expected = _PARTS[name]
    if field in values:
        raise RuleError(RuleProblem.REPEATED_PART, part=name)
    try:
        values[field] = read(value)
    except (ValueError, KeyError) as error:
        raise RuleError(RuleProblem.BAD_VALUE, part=name, value=value[:_SHOWN], expected=expected) from error


def _check_together(rule: Rule) -> None:
    """What the parts may not be beside each other."""
    if rule.count and rule.until:
        raise RuleError(RuleProblem.COUNT_WITH_UNTIL)
    for name, frequencies in _NOT_WITH.items():
        if getattr(rule, _PARTS[name][0]) and rule.frequency in frequencies:
            raise RuleError(RuleProblem.NOT_WITH_FREQUENCY, part=name, frequency=rule.frequency.value)
    if rule.weekdays:
        _check_counted_weekdays(rule)
    if rule.positions and not any(
        getattr(rule, field) for name, (field, _, _) in _PARTS.items() if _is_by(name)
    ):
        raise RuleError(RuleProblem.POSITION_ALONE)


def _check_counted_weekdays(rule: Rule) -> None:
    counted = next((entry.to_text() for entry in rule.weekdays if entry.nth), None)
    if counted is None:
        return
    if rule.frequency not in {Frequency.MONTHLY, Frequency.YEARLY}:
        raise RuleError(RuleProblem.NTH_NOT_WITH_FREQUENCY, value=counted, frequency=rule.frequency.value)
    if rule.week_numbers:
        raise RuleError(RuleProblem.NTH_WITH_WEEK_NUMBER, value=counted)


def _is_by(name: str) -> bool:
    return name.startswith("BY") and name != "BYSETPOS"


def _number(low: int, high: int, *, signed: bool = False) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not _NUMBER.fullmatch(text):
            raise ValueError(text)
        number = int(text)
        if not low <= (abs(number) if signed else number) <= high:
            raise ValueError(text)
        return number

    return read


def _numbers(low: int, high: int, *, signed: bool = False) -> Callable[[str], tuple[int, ...]]:
    one = _number(low, high, signed=signed)
    return lambda text: tuple(sorted({one(entry.strip()) for entry in text.split(",")}))


def _seconds(text: str) -> tuple[int, ...]:
    # POSIX time has no leap seconds, and RFC 5545 §3.3.12 then reads a 60 as 59.
    return tuple(sorted({min(second, 59) for second in _numbers(0, 60)(text)}))


def _weekdays(text: str) -> tuple[WeekdayNum, ...]:
    return tuple(sorted({_weekday_num(entry.strip()) for entry in text.split(",")}))


def _weekday_num(text: str) -> WeekdayNum:
    found = _WEEKDAY_NUM.fullmatch(text)
    if not found:
        raise ValueError(text)
    nth, weekday = found.groups()
    return WeekdayNum(_number(1, 53, signed=True)(nth) if nth else 0, Weekday[weekday])


def _until(text: str) -> datetime | date:
    found = _UNTIL.fullmatch(text)
    if not found:
        raise ValueError(text)
    *numbers, utc = found.groups()
    year, month, day, *clock = (int(number) for number in numbers if number)
    if not clock:
        return date(year, month, day)
    hour, minute, second = clock
    return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC if utc else None)


_PARTS: dict[str, tuple[str, Callable[[str], Any], str]] = {
    "FREQ": ("frequency", Frequency, "DAILY, WEEKLY, MONTHLY or YEARLY"),
    "INTERVAL": ("interval", _number(1, MOST_INTERVAL), f"a whole number from 1 to {MOST_INTERVAL}"),
    "COUNT": ("count", _number(1, MOST_COUNT), f"a whole number from 1 to {MOST_COUNT}"),
    "UNTIL": ("until", _until, "a date (20261231) or a time (20261231T170000 or 20261231T150000Z)"),
    "BYMONTH": ("months", _numbers(1, 12), "months from 1 to 12"),
    "BYWEEKNO": ("week_numbers", _numbers(1, 53, signed=True), "week numbers from 1 to 53, or -53 to -1"),
    "BYYEARDAY": (
        "year_days",
        _numbers(1, 366, signed=True),
        "days of the year from 1 to 366, or -366 to -1",
    ),
    "BYMONTHDAY": (
        "month_days",
        _numbers(1, 31, signed=True),
        "days of the month from 1 to 31, or -31 to -1",
    ),
    "BYDAY": ("weekdays", _weekdays, "weekdays like MO or WE,FR, or counted ones like 1MO or -1FR"),
    "BYHOUR": ("hours", _numbers(0, 23), "hours from 0 to 23"),
    "BYMINUTE": ("minutes", _numbers(0, 59), "minutes from 0 to 59"),
    "BYSECOND": ("seconds", _seconds, "seconds from 0 to 60"),
    "BYSETPOS": ("positions", _numbers(1, 366, signed=True), "positions from 1 to 366, or -366 to -1"),
    "WKST": ("week_start", Weekday.__getitem__, "one of MO, TU, WE, TH, FR, SA, SU"),
}
"""Each part's field in `Rule`, its reader, and what it takes, for the error."""
