"""An event's backward plan: how late each task must begin, what is critical, what can't be kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from convenor.base.actor import Actor
from convenor.events.enums import UNDONE, Anchor, TaskState
from convenor.events.models import Event, Task, TaskDependency
from convenor.events.queries.due_dates import working_days_for
from convenor.events.queries.task_rows import today_at
from convenor.events.queries.tasks import due_of
from convenor.events.queries.visibility import event_for
from convenor.events.rules.dates import anchor_day
from convenor.events.sentences.tasks import impossible_sentence
from convenor.kernel.backward_plan import Planned, PlanTask, Why, plan


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """`planned` is None for what is done, and while nothing says when it must be. `late` sentences stand against its date; `hints` say that two dates contradict each other."""

    id: int
    key: str
    title: str
    state: TaskState
    owner_name: str
    due_on: date | None
    days: int
    is_milestone: bool
    after: tuple[int, ...]
    planned: Planned | None
    late: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()

    @property
    def is_critical(self) -> bool:
        return self.planned is not None and self.planned.is_critical


@dataclass(frozen=True, slots=True)
class TaskPlan:
    """`critical` are the tasks of the critical path in order, `slack` the working days that it has to spare (negative: too few)."""

    today: date
    tasks: tuple[PlannedTask, ...]
    critical: tuple[PlannedTask, ...]
    slack: int | None
    anchors: tuple[tuple[Anchor, date], ...]

    @property
    def late_count(self) -> int:
        return sum(bool(each.late) for each in self.tasks)


def plan_for(actor: Actor, event_id: int, now: datetime) -> TaskPlan:
    """The plan of an event's tasks, by due date. Raises Event.DoesNotExist. 4 queries."""
    return plan_of(event_for(actor, event_id), now)


def plan_of(event: Event, now: datetime) -> TaskPlan:
    """The same for an event that the actor may read. 3 queries, 2 for an event without a site."""
    today = today_at(event, now)
    tasks = [each for each in event.tasks.select_related("owner") if each.state != TaskState.DROPPED]
    after: dict[int, list[int]] = {}
    for task_id, other in TaskDependency.objects.filter(task__event=event).values_list("task_id", "after_id"):
        after.setdefault(task_id, []).append(other)
    calendar = working_days_for(event, [due_of(each) for each in tasks], today, *_dues(tasks))
    keys = {each.pk: each.key for each in tasks if each.state in UNDONE}
    found = plan(
        (
            PlanTask(
                each.key,
                max(each.duration_days, 1),
                each.due_on,
                tuple(keys[other] for other in after.get(each.pk, ()) if other in keys),
            )
            for each in tasks
            if each.state in UNDONE
        ),
        calendar,
        today,
    )
    titles = {each.key: each.title for each in tasks}
    late: dict[str, list[str]] = {}
    hints: dict[str, list[str]] = {}
    for each in found.impossible:
        kind = hints if each.why == Why.STARTS_BEFORE_DUE else late
        kind.setdefault(each.key, []).append(impossible_sentence(each, titles.get(each.other, "")))
    rows = {
        task.key: PlannedTask(
            id=task.pk,
            key=task.key,
            title=task.title,
            state=TaskState(task.state),
            owner_name=str(task.owner or ""),
            due_on=task.due_on,
            days=task.duration_days,
            is_milestone=task.is_milestone,
            after=tuple(sorted(after.get(task.pk, ()))),
            planned=found.tasks.get(task.key),
            late=tuple(late.get(task.key, ())),
            hints=tuple(hints.get(task.key, ())),
        )
        for task in tasks
    }
    return TaskPlan(
        today=today,
        tasks=tuple(rows.values()),
        critical=tuple(rows[key] for key in found.critical),
        slack=found.slack,
        anchors=_anchors(event),
    )


def _dues(tasks: Sequence[Task]) -> list[date]:
    return [each.due_on for each in tasks if each.due_on is not None]


def _anchors(event: Event) -> tuple[tuple[Anchor, date], ...]:
    """The event's own days; load-in and load-out where they are other days than start and end."""
    days = {anchor: anchor_day(event, anchor) for anchor in Anchor}
    if days[Anchor.LOAD_IN] == days[Anchor.START]:
        del days[Anchor.LOAD_IN]
    if days[Anchor.LOAD_OUT] == days[Anchor.END]:
        del days[Anchor.LOAD_OUT]
    return tuple((anchor, day) for anchor, day in days.items() if day is not None)
