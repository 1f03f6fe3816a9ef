"""What the screens of tasks say over their lists, and the plan as its picture takes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from convenor.events.enums import UNDONE, TaskState
from convenor.events.queries.task_plan import PlannedTask, TaskPlan
from convenor.events.queries.task_rows import TaskRow
from convenor.events.rules.task_groups import TaskGroup
from convenor.events.rules.task_picture import Picture, PictureTask, draw

HEADINGS: dict[TaskGroup, str | Promise] = {
    TaskGroup.OVERDUE: _("Overdue"),
    TaskGroup.THIS_WEEK: _("This week"),
    TaskGroup.LATER: _("Later"),
    TaskGroup.UNDATED: _("Without a date"),
    TaskGroup.DONE: pgettext_lazy("tasks", "Done"),
}


@dataclass(frozen=True, slots=True)
class Totals:
    open: int
    overdue: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The first rows of many; `more` is how many are left out."""

    rows: tuple[TaskRow, ...]
    total: int
    more: int


def shortlist(rows: list[TaskRow], most: int) -> Shortlist:
    return Shortlist(tuple(rows[:most]), len(rows), max(0, len(rows) - most))


def heading_of(group: TaskGroup) -> str | Promise:
    return HEADINGS[group]


def totals_of(rows: Iterable[TaskRow]) -> Totals:
    """What was dropped counts as nothing."""
    counted = [row for row in rows if row.state != TaskState.DROPPED]
    done = sum(row.state == TaskState.DONE for row in counted)
    overdue = sum(row.group == TaskGroup.OVERDUE for row in counted)
    return Totals(len(counted) - done, overdue, done, len(counted))


def picture_of(plan: TaskPlan) -> Picture | None:
    """None where no task has anything to be drawn."""
    if not any(task.due_on or task.planned for task in plan.tasks):
        return None
    anchors = [(str(anchor.label), day) for anchor, day in plan.anchors]
    return draw([_drawn(task) for task in plan.tasks], today=plan.today, anchors=anchors)


def _drawn(task: PlannedTask) -> PictureTask:
    """An open task from the day on which it must begin to that on which it must be finished; what is done, on its due day."""
    is_open = task.state in UNDONE and task.planned is not None
    first = task.planned.latest_start if is_open and task.planned else task.due_on
    last = task.planned.latest_finish if is_open and task.planned else task.due_on
    return PictureTask(
        id=task.id,
        title=task.title,
        first=first,
        last=last,
        slack_from=task.planned.earliest_start if is_open and task.planned else None,
        is_done=task.state == TaskState.DONE,
        is_critical=task.is_critical,
        is_late=bool(task.late),
        is_milestone=task.is_milestone,
        after=task.after,
    )
