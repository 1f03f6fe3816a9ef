"""Rules as text: what is read, how it is written again, and what is refused, with the part and what it takes."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from convenor.kernel.recurrence import (
    RULE_MESSAGES,
    Frequency,
    Rule,
    RuleError,
    RuleProblem,
    Weekday,
    WeekdayNum,
    parse_rule,
)
from tests.kernel.recurrence.oracle import rules


@given(rules())
def test_text_and_rule_are_inverse(rule: Rule) -> None:
    assert parse_rule(rule.to_text()) == rule
    assert parse_rule(rule.to_text()).to_text() == rule.to_text()


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("FREQ=WEEKLY;INTERVAL=1;WKST=MO", "FREQ=WEEKLY"),
        ("rrule:freq=weekly;byday=fr,mo,mo;", "FREQ=WEEKLY;BYDAY=MO,FR"),
        (" BYDAY=+1MO, -1FR ; FREQ=MONTHLY ", "FREQ=MONTHLY;BYDAY=-1FR,1MO"),
        ("WKST=SU;COUNT=010;FREQ=DAILY", "FREQ=DAILY;COUNT=10;WKST=SU"),
        ("FREQ=DAILY;BYSECOND=60,59,0", "FREQ=DAILY;BYSECOND=0,59"),
        ("FREQ=DAILY;UNTIL=20261231T235960Z", "FREQ=DAILY;UNTIL=20261231T235959Z"),
        ("FREQ=DAILY;UNTIL=00010101", "FREQ=DAILY;UNTIL=00010101"),
    ],
)
def test_a_rule_is_written_in_one_way(text: str, normal: str) -> None:
    assert parse_rule(text).to_text() == normal


def test_every_part_has_its_place() -> None:
    text = "FREQ=YEARLY;INTERVAL=2;COUNT=9;BYMONTH=1,12;BYYEARDAY=-1,5;BYMONTHDAY=-1,5;BYDAY=-53SU,TU;BYHOUR=9;BYMINUTE=0,30;BYSECOND=1;BYSETPOS=-1;WKST=SU"
    assert parse_rule(text) == Rule(
        frequency=Frequency.YEARLY,
        interval=2,
        count=9,
        months=(1, 12),
        year_days=(-1, 5),
        month_days=(-1, 5),
        weekdays=(WeekdayNum(-53, Weekday.SU), WeekdayNum(0, Weekday.TU)),
        hours=(9,),
        minutes=(0, 30),
        seconds=(1,),
        positions=(-1,),
        week_start=Weekday.SU,
    )
    assert parse_rule(text).to_text() == text


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("20261231", date(2026, 12, 31)),
        ("20261231T170000", datetime(2026, 12, 31, 17)),
        ("20261231T150000Z", datetime(2026, 12, 31, 15, tzinfo=UTC)),
    ],
)
def test_until_keeps_its_form(text: str, until: date) -> None:
    rule = parse_rule(f"FREQ=DAILY;UNTIL={text}")
    assert (rule.until, type(rule.until), rule.never_ends) == (until, type(until), False)


BAD_VALUES = [
    "FREQ=FORTNIGHTLY",
    "FREQ=DAILY;INTERVAL=0",
    "FREQ=DAILY;INTERVAL=-1",
    "FREQ=DAILY;INTERVAL=1_0",
    "FREQ=DAILY;INTERVAL=١",
    "FREQ=DAILY;INTERVAL=99999999999999999999",
    "FREQ=DAILY;COUNT=0",
    "FREQ=DAILY;COUNT=-1",
    "FREQ=DAILY;COUNT=",
    "FREQ=DAILY;UNTIL=tomorrow",
    "FREQ=DAILY;UNTIL=20260230",
    "FREQ=DAILY;UNTIL=2026-12-31",
    "FREQ=DAILY;UNTIL=20261231T25",
    "FREQ=DAILY;UNTIL=20261231T250000Z",
    "FREQ=DAILY;BYMONTH=0",
    "FREQ=DAILY;BYMONTH=13",
    "FREQ=DAILY;BYMONTH=-1",
    "FREQ=YEARLY;BYWEEKNO=54",
    "FREQ=YEARLY;BYYEARDAY=0",
    "FREQ=YEARLY;BYYEARDAY=-367",
    "FREQ=MONTHLY;BYMONTHDAY=32",
    "FREQ=MONTHLY;BYMONTHDAY=1,",
    "FREQ=WEEKLY;BYDAY=MONDAY",
    "FREQ=MONTHLY;BYDAY=54MO",
    "FREQ=MONTHLY;BYDAY=0MO",
    "FREQ=DAILY;BYHOUR=24",
    "FREQ=DAILY;BYMINUTE=60",
    "FREQ=DAILY;BYSECOND=61",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0",
    "FREQ=WEEKLY;WKST=MONDAY",
    "FREQ=DAILY;COUNT=5\0",
]


@pytest.mark.parametrize("text", BAD_VALUES)
def test_a_bad_value_is_named_with_what_its_part_takes(text: str) -> None:
    part, _, value = text.rpartition(";")[2].partition("=")
    with pytest.raises(RuleError) as caught:
        parse_rule(text)
    assert caught.value.code is RuleProblem.BAD_VALUE
    assert (caught.value.parameters["part"], caught.value.parameters["value"]) == (part, value.upper())
    assert str(caught.value).startswith(f"{part} can't be “{value.upper()}”; it takes ")


@pytest.mark.parametrize(
    ("text", "code", "sentence"),
    [
        ("", RuleProblem.NO_FREQUENCY, "The recurrence rule doesn't say how often: FREQ is missing."),
        ("COUNT=3", RuleProblem.NO_FREQUENCY, "The recurrence rule doesn't say how often: FREQ is missing."),
        (
            "WEEKLY",
            RuleProblem.MALFORMED_PART,
            "“WEEKLY” in the recurrence rule is not of the form NAME=VALUE.",
        ),
        ("FREQ=WEEKLY;UNTL=20261231", RuleProblem.UNKNOWN_PART, "“UNTL” is not a part of a recurrence rule."),
        (
            "FREQ=YEARLY;BYEASTER=0",
            RuleProblem.UNKNOWN_PART,
            "“BYEASTER” is not a part of a recurrence rule.",
        ),
        (
            "FREQ=WEEKLY;FREQ=DAILY",
            RuleProblem.REPEATED_PART,
            "FREQ stands in the recurrence rule more than once.",
        ),
        (
            "FREQ=DAILY;COUNT=3;UNTIL=20261231",
            RuleProblem.COUNT_WITH_UNTIL,
            "The recurrence rule has both COUNT and UNTIL; only one of them may end it.",
        ),
        (
            "FREQ=MONTHLY;BYWEEKNO=3",
            RuleProblem.NOT_WITH_FREQUENCY,
            "BYWEEKNO makes no sense in a rule with FREQ=MONTHLY.",
        ),
        (
            "FREQ=DAILY;BYYEARDAY=3",
            RuleProblem.NOT_WITH_FREQUENCY,
            "BYYEARDAY makes no sense in a rule with FREQ=DAILY.",
        ),
        (
            "FREQ=WEEKLY;BYMONTHDAY=3",
            RuleProblem.NOT_WITH_FREQUENCY,
            "BYMONTHDAY makes no sense in a rule with FREQ=WEEKLY.",
        ),
        (
            "FREQ=WEEKLY;BYDAY=TU,2MO",
            RuleProblem.NTH_NOT_WITH_FREQUENCY,
            "BYDAY=2MO counts weekdays, which only FREQ=MONTHLY and FREQ=YEARLY can do; here FREQ is WEEKLY.",
        ),
        (
            "FREQ=YEARLY;BYWEEKNO=3;BYDAY=1MO",
            RuleProblem.NTH_WITH_WEEK_NUMBER,
            "BYDAY=1MO counts weekdays, which BYWEEKNO doesn't allow.",
        ),
        (
            "FREQ=MONTHLY;BYSETPOS=1",
            RuleProblem.POSITION_ALONE,
            "BYSETPOS picks from the days that another BY… part gives, and there is none.",
        ),
        (
            "FREQ=DAILY;" * 200,
            RuleProblem.TOO_LONG,
            "The recurrence rule has 2200 characters; at most 2000 are read.",
        ),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(text: str, code: RuleProblem, sentence: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse_rule(text)
    assert (caught.value.code, str(caught.value)) == (code, sentence)


@given(st.text(alphabet="FREQ=WKLYDAINTVCOUBSP;,:+-0123456789 \0é", max_size=60))
@example("FREQ=" + "W" * 1_500)
def test_no_text_does_more_than_be_refused(text: str) -> None:
    rule, refused = _read(text)
    if rule:
        assert parse_rule(rule.to_text()) == rule
    if refused:
        assert RULE_MESSAGES[refused.code].format(**refused.parameters) == str(refused)
        assert len(str(refused)) < 200


def _read(text: str) -> tuple[Rule | None, RuleError | None]:
    try:
        return parse_rule(text), None
    except RuleError as error:
        return None, error


def test_every_problem_has_its_sentence() -> None:
    assert set(RULE_MESSAGES) == set(RuleProblem)
