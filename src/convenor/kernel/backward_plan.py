"""A plan that is counted back from its due dates: the critical path method in whole working days.

Tasks take whole working days, at least one. What depends on a task begins at the earliest on the working day after
the one on which that task is finished. Forward from today: how early each could be finished if everybody began at
once. Backward from the due dates: how late each must begin. The days between are its slack; less than none is a plan
that can't be kept (Kelley and Walker, “Critical-Path Planning and Scheduling”, 1959).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from convenor.kernel.working_days import Offset, WorkingDays

__all__ = ["Cycle", "Impossible", "Offset", "Plan", "PlanTask", "Planned", "Why", "cycle_in", "plan"]


@dataclass(frozen=True, slots=True)
class PlanTask:
    """`days` are the working days that it takes; `due` is the day on which it must be done, or None.

    `after` are keys of tasks that must be done before; a key that isn't among the tasks is taken as done.
    """

    key: str
    days: int = 1
    due: date | None = None
    after: tuple[str, ...] = ()


class Why(StrEnum):
    OVERDUE = "overdue"  # due before today
    TOO_FEW_DAYS = "too_few_days"  # it, or one that it waits for, would have had to begin before today
    STARTS_BEFORE_DUE = "starts_before_due"  # of a task that it depends on


@dataclass(frozen=True, slots=True)
class Impossible:
    """`start` is the day on which it would have to begin to be done when it is due.

    `missing` are the working days that are too few. STARTS_BEFORE_DUE names the other task in `other` and when
    that one is due in `other_due`; then nothing may be lost yet, but the two dates contradict each other.
    """

    key: str
    why: Why
    start: date
    missing: int = 0
    other: str = ""
    other_due: date | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """Days are working days, and the finish is the last day on which it is worked on. `slack` is in working days."""

    key: str
    earliest_start: date
    earliest_finish: date
    latest_start: date
    latest_finish: date
    slack: int
    is_critical: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """`tasks` by key; `critical` is the chain with the least slack, in order, `slack` that slack (None without tasks)."""

    tasks: Mapping[str, Planned]
    critical: tuple[str, ...]
    slack: int | None
    impossible: tuple[Impossible, ...]


class Cycle(ValueError):
    """Tasks that wait for each other: each of `keys` comes after the next one, the last after the first."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self.keys = keys
        super().__init__(" after ".join((*keys, keys[0])))


def cycle_in(after: Mapping[str, Iterable[str]]) -> tuple[str, ...] | None:
    """The first cycle, in order of keys, from its smallest key on; None if there is none.

    `after` maps a task to those that it depends on. Each key of the answer depends on the next, the last on the first.
    """
    finished: set[str] = set()
    for root in sorted(after):
        path: list[str] = []
        on_path: dict[str, int] = {}
        waiting = [(root, False)]
        while waiting:
            key, is_leaving = waiting.pop()
            if is_leaving:
                del on_path[path.pop()]
                finished.add(key)
            elif key in on_path:
                return _from_smallest(path[on_path[key] :])
            elif key not in finished:
                on_path[key] = len(path)
                path.append(key)
                waiting.append((key, True))
                waiting.extend((each, False) for each in sorted(after.get(key, ()), reverse=True))
    return None


def _from_smallest(keys: Sequence[str]) -> tuple[str, ...]:
    start = keys.index(min(keys))
    return (*keys[start:], *keys[:start])


def plan(tasks: Iterable[PlanTask], calendar: WorkingDays, today: date) -> Plan:
    """Plan what is still to be done, as if nothing were begun before `today`.

    A task without a due date may take until the last one. Raises Cycle; ValueError for a key that is there twice or a
    task that takes no day.
    """
    by_key = _checked(tasks)
    order = _in_order(by_key)
    first = calendar.number(today)
    chains = _chains(by_key, order)
    deadlines = _deadlines(by_key, order, chains, calendar, first)
    latest = _latest(by_key, order, deadlines)
    worst = _worst_chain(chains, deadlines, first)
    planned = {
        key: _planned(by_key[key], calendar, first - chains[key][0], latest[key], key in worst)
        for key in order
    }
    return Plan(
        planned,
        worst,
        min((each.slack for each in planned.values()), default=None),
        tuple(_impossible(by_key, planned, calendar, today)),
    )


_Chain = tuple[int, int, tuple[str, ...]]
"""The longest way to the end of a task: minus its days, minus its tasks, its keys. The smallest one counts."""


