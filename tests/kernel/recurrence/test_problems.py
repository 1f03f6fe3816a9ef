"""What is told about a series before it is kept."""

import pytest

from convenor.kernel.instants import Instant, LocalTime, ZoneName, zone_name
from convenor.kernel.recurrence import (
    SERIES_MESSAGES,
    Problem,
    RuleProblem,
    Series,
    SeriesProblem,
    check_series,
)
from tests.kernel.recurrence.oracle import at, local

BUCHAREST = zone_name("Europe/Bucharest")
NOW, HORIZON = at(2026, 1, 1), at(2027, 7, 1)


def series(
    rrule: str | None, *, zone: ZoneName = BUCHAREST, minutes: int = 60, exdates: tuple[LocalTime, ...] = ()
) -> Series:
    return Series(
        start=local(2026, 1, 5, 9), zone=zone, duration_minutes=minutes, rrule=rrule, exdates=exdates
    )


def found(checked: Series, horizon: Instant = HORIZON) -> list[Problem]:
    return check_series(checked, now=NOW, horizon=horizon)


@pytest.mark.parametrize(
    "fine",
    [
        None,
        "FREQ=WEEKLY;COUNT=10",
        "FREQ=DAILY;UNTIL=20270101",
        "FREQ=MONTHLY;BYDAY=1MO;COUNT=12",
        "FREQ=YEARLY;COUNT=10",
    ],
)
def test_an_ordinary_series_has_no_problem(fine: str | None) -> None:
    assert found(series(fine)) == []


@pytest.mark.parametrize(
    ("rule", "code", "sentence"),
    [
        (
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
            SeriesProblem.NEVER_OCCURS,
            "The recurrence rule never gives a date.",
        ),
        ("FREQ=WEEKLY;UNTIL=20251231", SeriesProblem.NEVER_OCCURS, "The recurrence rule never gives a date."),
        (
            "FREQ=WEEKLY;UNTIL=20660101",
            SeriesProblem.TOO_LONG,
            "The series still runs on 2036-01-07, more than 10 years after it starts.",
        ),
        (
            "FREQ=WEEKLY;COUNT=2000",
            SeriesProblem.TOO_LONG,
            "The series still runs on 2036-01-07, more than 10 years after it starts.",
        ),
        (
            "FREQ=DAILY;BYHOUR=9,10,11,12;UNTIL=20270630",
            SeriesProblem.TOO_MANY,
            "The series has more than 2000 occurrences up to 2027-07-01.",
        ),
    ],
)
def test_a_series_that_is_refused(rule: str, code: SeriesProblem, sentence: str) -> None:
    problem = found(series(rule))[0]
    assert (problem.code, problem.refuses, problem.sentence) == (code, True, sentence)


def test_a_rule_that_excludes_itself_never_occurs() -> None:
    gone = (local(2026, 1, 5, 9), local(2026, 1, 12, 9))
    assert [each.code for each in found(series("FREQ=WEEKLY;COUNT=2", exdates=gone))] == [
        SeriesProblem.NEVER_OCCURS
    ]


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("FREQ=HOURLY;COUNT=3", RuleProblem.SUB_DAILY),
        ("FREQ=WEEKLY;INTERVAL=0", RuleProblem.BAD_VALUE),
        ("FREQ=WEEKLY;COUNT=2;UNTIL=20270101", RuleProblem.COUNT_WITH_UNTIL),
    ],
)
def test_a_bad_rule_says_what_is_wrong_with_it(rule: str, why: RuleProblem) -> None:
    (problem,) = found(series(rule))
    assert (problem.code, problem.rule_problem, problem.refuses) == (SeriesProblem.BAD_RULE, why, True)
    assert problem.sentence.endswith(".")


def test_an_unknown_zone_comes_with_what_may_have_been_meant() -> None:
    (problem,) = found(series("FREQ=WEEKLY", zone=ZoneName("Europe/Bucarest")))
    assert (problem.code, problem.refuses) == (SeriesProblem.UNKNOWN_ZONE, True)
    assert str(problem.parameters["nearest"]).startswith("Europe/Bucharest")


@pytest.mark.parametrize(
    ("checked", "code", "sentence"),
    [
        (
            series("FREQ=WEEKLY"),
            SeriesProblem.NEVER_ENDS,
            "The series never ends; its occurrences are kept up to 2027-07-01 and added as time goes on.",
        ),
        (
            series("FREQ=WEEKLY;BYDAY=TU;COUNT=3"),
            SeriesProblem.START_OFF_RULE,
            "The first meeting, 2026-01-05 09:00, is not one that the recurrence rule gives.",
        ),
        (
            series("FREQ=DAILY;COUNT=3", minutes=1500),
            SeriesProblem.OVERLAPS_ITSELF,
            "The occurrence of 2026-01-05 isn't over when that of 2026-01-06 starts.",
        ),
        (
            Series(
                start=local(2026, 3, 27, 3, 30),
                zone=BUCHAREST,
                duration_minutes=30,
                rrule="FREQ=DAILY;COUNT=5",
            ),
            SeriesProblem.IN_A_GAP,
            "Clocks go forward over the start on 2026-03-29; the meeting starts by as much later.",
        ),
        (
            Series(
                start=local(2025, 3, 3, 9), zone=BUCHAREST, duration_minutes=30, rrule="FREQ=DAILY;COUNT=5"
            ),
            SeriesProblem.ALREADY_OVER,
            "The series has no occurrence from now on.",
        ),
    ],
)
def test_what_is_told_and_allowed(checked: Series, code: SeriesProblem, sentence: str) -> None:
    (problem,) = found(checked)
    assert (problem.code, problem.refuses, problem.sentence) == (code, False, sentence)


def test_what_refuses_comes_first() -> None:
    codes = [each.code for each in found(series("FREQ=DAILY;BYHOUR=9,10,11,12;BYMINUTE=0,30"))]
    assert codes == [SeriesProblem.TOO_MANY, SeriesProblem.NEVER_ENDS, SeriesProblem.OVERLAPS_ITSELF]


def test_a_series_of_next_year_is_not_over() -> None:
    assert found(series("FREQ=WEEKLY;COUNT=3"), horizon=at(2026, 1, 2)) == []


def test_a_horizon_in_the_past_is_no_error() -> None:
    assert found(series("FREQ=WEEKLY;COUNT=3"), horizon=at(2020)) == []


def test_every_problem_has_its_sentence() -> None:
    assert set(SERIES_MESSAGES) == set(SeriesProblem)
