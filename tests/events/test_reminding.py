"""When somebody is reminded, against going through the days one by one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.events.rules.reminding import Call, LateTask, Told, calls, digests, reminder_day

DUE = date(2026, 12, 4)
DAY = timedelta(days=1)
WORKER, OWNER, SPONSOR = 1, 2, 3


def late(**fields: object) -> LateTask:
    values = {"id": 9, "due_on": DUE, "worker": WORKER, "owner": OWNER, "sponsor": SPONSOR}
    return LateTask(**values | fields)  # type: ignore[arg-type]  # the fields of one test each


@pytest.mark.parametrize(
    ("days_late", "day"),
    [
        (-8, None),
        (-4, None),
        (-3, -3),
        (-2, -3),
        (-1, -1),
        (0, 0),
        (1, 1),
        (7, 1),
        (8, 8),
        (15, 15),
        (21, 15),
    ],
)
def test_the_days_of_reminders(days_late: int, day: int | None) -> None:
    expected = None if day is None else DUE + day * DAY
    assert reminder_day(DUE, DUE + days_late * DAY) == expected


@settings(max_examples=100, deadline=None)
@given(st.integers(-10, 30), st.frozensets(st.integers(-10, 40)))
def test_missed_days_are_caught_up_and_nothing_is_said_twice(first: int, off: frozenset[int]) -> None:
    """A task is entered `first` days after it is due; on the days `off` nobody is asked."""
    told_on: list[int] = []
    reminded: date | None = None
    for number in range(first, 40):
        today = DUE + number * DAY
        mine = [each for each in calls(late(reminded_on=reminded), today) if each.told == Told.MINE]
        if number not in off and any(each.is_new for each in mine):
            told_on.append(number)
            reminded = today
    for stage in (-3, -1, 0, 1, 8, 15, 22, 29):
        following = min(each for each in (-1, 0, 1, 8, 15, 22, 29, 36) if each > stage)
        asked = [number for number in range(max(stage, first), following) if number not in off]
        assert [each for each in told_on if stage <= each < following] == asked[:1]


@pytest.mark.parametrize(
    ("days_late", "escalated", "expected"),
    [
        (0, None, []),
        (1, None, [(OWNER, Told.OWNER, True)]),
        (3, 1, [(OWNER, Told.OWNER, False)]),
        (7, 1, [(OWNER, Told.OWNER, False), (SPONSOR, Told.SPONSOR, True)]),
        (8, 7, [(OWNER, Told.OWNER, False), (SPONSOR, Told.SPONSOR, False)]),
        (9, None, [(OWNER, Told.OWNER, True), (SPONSOR, Told.SPONSOR, True)]),
    ],
)
def test_who_is_told_that_it_is_late(
    days_late: int, escalated: int | None, expected: list[tuple[int, Told, bool]]
) -> None:
    escalated_on = None if escalated is None else DUE + escalated * DAY
    found = calls(late(escalated_on=escalated_on), DUE + days_late * DAY)
    assert [(each.person, each.told, each.is_new) for each in found if each.told != Told.MINE] == expected


def test_nobody_is_told_of_their_own_task_as_of_anothers() -> None:
    found = list(calls(late(worker=OWNER, sponsor=None), DUE + 8 * DAY))
    assert found == [Call(OWNER, 9, Told.MINE, is_new=True)]


def test_one_digest_each_with_all_that_is_near() -> None:
    tasks = [
        late(id=1),
        late(id=2, due_on=DUE + 6 * DAY),
        late(id=3, due_on=DUE + 8 * DAY),
        late(id=4, due_on=DUE + 5 * DAY, worker=OWNER),
    ]
    found = digests(tasks, DUE)
    assert {person: [each.task for each in listed] for person, listed in found.items()} == {WORKER: [1, 2]}
