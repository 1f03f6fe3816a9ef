"""Calling tasks begun, done, dropped or open again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.permissions import require
from convenor.base.transactions import action
from convenor.events.actions.opening import open_event
from convenor.events.actions.task_opening import TaskSaved, grow_version, open_task, worker_named
from convenor.events.enums import UNDONE, TaskState
from convenor.events.models import ChecklistItem, Task, TaskDependency
from convenor.events.refusals import StillWaiting
from convenor.events.rules.task import unticked_sentence, waiting_sentence
from convenor.scheduling.drafts import Notice

COLUMNS = ("state", "done_at", "done_by")
ON_RECORD = {
    TaskState.OPEN: "task.opened_again",
    TaskState.IN_PROGRESS: "task.begun",
    TaskState.DONE: "task.done",
    TaskState.DROPPED: "task.dropped",
}


@action
def set_task_state(
    *, actor: Actor, task_id: int, state: TaskState | str, now: datetime, insisted: bool = False
) -> TaskSaved:
    """Its owner may, and who runs the event. One that is done can be opened again.

    Done is refused while a task that it depends on is open, unless the user insisted: then, and where items of its
    checklist are open, the answer says so. Raises Task.DoesNotExist, Refused, StillWaiting, ValidationError.
    """
    task = open_task(actor, task_id)
    if state not in TaskState.values:
        raise ValidationError({"state": [_("There is no such state.")]})
    return TaskSaved(task, tuple(_set(actor, [task], TaskState(state), now, insisted=insisted)))


@action
def finish_tasks(
    *, actor: Actor, event_id: int, task_ids: Collection[int], now: datetime, insisted: bool = False
) -> list[TaskSaved]:
    """Call several tasks of an event done: all of them, or none. They may depend on each other; those done already stay so.

    Raises Event.DoesNotExist, Task.DoesNotExist, Refused, StillWaiting, ValidationError. A fixed number of queries to
    decide, three for each task that changes.
    """
    event = open_event(actor, event_id, None, verb="event.see")
    tasks = list(event.tasks.filter(pk__in=set(task_ids)).select_related("owner"))
    if len(tasks) != len(set(task_ids)):
        raise Task.DoesNotExist
    for task in tasks:
        task.event = event
        require(actor, "task.work", task)
    notices = _set(actor, tasks, TaskState.DONE, now, insisted=insisted)
    return [TaskSaved(task, tuple(each for each in notices if each.field == str(task.pk))) for task in tasks]


def _set(
    actor: Actor, tasks: Sequence[Task], state: TaskState, now: datetime, *, insisted: bool
) -> list[Notice]:
    """Set the state of tasks that are open to the actor; the notices name their task's key in `field`."""
    changing = [task for task in tasks if task.state != state]
    notices = _before_done(changing, insisted=insisted) if state == TaskState.DONE else []
    for task in changing:
        before = audit.snapshot(task, COLUMNS)
        task.state = state
        task.done_at = now if state == TaskState.DONE else None
        task.done_by_id = actor.person_id if state == TaskState.DONE else None
        grow_version(task, *COLUMNS)
        after = audit.snapshot(task, COLUMNS)
        audit.record(
            actor=worker_named(actor, task),
            action=ON_RECORD[state],
            obj=task,
            before=before,
            after=after,
        )
    return notices


def _before_done(tasks: Sequence[Task], *, insisted: bool) -> list[Notice]:
    """What to tell of tasks that are about to be done. Raises StillWaiting. 2 queries."""
    waiting = _open_before(tasks)
    sentences = {
        task.pk: waiting_sentence(task.title, waiting[task.pk]) for task in tasks if task.pk in waiting
    }
    if sentences and not insisted:
        raise StillWaiting(list(sentences.values()), [name for names in waiting.values() for name in names])
    notices = [Notice("waits", sentence, str(pk)) for pk, sentence in sentences.items()]
    unticked = _unticked(tasks)
    return notices + [
        Notice("unticked", unticked_sentence(task.title, unticked[task.pk]), str(task.pk))
        for task in tasks
        if task.pk in unticked
    ]


def _open_before(tasks: Sequence[Task]) -> dict[int, list[str]]:
    """Titles of the open tasks that each depends on, those left out that are to be done with it."""
    keys = [task.pk for task in tasks]
    links = TaskDependency.objects.filter(task__in=keys, after__state__in=UNDONE).exclude(after__in=keys)
    found: dict[int, list[str]] = {}
    for task, title in links.order_by("after__title", "after").values_list("task_id", "after__title"):
        found.setdefault(task, []).append(title)
    return found


def _unticked(tasks: Sequence[Task]) -> dict[int, int]:
    found: dict[int, int] = {}
    items = ChecklistItem.objects.filter(task__in=[task.pk for task in tasks], is_done=False)
    for task in items.values_list("task_id", flat=True):
        found[task] = found.get(task, 0) + 1
    return found
