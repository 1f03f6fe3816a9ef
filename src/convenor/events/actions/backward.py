"""The backward plan follows the event: every due date is reckoned again when its dates have changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from convenor.events.enums import UNDONE
from convenor.events.models import Event, Task
from convenor.events.queries.due_dates import working_days_for
from convenor.events.queries.tasks import due_of
from convenor.events.rules.due_dates import due_day

COLUMNS = ("due_on", "reminded_on", "escalated_on")


@dataclass(frozen=True, slots=True)
class Recalculated:
    """`changed` are the tasks whose date is another; `late` those of them that are open and due before today by it."""

    changed: tuple[Task, ...]
    late: tuple[Task, ...]


def recalculate(event: Event, now: datetime) -> Recalculated:
    """Set every task's due date anew. Fixed dates stay.

    Inside the caller's transaction, which has locked the event and saved its dates. Who was reminded of the old date is
    reminded of the new one again. Derived from the event's dates, whose change is on record, so not recorded itself. 3 queries.
    """
    tasks = list(event.tasks.filter(fixed_due_on__isnull=True))
    days = working_days_for(event, [due_of(task) for task in tasks])
    changed: list[Task] = []
    for task in tasks:
        due_on = due_day(event, due_of(task), days)
        if due_on != task.due_on:
            task.due_on, task.reminded_on, task.escalated_on = due_on, None, None
            changed.append(task)
    Task.objects.bulk_update(changed, COLUMNS, batch_size=500)
    today = now.astimezone(ZoneInfo(event.zone)).date()
    late = (task for task in changed if task.state in UNDONE and task.due_on and task.due_on < today)
    return Recalculated(tuple(changed), tuple(late))
