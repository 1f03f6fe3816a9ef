"""The backward plan: a table, and every way through random plans followed one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.kernel.backward_plan import Cycle, Impossible, PlanTask, Why, cycle_in, plan
from convenor.kernel.working_days import WorkingDays

TODAY = date(2026, 11, 23)  # a Monday
OFFICE = WorkingDays(holidays=frozenset({date(2026, 11, 30), date(2026, 12, 1)}))


def day(number: int) -> date:
    """November's; 31 is the first of December."""
    return date(2026, 11, 1) + timedelta(days=number - 1)


def test_a_chain_and_a_task_beside_it() -> None:
    """Menu (2 days) → order (3 days, due Friday 4 December) and signs (1 day, due the same day)."""
    tasks = [
        PlanTask("menu", 2, day(26)),
        PlanTask("order", 3, date(2026, 12, 4), after=("menu",)),
        PlanTask("signs", 1, date(2026, 12, 4)),
    ]
    found = plan(tasks, OFFICE, TODAY)
    rows = {
        key: (row.earliest_start, row.earliest_finish, row.latest_start, row.latest_finish, row.slack)
        for key, row in found.tasks.items()
    }
    assert rows == {
        "menu": (day(23), day(24), day(25), day(26), 2),
        "order": (day(25), day(27), date(2026, 12, 2), date(2026, 12, 4), 3),
        "signs": (day(23), day(23), date(2026, 12, 4), date(2026, 12, 4), 7),
    }
    assert (found.critical, found.slack, found.impossible) == (("menu",), 2, ())


def test_what_follows_pulls_a_task_forward() -> None:
    tasks = [PlanTask("menu", 2), PlanTask("order", 3, day(27), after=("menu",))]
    found = plan(tasks, OFFICE, TODAY)
    assert found.tasks["menu"].latest_finish == day(24)
    assert (found.critical, found.slack) == (("menu", "order"), 0)
    assert all(row.is_critical for row in found.tasks.values())


def test_without_any_due_date_the_longest_chain_is_critical() -> None:
    tasks = [PlanTask("a", 2), PlanTask("b", 3, after=("a",)), PlanTask("c", 4)]
    found = plan(tasks, OFFICE, TODAY)
    assert (found.critical, found.slack) == (("a", "b"), 0)
    assert found.tasks["c"].slack == 1


@pytest.mark.parametrize(
    ("tasks", "expected"),
    [
        ([PlanTask("late", 1, day(20))], [Impossible("late", Why.OVERDUE, day(20), missing=1)]),
        ([PlanTask("late", 1, day(21))], [Impossible("late", Why.OVERDUE, day(20), missing=1)]),  # a Saturday
        ([PlanTask("today", 1, TODAY)], []),
        ([PlanTask("long", 5, day(26))], [Impossible("long", Why.TOO_FEW_DAYS, day(20), missing=1)]),
        (
            [PlanTask("menu", 4, day(27)), PlanTask("order", 3, day(27), after=("menu",))],
            [
                Impossible("menu", Why.TOO_FEW_DAYS, day(19), missing=2),
                Impossible("order", Why.TOO_FEW_DAYS, day(25), missing=2),
                Impossible("order", Why.STARTS_BEFORE_DUE, day(25), 3, "menu", day(27)),
            ],
        ),
        (
            [PlanTask("menu", 1, day(26)), PlanTask("order", 1, day(26), after=("menu",))],
            [Impossible("order", Why.STARTS_BEFORE_DUE, day(26), 1, "menu", day(26))],
        ),
        ([PlanTask("menu", 1, day(25)), PlanTask("order", 1, day(26), after=("menu",))], []),
        ([PlanTask("order", 1, day(26), after=("done-long-ago",))], []),
    ],
)
def test_what_is_impossible(tasks: list[PlanTask], expected: list[Impossible]) -> None:
    assert list(plan(tasks, OFFICE, TODAY).impossible) == expected


def test_nothing_to_do() -> None:
    found = plan([], OFFICE, TODAY)
    assert (found.tasks, found.critical, found.slack, found.impossible) == ({}, (), None, ())


@pytest.mark.parametrize(
    ("after", "cycle"),
    [
        ({"a": ("b",), "b": ()}, None),
        ({"a": ("a",)}, ("a",)),
        ({"c": ("a",), "a": ("b",), "b": ("c",)}, ("a", "b", "c")),
        ({"x": ("a",), "a": ("b", "c"), "b": ("d",), "c": ("d",), "d": ("c",)}, ("c", "d")),
        ({"a": ("b",), "b": ("gone",)}, None),
    ],
)
def test_a_cycle_is_named(after: dict[str, tuple[str, ...]], cycle: tuple[str, ...] | None) -> None:
    assert cycle_in(after) == cycle