def _checked(tasks: Iterable[PlanTask]) -> dict[str, PlanTask]:
    by_key: dict[str, PlanTask] = {}
    for task in tasks:
        if task.key in by_key:
            raise ValueError(f"two tasks with the key {task.key}")
        if task.days < 1:
            raise ValueError(f"the task {task.key} takes at least one day")
        by_key[task.key] = task
    return by_key


def _before(by_key: Mapping[str, PlanTask], key: str) -> list[str]:
    return [each for each in by_key[key].after if each in by_key]


def _in_order(by_key: Mapping[str, PlanTask]) -> list[str]:
    """The keys, each after those that it depends on. Raises Cycle."""
    after = {key: _before(by_key, key) for key in by_key}
    if cycle := cycle_in(after):
        raise Cycle(cycle)
    order: dict[str, None] = {}
    waiting = [(key, False) for key in sorted(by_key, reverse=True)]
    while waiting:
        key, is_leaving = waiting.pop()
        if is_leaving:
            order[key] = None
        elif key not in order:
            waiting.append((key, True))
            waiting.extend((each, False) for each in sorted(after[key], reverse=True))
    return list(order)


def _chains(by_key: Mapping[str, PlanTask], order: Sequence[str]) -> dict[str, _Chain]:
    chains: dict[str, _Chain] = {}
    for key in order:
        days, count, keys = min((chains[each] for each in _before(by_key, key)), default=(0, 0, ()))
        chains[key] = (days - by_key[key].days, count - 1, (*keys, key))
    return chains


def _deadlines(
    by_key: Mapping[str, PlanTask],
    order: Sequence[str],
    chains: Mapping[str, _Chain],
    calendar: WorkingDays,
    first: int,
) -> dict[str, int]:
    """The number of the working day before whose beginning a task must be done; only of tasks that have one, or that nothing follows."""
    own = {key: _until(calendar, due) for key in order if (due := by_key[key].due) is not None}
    followed = {each for key in order for each in _before(by_key, key)}
    last = max(own.values(), default=max((first - chains[key][0] for key in order), default=first))
    return {key: last for key in order if key not in followed} | own


def _until(calendar: WorkingDays, due: date) -> int:
    return calendar.number(due) + calendar.is_working(due)


def _latest(
    by_key: Mapping[str, PlanTask], order: Sequence[str], deadlines: Mapping[str, int]
) -> dict[str, int]:
    """The number of the working day before whose beginning each must be done, for those that follow too."""
    latest: dict[str, int] = dict(deadlines)
    for key in reversed(order):
        for each in _before(by_key, key):
            must = latest[key] - by_key[key].days
            latest[each] = min(latest.get(each, must), must)
    return latest


def _worst_chain(chains: Mapping[str, _Chain], deadlines: Mapping[str, int], first: int) -> tuple[str, ...]:
    """Of all chains that end at a deadline, the one with the least slack; of those, that with most tasks."""
    ends = [
        (deadline - first + chains[key][0], chains[key][1], chains[key][2])
        for key, deadline in deadlines.items()
    ]
    return min(ends)[2] if ends else ()


def _planned(
    task: PlanTask, calendar: WorkingDays, earliest_end: int, latest_end: int, is_critical: bool
) -> Planned:
    return Planned(
        task.key,
        earliest_start=calendar.day(earliest_end - task.days),
        earliest_finish=calendar.day(earliest_end - 1),
        latest_start=calendar.day(latest_end - task.days),
        latest_finish=calendar.day(latest_end - 1),
        slack=latest_end - earliest_end,
        is_critical=is_critical,
    )


def _impossible(
    by_key: Mapping[str, PlanTask], planned: Mapping[str, Planned], calendar: WorkingDays, today: date
) -> Iterable[Impossible]:
    for key in sorted(by_key):
        task, row = by_key[key], planned[key]
        if task.due is not None and task.due < today:
            missing = calendar.between(task.due, today) - calendar.is_working(task.due)
            yield Impossible(key, Why.OVERDUE, row.latest_start, missing)
        elif row.slack < 0:
            yield Impossible(key, Why.TOO_FEW_DAYS, row.latest_start, -row.slack)
        if task.due is not None:
            start = _until(calendar, task.due) - task.days
            for other in sorted(_before(by_key, key)):
                yield from _contradiction(key, by_key[other], start, calendar)


def _contradiction(key: str, other: PlanTask, start: int, calendar: WorkingDays) -> Iterable[Impossible]:
    """Whether a task that must start on that working day would have to do so before the other is due."""
    if other.due is not None and start < _until(calendar, other.due):
        missing = _until(calendar, other.due) - start
        yield Impossible(key, Why.STARTS_BEFORE_DUE, calendar.day(start), missing, other.key, other.due)
