"""When somebody is reminded of a task, and when others are told that it is late.

Days are calendar days, so that no weekend swallows a reminder; a reminder whose day was missed (nobody was at work, the
machine was off) goes out on the next day on which mail is sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

REMIND_BEFORE = (3, 1, 0)
"""Days before the due date. Not a setting: three days are time to do it, one is time to say that it won't be done, and
more mails than these are not read. Who wants more looks at My tasks."""
AGAIN_EVERY = 7
"""Days, once it is overdue: weekly, from the day after the due date on."""
TO_OWNER_AFTER, TO_SPONSOR_AFTER = 1, 7
"""Days overdue on which the coordinator in charge is told, and the sponsor."""
SHOWN_AHEAD = 7
"""Days ahead that a reminder lists, so that it says what the week brings."""
SEND_FROM_HOUR = 7
"""Of the installation's clock: on the desk when people come in."""


class Told(StrEnum):
    """As what somebody is told of a task."""

    MINE = "mine"
    OWNER = "owner"
    SPONSOR = "sponsor"


@dataclass(frozen=True, slots=True)
class LateTask:
    """A task that isn't done, and who answers for it. `worker` does it: who owns it, else the coordinator in charge."""

    id: int
    due_on: date
    worker: int
    owner: int
    sponsor: int | None = None
    reminded_on: date | None = None
    escalated_on: date | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """`person` is to be told of the task today; only listed, and told nothing new, where not `is_new`."""

    person: int
    task: int
    told: Told
    is_new: bool


def reminder_day(due_on: date, today: date) -> date | None:
    """The last day up to today on which its worker was to be reminded; None before the first."""
    days_late = (today - due_on).days
    if days_late > 0:
        return due_on + timedelta(days=1 + AGAIN_EVERY * ((days_late - 1) // AGAIN_EVERY))
    passed = [days for days in REMIND_BEFORE if -days_late <= days]
    return due_on - timedelta(days=min(passed)) if passed else None


def calls(task: LateTask, today: date) -> Iterable[Call]:
    """Whom the task gives something to read today, new or not."""
    if task.due_on <= today + timedelta(days=SHOWN_AHEAD):
        yield Call(
            task.worker, task.id, Told.MINE, _is_new(reminder_day(task.due_on, today), task.reminded_on)
        )
    for person, told, after in (
        (task.owner, Told.OWNER, TO_OWNER_AFTER),
        (task.sponsor, Told.SPONSOR, TO_SPONSOR_AFTER),
    ):
        since = task.due_on + timedelta(days=after)
        if person is not None and person != task.worker and since <= today:
            yield Call(person, task.id, told, _is_new(since, task.escalated_on))


def _is_new(day: date | None, told_on: date | None) -> bool:
    return day is not None and (told_on is None or told_on < day)


def digests(tasks: Iterable[LateTask], today: date) -> dict[int, list[Call]]:
    """For everybody who has something new to be told, all that they have; each task once, as what concerns them most."""
    by_person: dict[int, dict[int, Call]] = {}
    for task in tasks:
        for call in calls(task, today):
            listed = by_person.setdefault(call.person, {})
            known = listed.get(call.task)
            if known is None or (call.is_new and not known.is_new):
                listed[call.task] = call
    return {
        person: list(listed.values())
        for person, listed in by_person.items()
        if any(call.is_new for call in listed.values())
    }
