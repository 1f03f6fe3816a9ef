"""The daily mails about tasks, by way of the real outbox and worker."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db.models import F
from pytest_django import Settings

from convenor.base.enums import Role
from convenor.base.models import AuditEntry, OutboxMessage
from convenor.base.tasks.worker import Worker
from convenor.events.actions.backward import recalculate
from convenor.events.actions.task import assign_task
from convenor.events.actions.task_reminders import remind_of_tasks
from convenor.events.actions.task_state import set_task_state
from convenor.events.enums import EventState, TaskState
from convenor.events.models import Event, Task
from convenor.events.tasks import remind_of_due_tasks
from convenor.people.models import Person
from tests.factories import cast
from tests.factories.events import make_event
from tests.factories.people import PersonFactory
from tests.factories.tasks import make_tasks, task

pytestmark = pytest.mark.django_db
EIGHT = datetime(2026, 12, 4, 6, tzinfo=UTC)  # in Bucharest; Friday, 4 December
DUE = date(2026, 12, 4)


@pytest.fixture(autouse=True)
def _mail_server(settings: Settings) -> None:
    settings.MAIL_URL, settings.TIME_ZONE = "smtp://localhost", "Europe/Bucharest"
    settings.PUBLIC_URL = "https://meet.example.org"


@pytest.fixture
def bob() -> Person:
    return cast.bob()


@pytest.fixture
def event() -> Event:
    return make_event(cast.alice(), sponsor=PersonFactory.create(email="sponsor@example.org"))


def letters(day: date) -> list[mail.EmailMessage]:
    """What is sent on that day, at eight."""
    mail.outbox.clear()
    at = EIGHT + (day - DUE)
    with time_machine.travel(at, tick=False):
        remind_of_tasks(at)
        Worker(threading.Event()).drain()
    return list(mail.outbox)


def receivers(day: date) -> list[str]:
    return sorted(address for letter in letters(day) for address in letter.to)


def days(number: int) -> date:
    return DUE + timedelta(days=number)


def test_the_owner_on_the_days_before_and_the_day_itself(event: Event, bob: Person) -> None:
    make_tasks(event, task("Order the buses", fixed_due_on=DUE, owner_id=bob.pk))
    told = [number for number in range(-10, 1) if receivers(days(number)) == [bob.email]]
    assert told == [-3, -1, 0]
    assert OutboxMessage.objects.count() == 3


def test_overdue_it_is_told_to_those_in_charge(event: Event, bob: Person) -> None:
    (made,) = make_tasks(event, task("Order the buses", fixed_due_on=DUE, owner_id=bob.pk))
    assert event.sponsor is not None
    told = {number: receivers(days(number)) for number in range(10)}
    assert told == {
        0: [bob.email],
        1: [event.owner.email, bob.email],
        **{number: [] for number in (2, 3, 4, 5, 6, 9)},
        7: [event.sponsor.email],
        8: [bob.email],
    }
    made.refresh_from_db()
    assert (made.reminded_on, made.escalated_on) == (days(8), days(7))
    assert AuditEntry.objects.filter(action="task.escalated", object_id=made.pk).count() == 2


def test_one_mail_with_all_of_somebodys_tasks(event: Event, bob: Person) -> None:
    other = make_event(event.owner, title="Board meeting", class_version=event.class_version)
    make_tasks(event, task("Order the buses", fixed_due_on=DUE, owner_id=bob.pk))
    make_tasks(
        other,
        task("Name badges", fixed_due_on=days(5), owner_id=bob.pk),
        task("Far away", fixed_due_on=days(9), owner_id=bob.pk),
        task("Not Bob's", fixed_due_on=days(5), owner_id=event.owner_id),
        task("Menu", fixed_due_on=days(-2), owner_id=bob.pk),
    )
    Task.objects.filter(title="Menu").update(escalated_on=DUE)
    (letter,) = letters(DUE)
    assert letter.to == [bob.email]
    assert letter.subject == "Tasks: 1 overdue, 2 due soon"
    assert letter.body == (
        "Overdue:\n– Menu (Board meeting), due on 2 December 2026\n\n"
        "Due today:\n– Order the buses (Away day), due on 4 December 2026\n\n"
        "Due within a week:\n– Name badges (Board meeting), due on 9 December 2026\n\n"
        "https://meet.example.org/tasks/\n"
    )


def test_what_is_late_with_others_names_them(event: Event, bob: Person) -> None:
    make_tasks(event, task("Order the buses", fixed_due_on=days(-1), owner_id=bob.pk))
    by_receiver = {letter.to[0]: letter for letter in letters(DUE)}
    assert (
        "Overdue with others, in your events:\n– Order the buses (Away day), Bob, due on 3 December 2026"
        in (by_receiver[event.owner.email].body)
    )


def test_in_the_readers_language(event: Event) -> None:
    ro = cast.bob(user__language="ro")
    make_tasks(event, task("Order the buses", fixed_due_on=DUE, owner_id=ro.pk))
    (letter,) = letters(DUE)
    assert "4 decembrie 2026" in letter.body


def test_once_a_day_however_often_it_is_asked(event: Event, bob: Person) -> None:
    make_tasks(event, task("Order the buses", fixed_due_on=DUE, owner_id=bob.pk))
    assert receivers(DUE) == [bob.email]
    assert remind_of_tasks(EIGHT + timedelta(hours=1)) == 0
    (new,) = make_tasks(event, task("Menu", fixed_due_on=DUE, owner_id=bob.pk))
    assert remind_of_tasks(EIGHT + timedelta(hours=2)) == 0
    new.refresh_from_db()
    assert new.reminded_on is None
    assert receivers(days(1)) == sorted([bob.email, event.owner.email])


def test_not_before_seven(event: Event, bob: Person) -> None:
    make_tasks(event, task("Order the buses", fixed_due_on=DUE, owner_id=bob.pk))
    with time_machine.travel(EIGHT - timedelta(hours=2), tick=False):
        assert remind_of_due_tasks.func() == 0
    with time_machine.travel(EIGHT - timedelta(hours=1), tick=False):
        assert remind_of_due_tasks.func() == 1


@pytest.mark.parametrize("state", [EventState.POSTPONED, EventState.CANCELLED, EventState.CLOSED])
def test_nothing_of_an_event_that_is_not_under_way(event: Event, bob: Person, state: EventState) -> None:
    make_tasks(event, task("Order the buses", fixed_due_on=DUE, owner_id=bob.pk))
    Event.objects.update(state=state, resumes_to=EventState.PLANNING)
    assert receivers(DUE) == []


def test_nothing_of_what_is_done(event: Event, bob: Person) -> None:
    (made,) = make_tasks(event, task("Order the buses", fixed_due_on=DUE, owner_id=bob.pk))
    set_task_state(actor=cast.actor_of(bob), task_id=made.pk, state=TaskState.DONE, now=EIGHT)
    assert receivers(DUE) == []


def test_nobodys_task_and_that_of_who_left_fall_to_who_is_in_charge(event: Event, bob: Person) -> None:
    make_tasks(event, task("Nobody's", fixed_due_on=DUE), task("Bob's", fixed_due_on=DUE, owner_id=bob.pk))
    Person.objects.filter(pk=bob.pk).update(is_active=False)
    (letter,) = letters(DUE)
    assert letter.to == [event.owner.email]
    assert "Nobody's" in letter.body
    assert "Bob's" in letter.body


def test_a_task_that_was_put_off_is_reminded_of_again(event: Event, bob: Person) -> None:
    make_tasks(event, task("Order the buses", -1, owner_id=bob.pk))
    assert receivers(DUE) == [bob.email]
    Event.objects.update(
        starts_at=F("starts_at") + timedelta(days=7), ends_at=F("ends_at") + timedelta(days=7)
    )
    event.refresh_from_db()
    recalculate(event, EIGHT)
    assert [number for number in range(1, 8) if receivers(days(number)) == [bob.email]] == [4, 6, 7]


def test_who_gets_a_task_late_is_reminded_as_well(event: Event, bob: Person) -> None:
    (made,) = make_tasks(event, task("Order the buses", fixed_due_on=DUE, owner_id=bob.pk))
    ana = PersonFactory.create(email="ana@example.org")
    assert receivers(days(-3)) == [bob.email]
    assign_task(actor=cast.actor_of(event.owner), task_id=made.pk, owner_id=ana.pk, now=EIGHT)
    assert receivers(days(-2)) == [ana.email]


def test_somebody_without_an_account_gets_no_address_to_sign_in_at(event: Event) -> None:
    person = PersonFactory.create()
    make_tasks(event, task("Order the buses", fixed_due_on=DUE, owner_id=person.pk))
    (letter,) = letters(DUE)
    assert "https://" not in letter.body


def test_an_outsider_is_told_of_their_own_task_alone(event: Event, bob: Person) -> None:
    charlie = cast.charlie(user__role=Role.VIEWER)
    make_tasks(
        event,
        task("Mine", fixed_due_on=DUE, owner_id=charlie.pk),
        task("Secret", fixed_due_on=days(-1), owner_id=bob.pk),
    )
    by_receiver = {letter.to[0]: letter.body for letter in letters(DUE)}
    assert "Mine" in by_receiver[charlie.email]
    assert "Secret" not in by_receiver[charlie.email]


@pytest.fixture(autouse=True)
def _empty() -> Iterator[None]:
    yield
    mail.outbox.clear()
