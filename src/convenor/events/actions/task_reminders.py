"""The daily mails about tasks: everybody's own, and what is late with others to those in charge. One a day each, with all they have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation

from convenor.base import audit, mail, outbox
from convenor.base.actor import Actor
from convenor.base.models import OutboxMessage
from convenor.base.transactions import action
from convenor.events.enums import ALIVE, UNDONE
from convenor.events.models import Task
from convenor.events.rules.reminding import SEND_FROM_HOUR, SHOWN_AHEAD, Call, LateTask, Told, digests
from convenor.events.sentences.task_mail import TaskLine, subject_of, text_of
from convenor.people.models import Person

PATH = "/tasks/"


@action
def remind_of_tasks(now: datetime) -> int:
    """Put today's mails in the outbox; how many. Nothing before seven, nor for whom has one of today already. 6 queries and one for each five hundred mails."""
    local = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    if local.hour < SEND_FROM_HOUR:
        return 0
    today = local.date()
    tasks = {task.pk: task for task in _near(today)}
    found = digests([_late(task) for task in tasks.values()], today)
    people = {
        each.pk: each
        for each in Person.objects.filter(pk__among=list(found), is_active=True).select_related("user")
    }
    done = _mailed(people, today)
    told = {person: calls for person, calls in found.items() if person in people and person not in done}
    outbox.put_all(_mails(told, tasks, people, today))
    _note(told, tasks, today)
    return len(told)


def _near(today: date) -> Iterable[Task]:
    """What isn't done and is due within the days that a mail lists, or was before."""
    rows = Task.objects.filter(
        state__in=UNDONE, due_on__lte=today + timedelta(days=SHOWN_AHEAD), event__state__in=ALIVE
    )
    return rows.select_related("event", "owner").order_by("due_on", "pk")


def _late(task: Task) -> LateTask:
    """Somebody who left does nothing any more; what is theirs falls to the coordinator in charge."""
    assert task.due_on is not None  # _near asks for it
    is_there = task.owner is not None and task.owner.is_active
    return LateTask(
        id=task.pk,
        due_on=task.due_on,
        worker=task.owner_id if is_there and task.owner_id else task.event.owner_id,
        owner=task.event.owner_id,
        sponsor=task.event.sponsor_id,
        reminded_on=task.reminded_on,
        escalated_on=task.escalated_on,
    )


def _key(person: int, today: date) -> str:
    return f"tasks:{person}:{today.isoformat()}"


def _mailed(people: Collection[int], today: date) -> set[int]:
    keys = {_key(person, today): person for person in people}
    rows = OutboxMessage.objects.filter(
        kind=mail.KIND, key__startswith="tasks:", key__endswith=today.isoformat()
    )
    return {keys[key] for key in rows.values_list("key", flat=True) if key in keys}


def _mails(
    told: Mapping[int, Sequence[Call]], tasks: Mapping[int, Task], people: Mapping[int, Person], today: date
) -> Iterator[outbox.Message]:
    for person in sorted(told):
        reader = people[person]
        lines = [_line(tasks[call.task], call) for call in told[person]]
        with translation.override((reader.user and reader.user.language) or settings.LANGUAGE_CODE):
            link = settings.PUBLIC_URL + PATH if reader.user else ""
            payload = {
                "to": [reader.email],
                "subject": subject_of(lines, today),
                "text": text_of(lines, today, link),
            }
        yield outbox.Message(kind=mail.KIND, key=_key(person, today), payload=payload)


def _line(task: Task, call: Call) -> TaskLine:
    assert task.due_on is not None  # _near asks for it
    worker = "" if call.told == Told.MINE else str(task.owner or "—")
    return TaskLine(task.title, task.event.title, task.due_on, worker)


def _note(told: Mapping[int, Sequence[Call]], tasks: Mapping[int, Task], today: date) -> None:
    """Who was told what; a late task that went to those in charge is on record."""
    new = [call for calls in told.values() for call in calls if call.is_new]
    reminded = {call.task for call in new if call.told == Told.MINE}
    escalated = {call.task for call in new if call.told != Told.MINE}
    Task.objects.filter(pk__among=sorted(reminded)).update(reminded_on=today)
    Task.objects.filter(pk__among=sorted(escalated)).update(escalated_on=today)
    system = Actor.system("Task reminders")
    audit.record_all(
        audit.entry(actor=system, action="task.escalated", obj=tasks[each]) for each in sorted(escalated)
    )
