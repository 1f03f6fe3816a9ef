"""A task's own page: the task, what it waits for and holds up, its checklist, what was said, its papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.events.enums import UNDONE
from convenor.events.models import ChecklistItem, Task, TaskComment
from convenor.events.queries.task_plan import PlannedTask, plan_of
from convenor.events.queries.tasks import due_of
from convenor.events.queries.visibility import events_seen_by
from convenor.events.rules.task_groups import TaskGroup, group_of
from convenor.events.sentences.tasks import due_sentence


@dataclass(frozen=True, slots=True)
class Neighbour:
    id: int
    title: str
    state: str
    state_label: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class TaskPage:
    """`comments` are pairs of a comment and whether the reader may take it back."""

    task: Task
    due_words: str
    is_overdue: bool
    before: tuple[Neighbour, ...]
    behind: tuple[Neighbour, ...]
    checklist: tuple[ChecklistItem, ...]
    comments: tuple[tuple[TaskComment, bool], ...]
    planned: PlannedTask | None
    may_work: bool
    may_edit: bool

    @property
    def open_before(self) -> list[str]:
        return [each.title for each in self.before if each.is_open]

    @property
    def ticked(self) -> int:
        return sum(item.is_done for item in self.checklist)


def task_for(actor: Actor, pk: int) -> Task:
    """With its event and owner, if the actor may read the event. Raises Task.DoesNotExist. 1 query."""
    tasks = Task.objects.select_related(
        "event__class_version__event_class", "event__owner", "owner", "done_by"
    )
    return tasks.get(pk=pk, event__in=events_seen_by(actor))


def task_page_for(actor: Actor, pk: int, now: datetime) -> TaskPage:
    """Raises Task.DoesNotExist. 8 queries."""
    task = task_for(actor, pk)
    plan = plan_of(task.event, now)
    may_edit = may(actor, "event.edit", task.event)
    may_work = may(actor, "task.work", task)
    comments = task.comments.select_related("author")
    return TaskPage(
        task=task,
        due_words=due_sentence(due_of(task), task.fixed_due_on),
        is_overdue=group_of(task.state, task.due_on, plan.today) == TaskGroup.OVERDUE,
        before=_neighbours(list(Task.objects.filter(dependents__task=task))),
        behind=_neighbours(list(Task.objects.filter(dependencies__after=task))),
        checklist=tuple(task.checklist.all()),
        comments=tuple(
            (
                each,
                may_edit or (may_work and each.author_id == actor.person_id and each.author_id is not None),
            )
            for each in comments
        ),
        planned=next((each for each in plan.tasks if each.id == task.pk), None),
        may_work=may_work,
        may_edit=may_edit,
    )


def _neighbours(tasks: Sequence[Task]) -> tuple[Neighbour, ...]:
    return tuple(
        Neighbour(each.pk, each.title, each.state, each.get_state_display(), each.state in UNDONE)
        for each in tasks
    )
