"""Tasks as lists show them: whom they wait for, how far the checklist is, what may be done with them. A fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.events.enums import ALIVE, UNDONE, TaskState
from convenor.events.models import ChecklistItem, Document, Event, Task, TaskComment, TaskDependency
from convenor.events.queries.tasks import due_of
from convenor.events.queries.visibility import events_seen_by
from convenor.events.rules.task_groups import TaskGroup, end_of_week, group_of
from convenor.events.sentences.tasks import due_sentence
from convenor.scheduling.rules.wording import names


@dataclass(frozen=True, slots=True)
class TaskRow:
    """`waits_for` are titles of open tasks that come before it; `overdue_days` are calendar days, 0 unless it is late."""

    id: int
    key: str
    title: str
    state: TaskState
    group: TaskGroup
    due_on: date | None
    due_words: str
    overdue_days: int
    event_id: int
    event_title: str
    owner_id: int | None
    owner_name: str
    is_milestone: bool
    items: int
    items_done: int
    comments: int
    documents: int
    waits_for: tuple[str, ...]
    may_work: bool

    @property
    def is_open(self) -> bool:
        return self.state in UNDONE

    @property
    def waiting(self) -> str:
        """Whom it waits for, as a list shows it: all on the task's page, here the first and how many more."""
        return names(self.waits_for, most=1)


@dataclass(frozen=True, slots=True)
class TaskList:
    """The rows of one heading."""

    group: TaskGroup
    rows: tuple[TaskRow, ...]


def today_at(event: Event, now: datetime) -> date:
    """The event's own day: its due dates are days where it takes place."""
    return now.astimezone(ZoneInfo(event.zone)).date()


def rows_of(actor: Actor, tasks: Iterable[Task], now: datetime) -> list[TaskRow]:
    """Rows of tasks that came with their event and owner. 4 queries."""
    listed = list(tasks)
    keys = [task.pk for task in listed]
    items = {pk: (total, done) for pk, total, done in _items(keys)}
    comments = _counts(TaskComment.objects.filter(task__among=keys))
    documents = _counts(Document.objects.filter(task__among=keys, removed_at__isnull=True))
    waits = open_before(keys)
    return [
        _row(actor, task, now, items.get(task.pk, (0, 0)), comments, documents, waits.get(task.pk, ()))
        for task in listed
    ]


def _row(
    actor: Actor,
    task: Task,
    now: datetime,
    items: tuple[int, int],
    comments: dict[int, int],
    documents: dict[int, int],
    waits_for: Sequence[str],
) -> TaskRow:
    today = today_at(task.event, now)
    is_late = task.state in UNDONE and task.due_on is not None and task.due_on < today
    return TaskRow(
        id=task.pk,
        key=task.key,
        title=task.title,
        state=TaskState(task.state),
        group=group_of(task.state, task.due_on, today),
        due_on=task.due_on,
        due_words=due_sentence(due_of(task), task.fixed_due_on),
        overdue_days=(today - task.due_on).days if is_late and task.due_on else 0,
        event_id=task.event_id,
        event_title=task.event.title,
        owner_id=task.owner_id,
        owner_name=str(task.owner or ""),
        is_milestone=task.is_milestone,
        items=items[0],
        items_done=items[1],
        comments=comments.get(task.pk, 0),
        documents=documents.get(task.pk, 0),
        waits_for=tuple(waits_for),
        may_work=may(actor, "task.work", task),
    )


def _items(keys: Collection[int]) -> Iterable[tuple[int, int, int]]:
    rows = ChecklistItem.objects.filter(task__among=list(keys)).order_by().values("task_id")
    counted = rows.annotate(total=Count("pk"), done=Count("pk", filter=Q(is_done=True)))
    return counted.values_list("task_id", "total", "done")


def _counts(rows: QuerySet[TaskComment] | QuerySet[Document]) -> dict[int, int]:
    counted = rows.order_by().values("task_id").annotate(total=Count("pk"))
    return {int(pk): total for pk, total in counted.values_list("task_id", "total")}


def open_before(keys: Collection[int]) -> dict[int, list[str]]:
    """By task, the titles of the open ones that it depends on. 1 query."""
    found: dict[int, list[str]] = {}
    links = TaskDependency.objects.filter(task__among=list(keys), after__state__in=UNDONE)
    for task, title in links.order_by("after__title", "after").values_list("task_id", "after__title"):
        found.setdefault(task, []).append(title)
    return found


def grouped(rows: Iterable[TaskRow]) -> list[TaskList]:
    """The rows under their headings, in the rows' own order; no heading without rows."""
    by_group: dict[TaskGroup, list[TaskRow]] = {}
    for row in rows:
        by_group.setdefault(row.group, []).append(row)
    return [TaskList(group, tuple(by_group[group])) for group in TaskGroup if group in by_group]


def tasks_for(actor: Actor, event_id: int, now: datetime) -> list[TaskRow]:
    """All tasks of an event by when they are due, for whoever may read it; none of one that isn't there. 5 queries."""
    tasks = Task.objects.filter(event__pk=event_id, event__in=events_seen_by(actor))
    return rows_of(actor, tasks.select_related("event", "owner"), now)


def my_tasks_for(
    actor: Actor, now: datetime, *, event_id: int | None = None, this_week: bool = False
) -> list[TaskRow]:
    """Open tasks of the actor and of those whom they may act for, in events under way; overdue ones first. 5 queries, 1 where there are none.

    Tasks of events that the actor may no longer read are left out. `this_week`: what is overdue or due by Sunday.
    """
    people = [
        *(pk for pk in actor.principals if actor.may_act_for(pk)),
        *([actor.person_id] if actor.person_id else []),
    ]
    seen = events_seen_by(actor).filter(state__in=ALIVE, pk=OuterRef("event"))
    tasks = Task.objects.filter(Exists(seen), owner__in=people, state__in=UNDONE)
    if event_id is not None:
        tasks = tasks.filter(event=event_id)
    if this_week:
        tasks = tasks.filter(due_on__lte=end_of_week(now.date()))
    listed = list(tasks.select_related("event", "owner"))
    return rows_of(actor, listed, now) if listed else []
