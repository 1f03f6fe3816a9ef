"""Opening a task for work: its owner may, and who runs the event."""

from __future__ import annotations

from dataclasses import dataclass

from convenor.base.actor import Actor
from convenor.base.permissions import require
from convenor.events.actions.opening import named_for, open_event
from convenor.events.models import Task
from convenor.events.queries.tasks import event_of_task
from convenor.scheduling.drafts import Notice


@dataclass(frozen=True, slots=True)
class TaskSaved:
    """The task as it is now, and what to tell the user."""

    task: Task
    notices: tuple[Notice, ...] = ()


def open_task(actor: Actor, task_id: int) -> Task:
    """The task with its event, which is locked until the transaction ends.

    Raises Task.DoesNotExist, Refused, and ValidationError where the event is over.
    """
    event = open_event(actor, event_of_task(actor, task_id), None, verb="event.see")
    task = event.tasks.select_related("owner").get(pk=task_id)
    task.event = event
    require(actor, "task.work", task)
    return task


def worker_named(actor: Actor, task: Task) -> Actor:
    """The actor, on record as acting for the task's owner, or for who runs the event, whose delegate they are."""
    if task.owner is not None and task.owner_id != actor.person_id and actor.may_act_for(task.owner.pk):
        return actor if actor.is_system else actor.named_for(task.owner.pk, task.owner.name)
    return actor if task.owner_id == actor.person_id else named_for(actor, task.event)


def grow_version(task: Task, *names: str) -> None:
    """Save the columns under a new version, so that a form that was opened before is told."""
    task.version += 1
    task.save(update_fields=[*names, "version"])
