"""Rules as a person would say them."""

from datetime import date

import pytest
from hypothesis import given

from convenor.kernel.instants import LocalTime
from convenor.kernel.recurrence import Pattern, Rule, Weekday, describe, parse_rule
from tests.kernel.recurrence.oracle import local, rules, starts

START = local(2026, 1, 6, 9)  # a Tuesday


@pytest.mark.parametrize(
    ("rule", "pattern"),
    [
        ("FREQ=DAILY", Pattern.DAILY),
        ("FREQ=DAILY;INTERVAL=3;COUNT=5", Pattern.DAILY),
        ("FREQ=DAILY;BYDAY=MO", Pattern.OTHER),
        ("FREQ=DAILY;BYMONTH=1", Pattern.OTHER),
        ("FREQ=DAILY;BYHOUR=9,14", Pattern.OTHER),
        ("FREQ=DAILY;BYHOUR=9", Pattern.DAILY),
        ("FREQ=WEEKLY", Pattern.WEEKLY),
        ("FREQ=WEEKLY;BYDAY=MO,WE", Pattern.WEEKLY),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", Pattern.WORKING_DAYS),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR", Pattern.WEEKLY),
        ("FREQ=WEEKLY;BYDAY=MO,WE;BYSETPOS=1", Pattern.OTHER),
        ("FREQ=MONTHLY", Pattern.MONTHLY_ON_DAYS),
        ("FREQ=MONTHLY;BYMONTHDAY=1,-1", Pattern.MONTHLY_ON_DAYS),
        ("FREQ=MONTHLY;BYDAY=2TU", Pattern.MONTHLY_ON_WEEKDAY),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2", Pattern.MONTHLY_ON_WEEKDAY),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", Pattern.OTHER),
        ("FREQ=MONTHLY;BYDAY=1MO,3MO", Pattern.OTHER),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", Pattern.OTHER),
        ("FREQ=YEARLY", Pattern.YEARLY_ON_DAY),
        ("FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=1", Pattern.YEARLY_ON_DAY),
        ("FREQ=YEARLY;BYMONTHDAY=1", Pattern.OTHER),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", Pattern.YEARLY_ON_WEEKDAY),
        ("FREQ=YEARLY;BYDAY=20MO", Pattern.OTHER),
        ("FREQ=YEARLY;BYYEARDAY=100", Pattern.OTHER),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", Pattern.OTHER),
    ],
)
def test_the_pattern(rule: str, pattern: Pattern) -> None:
    described = describe(parse_rule(rule), START)
    assert (described.pattern, described.text) == (pattern, parse_rule(rule).to_text())


def test_what_the_rule_leaves_to_the_start_is_filled_in() -> None:
    assert describe(parse_rule("FREQ=WEEKLY"), START).weekdays == (Weekday.TU,)
    assert describe(parse_rule("FREQ=MONTHLY"), START).month_days == (6,)
    yearly = describe(parse_rule("FREQ=YEARLY"), START)
    assert (yearly.months, yearly.month_days) == ((1,), (6,))
    assert describe(parse_rule("FREQ=WEEKLY")).weekdays == ()


@pytest.mark.parametrize(
    ("rule", "nth"),
    [("BYDAY=2TU", 2), ("BYDAY=-1FR", -1), ("BYDAY=FR;BYSETPOS=-1", -1), ("BYDAY=1MO,2TU", 0)],
)
def test_the_counted_weekday(rule: str, nth: int) -> None:
    assert describe(parse_rule(f"FREQ=MONTHLY;{rule}"), START).nth == nth


def test_interval_and_end_are_the_rules() -> None:
    described = describe(parse_rule("FREQ=WEEKLY;INTERVAL=2;UNTIL=20261231"), START)
    assert (described.interval, described.until, described.count) == (2, date(2026, 12, 31), None)


@given(rules(), starts)
def test_any_rule_is_described(rule: Rule, start: LocalTime) -> None:
    described = describe(rule, start)
    assert parse_rule(described.text) == rule
    if described.pattern in {Pattern.MONTHLY_ON_WEEKDAY, Pattern.YEARLY_ON_WEEKDAY}:
        assert described.nth
        assert len(described.weekdays) == 1