def test_a_cycle_is_refused() -> None:
    with pytest.raises(Cycle, match="a after b after a") as found:
        plan([PlanTask("a", after=("b",)), PlanTask("b", after=("a",))], OFFICE, TODAY)
    assert found.value.keys == ("a", "b")


@pytest.mark.parametrize("tasks", [[PlanTask("a"), PlanTask("a")], [PlanTask("a", 0)]])
def test_what_can_not_be_planned(tasks: list[PlanTask]) -> None:
    with pytest.raises(ValueError, match="a"):
        plan(tasks, OFFICE, TODAY)


def test_a_long_chain_is_no_deep_recursion() -> None:
    tasks = [PlanTask(f"{n:05}", after=(f"{n - 1:05}",) if n else ()) for n in range(3_000)]
    assert len(plan(tasks, OFFICE, TODAY).critical) == 3_000


calendars = st.builds(
    WorkingDays,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.frozensets(st.dates(date(2026, 11, 1), date(2027, 1, 31)), max_size=8),
)
due_dates = st.none() | st.dates(date(2026, 11, 10), date(2026, 12, 31))


@st.composite
def plans(draw: st.DrawFn) -> list[PlanTask]:
    """Up to seven tasks, each after some of those that come before it in a random order."""
    keys = draw(st.permutations("abcdefg"))[: draw(st.integers(1, 7))]
    return [
        PlanTask(
            key,
            draw(st.integers(1, 5)),
            draw(due_dates),
            tuple(draw(st.lists(st.sampled_from(keys[:place]), max_size=3, unique=True))) if place else (),
        )
        for place, key in enumerate(keys)
    ]


def ways_to(by_key: dict[str, PlanTask], key: str) -> Iterator[tuple[str, ...]]:
    """Every chain of tasks that ends with this one."""
    yield (key,)
    for before in by_key[key].after:
        for way in ways_to(by_key, before):
            yield (*way, key)


def worked(calendar: WorkingDays, first: date, days: int) -> date:
    """The last of so many working days from `first` on, counted one by one; before them, backward, where negative."""
    step = timedelta(days=1 if days > 0 else -1)
    left, at = abs(days), first
    while True:
        left -= calendar.is_working(at)
        if not left:
            return at
        at += step


def days_apart(calendar: WorkingDays, first: date, last: date) -> int:
    """How many working days later `last` is, counted one by one."""
    if last < first:
        return -days_apart(calendar, last, first)
    return sum(calendar.is_working(first + timedelta(days=n)) for n in range((last - first).days))


@settings(max_examples=300, deadline=None)
@given(plans(), calendars)
def test_against_every_way_through_the_plan(tasks: list[PlanTask], calendar: WorkingDays) -> None:
    by_key = {task.key: task for task in tasks}
    found = plan(tasks, calendar, TODAY)
    ways = {key: list(ways_to(by_key, key)) for key in by_key}

    def length(way: tuple[str, ...]) -> int:
        return sum(by_key[key].days for key in way)

    for key, row in found.tasks.items():
        assert row.earliest_finish == worked(calendar, TODAY, max(map(length, ways[key])))
    deadline = {task.key: task.due for task in tasks if task.due is not None}
    longest = max(length(way) for key in by_key for way in ways[key])
    last = max(deadline.values(), default=worked(calendar, TODAY, longest))
    followed = {before for task in tasks for before in task.after}
    ends = {key: last for key in by_key if key not in followed} | deadline
    for key, row in found.tasks.items():
        latest = min(
            worked(calendar, ends[end], -(length(way[way.index(key) :]))) if way else ends[end]
            for end in ends
            for way in ways[end]
            if key in way
        )
        assert row.latest_start == latest
        assert row.slack == days_apart(calendar, row.earliest_start, row.latest_start)
    slacks = {
        way: days_apart(calendar, TODAY, ends[end] + timedelta(days=1)) - length(way)
        for end in ends
        for way in ways[end]
    }
    assert found.slack == min(slacks.values())
    worst = min(slacks, key=lambda way: (slacks[way], -len(way), way))
    assert found.critical == worst
    assert {key for key, row in found.tasks.items() if row.is_critical} == set(worst)
    late = {each.key for each in found.impossible if each.why != Why.STARTS_BEFORE_DUE}
    overdue = {task.key for task in tasks if task.due is not None and task.due < TODAY}
    assert late == {key for key, row in found.tasks.items() if row.slack < 0} | overdue
