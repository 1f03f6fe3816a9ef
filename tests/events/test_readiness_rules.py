"""From findings to the figure, against the plainest reading of the rule."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.events.enums import Level
from convenor.events.rules.findings import Finding
from convenor.events.rules.readiness import Asked, Readiness, Waived, at_most, judge

TODAY = date(2026, 11, 23)
YESTERDAY, TOMORROW = date(2026, 11, 22), date(2026, 11, 24)
OK, ATTENTION, BLOCKING, WAIVED = Level.OK, Level.ATTENTION, Level.BLOCKING, Level.WAIVED
WORST_FIRST = [BLOCKING, ATTENTION, WAIVED, OK]


def waived(subject: str = "") -> Waived:
    return Waived(1, subject, "We know.", "Ana", datetime(2026, 11, 20, tzinfo=UTC))


def one(finding: Finding, asked: Asked | None = None, *waivers: Waived) -> Readiness:
    asked = asked or Asked("check", "Check")
    return judge([asked], {"check": [finding]}, {"check": waivers}, today=TODAY)


@pytest.mark.parametrize(
    ("said", "most", "required", "level"),
    [
        (BLOCKING, BLOCKING, True, BLOCKING),
        (BLOCKING, ATTENTION, True, ATTENTION),
        (BLOCKING, BLOCKING, False, ATTENTION),
        (BLOCKING, ATTENTION, False, ATTENTION),
        (ATTENTION, BLOCKING, True, ATTENTION),
        (ATTENTION, BLOCKING, False, ATTENTION),
        (OK, BLOCKING, True, OK),
    ],
)
def test_a_finding_is_worth_at_most_what_the_class_says(
    said: Level, most: Level, required: bool, level: Level
) -> None:
    asked = Asked("check", "Check", most, is_required=required)
    assert one(Finding(said, "Something."), asked).level == level


@pytest.mark.parametrize(
    ("safe", "level"), [(None, ATTENTION), (TOMORROW, ATTENTION), (TODAY, ATTENTION), (YESTERDAY, BLOCKING)]
)
def test_a_finding_gets_worse_once_its_last_safe_day_is_over(safe: date | None, level: Level) -> None:
    finding = Finding(ATTENTION, "Not answered.", once_late=BLOCKING)
    assert one(finding, Asked("check", "Check", safe_until=safe)).level == level
    assert one(finding, Asked("check", "Check", ATTENTION, safe_until=safe)).level == ATTENTION


def test_its_own_last_safe_day_counts_before_the_class_s() -> None:
    finding = Finding(ATTENTION, "Not answered.", once_late=BLOCKING, safe_until=YESTERDAY)
    readiness = one(finding, Asked("check", "Check", safe_until=TOMORROW))
    assert readiness.level == BLOCKING
    assert readiness.checks[0].judged[0].safe_until == YESTERDAY


def test_a_waiver_covers_its_finding_or_the_whole_check() -> None:
    two = [Finding(BLOCKING, "One.", "one"), Finding(ATTENTION, "Two.", "two")]
    asked = [Asked("check", "Check")]

    def levels(*waivers: Waived) -> list[Level]:
        judged = judge(asked, {"check": two}, {"check": waivers}, today=TODAY).checks[0].judged
        return [each.level for each in judged]

    assert levels() == [BLOCKING, ATTENTION]
    assert levels(waived("two")) == [BLOCKING, WAIVED]
    assert levels(waived("one")) == [ATTENTION, WAIVED]
    assert levels(waived("")) == [WAIVED, WAIVED]
    assert levels(waived("three")) == [BLOCKING, ATTENTION]


def test_nothing_is_waived_where_nothing_is_wrong() -> None:
    readiness = one(Finding(OK, "All rooms are confirmed."), None, waived())
    assert readiness.level == OK
    assert readiness.checks[0].waiver is not None


def test_a_check_that_is_not_required_shows_only_while_it_has_something_to_say() -> None:
    asked = [Asked("a", "A"), Asked("b", "B", is_required=False), Asked("c", "C", is_required=False)]
    found = {"b": [Finding(OK, "Fine.")], "c": [Finding(BLOCKING, "Missing.")]}
    readiness = judge(asked, found, {}, today=TODAY)
    assert [(each.code, each.level) for each in readiness.checks] == [("c", ATTENTION), ("a", OK)]


def test_nothing_asked_is_ready() -> None:
    readiness = Readiness()
    assert (readiness.level, readiness.percent, readiness.arcs) == (OK, 100, ())


LEVELS = st.sampled_from([OK, ATTENTION, BLOCKING])
FINDINGS = st.builds(
    Finding,
    level=LEVELS,
    sentence=st.just("Something."),
    subject=st.sampled_from("abc"),
    safe_until=st.sampled_from([None, YESTERDAY, TODAY]),
    once_late=st.none() | LEVELS,
)
CODES = "xyz"


@given(
    asked=st.tuples(
        *(st.builds(Asked, st.just(code), st.just(code), LEVELS, st.booleans()) for code in CODES)
    ),
    found=st.fixed_dictionaries({code: st.lists(FINDINGS, max_size=4) for code in CODES}),
    subjects=st.fixed_dictionaries({code: st.sets(st.sampled_from(["", "a", "b"])) for code in CODES}),
)
def test_against_the_plainest_reading(
    asked: tuple[Asked, ...], found: dict[str, list[Finding]], subjects: dict[str, set[str]]
) -> None:
    waivers = {code: [waived(subject) for subject in some] for code, some in subjects.items()}
    readiness = judge(asked, found, waivers, today=TODAY)
    expected = {}
    for each in asked:
        levels = [plain_level(each, finding, subjects[each.code]) for finding in found[each.code]]
        if each.is_required or any(finding.level != OK for finding in found[each.code]):
            expected[each.code] = min(levels, key=WORST_FIRST.index, default=OK)
    assert {check.code: check.level for check in readiness.checks} == expected
    order = [WORST_FIRST.index(check.level) for check in readiness.checks]
    assert order == sorted(order)
    assert readiness.level == min(expected.values(), key=WORST_FIRST.index, default=OK)
    assert sum(readiness.counts.values()) == readiness.total == len(expected)
    met = sum(level in {OK, WAIVED} for level in expected.values())
    assert (readiness.percent == 100) == (met == len(expected))
    assert (readiness.percent == 0) == (met == 0 < len(expected))
    assert sum(arc.length for arc in readiness.arcs) == pytest.approx(100 if expected else 0, abs=0.1)


def plain_level(asked: Asked, finding: Finding, subjects: set[str]) -> Level:
    level = finding.level
    if finding.safe_until and finding.safe_until < TODAY and finding.once_late:
        level = min(level, finding.once_late, key=WORST_FIRST.index)
    if not asked.is_required or asked.level == ATTENTION:
        level = ATTENTION if level == BLOCKING else level
    if asked.level == OK and asked.is_required:
        level = OK
    if level != OK and (finding.subject in subjects or "" in subjects):
        level = WAIVED
    return level


@given(first=LEVELS, second=LEVELS)
def test_the_milder_of_two(first: Level, second: Level) -> None:
    assert at_most(first, second) == max(first, second, key=WORST_FIRST.index)
