"""Tasks of an event: entered, changed, given to somebody, removed. Their dates are those of who runs the event.

Working on them — ticking off, calling them done — is in actions/task_work.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.inserting import insert_rows
from convenor.base.transactions import action
from convenor.events.actions.opening import named_for, open_event
from convenor.events.drafts import TaskDraft
from convenor.events.enums import TaskState
from convenor.events.models import ChecklistItem, Event, Task, TaskDependency
from convenor.events.queries.due_dates import working_days_for
from convenor.events.queries.tasks import event_of_task, task_draft_of
from convenor.events.refusals import StaleTask
from convenor.events.rules.due_dates import due_day
from convenor.events.rules.task import TaskFacts, raise_problems, task_key, task_problems
from convenor.kernel.working_days import WorkingDays
from convenor.people.models import Person

COLUMNS = (
    *("key", "title", "description", "owner", "state", "is_milestone", "anchor", "offset_days"),
    *("working_days", "fixed_due_on", "due_on", "duration_days"),
)
REMINDERS = ("reminded_on", "escalated_on")


@action
def add_tasks(*, actor: Actor, event_id: int, drafts: Sequence[TaskDraft], now: datetime) -> list[Task]:
    """Enter tasks, in a number of statements that doesn't grow with them; a draft without a key gets one from its title.

    They may depend on each other and on the tasks that are there. Raises Event.DoesNotExist, Refused, and
    ValidationError with the sentences by the draft's field, each naming its task where there are several.
    """
    event = open_event(actor, event_id, None)
    there = _tasks_of(event)
    drafts = _with_keys(drafts, there)
    raise_problems(drafts, task_problems(drafts, _facts(drafts, there)))
    if not drafts:
        return []
    calendar = working_days_for(event, [draft.due for draft in drafts])
    rows = [Task(event=event, **values_of(draft, due_on_of(event, draft, calendar))) for draft in drafts]
    for row in rows:
        _set_done(row, actor, now)
    insert_rows(rows)
    keys = {task.key: task.pk for task in (*there, *rows)}
    _insert_dependencies(
        (row.pk, keys[each]) for row, draft in zip(rows, drafts, strict=True) for each in draft.after
    )
    insert_rows(item for row, draft in zip(rows, drafts, strict=True) for item in _items(row, draft))
    named = named_for(actor, event)
    audit.record_all(
        audit.entry(actor=named, action="task.added", obj=row, after=_recorded(row, draft))
        for row, draft in zip(rows, drafts, strict=True)
    )
    return rows


@action
def change_task(*, actor: Actor, task_id: int, draft: TaskDraft, version: int | None, now: datetime) -> Task:
    """Make the task what the draft says, checklist and dependencies too; an empty key keeps the one it has.

    Raises Task.DoesNotExist, Refused, StaleTask, and ValidationError with the sentences by the draft's field.
    """
    event = open_event(actor, event_of_task(actor, task_id), None)
    there = _tasks_of(event)
    task = next((each for each in there if each.pk == task_id), None)
    if task is None:
        raise Task.DoesNotExist
    if version is not None and version != task.version:
        raise StaleTask(task)
    draft = replace(draft, key=draft.key or task.key)
    others = [each for each in there if each.pk != task_id]
    kept = frozenset([task.owner_id] if task.owner_id else [])
    raise_problems([draft], task_problems([draft], replace(_facts([draft], others), kept_owners=kept)))
    before = task_draft_of(task)
    old = _recorded(task, before)
    _set_columns(task, event, draft, actor, now)
    new = _recorded(task, draft)
    if old == new:
        return task
    _save(task, [*COLUMNS, *REMINDERS, "done_at", "done_by"])
    if set(draft.after) != set(before.after):
        TaskDependency.objects.filter(task=task).delete()
        keys = {each.key: each.pk for each in others}
        _insert_dependencies((task.pk, keys[each]) for each in draft.after)
    if draft.checklist != before.checklist:
        ChecklistItem.objects.filter(task=task).delete()
        insert_rows(_items(task, draft))
    audit.record(actor=named_for(actor, event), action="task.changed", obj=task, before=old, after=new)
    return task_again(task)


@action
def remove_task(*, actor: Actor, task_id: int) -> None:
    """Take a task away with its checklist and comments; what waited for it no longer does. Its documents stay with the event.

    A task that was begun is better dropped (set_task_state). Raises Task.DoesNotExist, Refused.
    """
    event = open_event(actor, event_of_task(actor, task_id), None)
    task = event.tasks.get(pk=task_id)
    before = {
        "event": event.pk,
        **_recorded(task, task_draft_of(task)),
    }  # so that the event's history finds it
    audit.record(actor=named_for(actor, event), action="task.removed", obj=task, before=before)
    task.documents.update(task=None)
    task.delete()


@action
def assign_task(*, actor: Actor, task_id: int, owner_id: int | None, now: datetime) -> Task:
    """Give the task to somebody, or to nobody. Raises Task.DoesNotExist, Refused, ValidationError at `owner_id`."""
    event = open_event(actor, event_of_task(actor, task_id), None)
    task = event.tasks.get(pk=task_id)
    draft = replace(task_draft_of(task), owner_id=owner_id)
    return change_task(actor=actor, task_id=task.pk, draft=draft, version=None, now=now)


def due_on_of(event: Event, draft: TaskDraft, calendar: WorkingDays) -> date | None:
    return draft.fixed_due_on or due_day(event, draft.due, calendar)


def values_of(draft: TaskDraft, due_on: date | None) -> dict[str, Any]:
    """The columns that a draft makes."""
    return {
        "key": draft.key,
        "title": draft.title.strip(),
        "description": draft.description.strip(),
        "owner_id": draft.owner_id,
        "state": TaskState(draft.state),
        "is_milestone": draft.is_milestone,
        "anchor": draft.due.anchor,
        "offset_days": draft.due.days,
        "working_days": draft.due.working,
        "fixed_due_on": draft.fixed_due_on,
        "due_on": due_on,
        "duration_days": draft.duration_days,
    }


def task_again(task: Task) -> Task:
    return Task.objects.select_related("event", "owner").get(pk=task.pk)


def _tasks_of(event: Event) -> list[Task]:
    return list(event.tasks.prefetch_related("checklist", "dependencies__after").order_by("pk"))


def _with_keys(drafts: Sequence[TaskDraft], there: Sequence[Task]) -> list[TaskDraft]:
    taken = {*(task.key for task in there), *(draft.key for draft in drafts)}
    made: list[TaskDraft] = []
    for draft in drafts:
        key = draft.key or task_key(draft.title, taken)
        taken.add(key)
        made.append(replace(draft, key=key))
    return made


def _facts(drafts: Iterable[TaskDraft], others: Iterable[Task]) -> TaskFacts:
    asked = {draft.owner_id for draft in drafts if draft.owner_id is not None}
    people = Person.objects.filter(pk__in=asked).values_list("pk", "name", "is_active") if asked else ()
    return TaskFacts(
        others={each.key: tuple(link.after.key for link in each.dependencies.all()) for each in others},
        titles={each.key: each.title for each in others},
        owners={pk: (name, is_active) for pk, name, is_active in people},
    )


def _set_columns(task: Task, event: Event, draft: TaskDraft, actor: Actor, now: datetime) -> None:
    """Of a task with another date people are told again, and somebody else is reminded as if they had had it from the first."""
    calendar = working_days_for(event, [draft.due])
    old_due, old_state, old_owner = task.due_on, task.state, task.owner_id
    for name, value in values_of(draft, due_on_of(event, draft, calendar)).items():
        setattr(task, name, value)
    if task.due_on != old_due:
        task.reminded_on = task.escalated_on = None
    elif task.owner_id != old_owner:
        task.reminded_on = None
    if task.state != old_state:
        _set_done(task, actor, now)


def _set_done(task: Task, actor: Actor, now: datetime) -> None:
    is_done = task.state == TaskState.DONE
    task.done_at = now if is_done else None
    task.done_by_id = actor.person_id if is_done else None


def _save(task: Task, names: Sequence[str]) -> None:
    task.version += 1
    task.save(update_fields=[*names, "version"])


def _insert_dependencies(pairs: Iterable[tuple[int, int]]) -> None:
    insert_rows(TaskDependency(task_id=task, after_id=after) for task, after in dict.fromkeys(pairs))


def _items(task: Task, draft: TaskDraft) -> list[ChecklistItem]:
    return [
        ChecklistItem(task=task, position=position, text=item.text.strip(), is_done=item.is_done)
        for position, item in enumerate(draft.checklist)
    ]


def _recorded(task: Task, draft: TaskDraft) -> Mapping[str, Any]:
    """The row as the audit keeps it, with what hangs on it."""
    checklist = [("✓ " if item.is_done else "") + item.text.strip() for item in draft.checklist]
    return audit.snapshot(task, ("event", *COLUMNS)) | {
        "after": sorted(set(draft.after)),
        "checklist": checklist,
    }
