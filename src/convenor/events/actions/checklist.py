"""Ticking off the items of a task's checklist."""

from __future__ import annotations

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.events.actions.task_opening import grow_version, open_task, worker_named
from convenor.events.models import ChecklistItem, Task
from convenor.events.queries.visibility import events_seen_by


@action
def tick(*, actor: Actor, item_id: int, is_done: bool) -> Task:
    """Tick an item off, or take the tick back. Raises ChecklistItem.DoesNotExist, Refused, ValidationError."""
    seen = ChecklistItem.objects.filter(task__event__in=events_seen_by(actor))
    task = open_task(actor, seen.values_list("task_id", flat=True).get(pk=item_id))
    item = task.checklist.get(pk=item_id)
    if item.is_done != is_done:
        item.is_done = is_done
        item.save(update_fields=["is_done"])
        grow_version(task)
        audit.record(
            actor=worker_named(actor, task),
            action="task.ticked" if is_done else "task.unticked",
            obj=task,
            after={"item": item.text},
        )
    return task
