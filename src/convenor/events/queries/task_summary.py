"""How an event's tasks stand, for many events at once: boards and readiness read it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, DateField, F, Min, Q, Value, When

from convenor.events.enums import UNDONE, TaskState
from convenor.events.models import Event, Task
from convenor.events.queries.task_rows import today_at


@dataclass(frozen=True, slots=True)
class TaskSummary:
    """Counts of tasks; dropped ones count as nothing. `next_due` is of the first that is open and not late."""

    open: int = 0
    overdue: int = 0
    done: int = 0
    next_due: date | None = None

    @property
    def total(self) -> int:
        return self.open + self.done


def task_summary(event_ids: Collection[int], now: datetime) -> Mapping[int, TaskSummary]:
    """By event, every one asked for; the caller has checked that they may be read. 2 queries, whatever their number.

    Overdue by the day that it is where the event takes place; overdue tasks are open ones too.
    """
    keys = list(event_ids)
    zones = Event.objects.filter(pk__among=keys).order_by().values_list("zone", flat=True).distinct()
    days = {zone: today_at(Event(zone=zone), now) for zone in zones}
    today = Case(
        *(When(event__zone=zone, then=Value(day)) for zone, day in days.items()),
        default=Value(now.date()),
        output_field=DateField(),
    )
    undone = Q(state__in=UNDONE)
    rows = Task.objects.filter(event__among=keys).order_by().annotate(today=today).values("event_id")
    counted = rows.annotate(
        n_open=Count("pk", filter=undone),
        n_overdue=Count("pk", filter=undone & Q(due_on__lt=F("today"))),
        n_done=Count("pk", filter=Q(state=TaskState.DONE)),
        next_due=Min("due_on", filter=undone & Q(due_on__gte=F("today"))),
    )
    found = {
        pk: TaskSummary(n_open, overdue, done, next_due)
        for pk, n_open, overdue, done, next_due in counted.values_list(
            "event_id", "n_open", "n_overdue", "n_done", "next_due"
        )
    }
    return {pk: found.get(pk, TaskSummary()) for pk in keys}
