"""Tasks as drafts, and where they belong."""

from __future__ import annotations

from collections.abc import Sequence

from convenor.base.actor import Actor
from convenor.events.drafts import ItemDraft, TaskDraft
from convenor.events.enums import Anchor, TaskState
from convenor.events.models import Event, Task
from convenor.events.queries.visibility import events_seen_by
from convenor.events.rules.policy import Due


def event_of_task(actor: Actor, task_id: int) -> int:
    """The key of the task's event, if the actor may read that. Raises Task.DoesNotExist. 1 query."""
    return Task.objects.values_list("event_id", flat=True).get(pk=task_id, event__in=events_seen_by(actor))


def task_drafts_of(event: Event) -> list[TaskDraft]:
    """In the order in which they were entered. 4 queries."""
    rows = event.tasks.prefetch_related("checklist", "dependencies__after").order_by("pk")
    return [task_draft_of(each) for each in rows]


def task_draft_of(task: Task) -> TaskDraft:
    """3 queries, none where checklist and dependencies are loaded."""
    return TaskDraft(
        key=task.key,
        title=task.title,
        due=due_of(task),
        fixed_due_on=task.fixed_due_on,
        owner_id=task.owner_id,
        description=task.description,
        state=TaskState(task.state),
        is_milestone=task.is_milestone,
        duration_days=task.duration_days,
        after=keys_before(task),
        checklist=tuple(ItemDraft(item.text, is_done=item.is_done) for item in task.checklist.all()),
    )


def due_of(task: Task) -> Due:
    return Due(task.offset_days, task.working_days, Anchor(task.anchor))


def keys_before(task: Task) -> tuple[str, ...]:
    """Of the tasks that it depends on, in order of their keys."""
    links: Sequence[str] = sorted(link.after.key for link in task.dependencies.all())
    return tuple(links)
