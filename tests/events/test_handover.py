"""Somebody who leaves hands over the events and tasks that aren't over."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from convenor.base.models import AuditEntry
from convenor.base.permissions import Refused
from convenor.events.actions.handover import hand_over_tasks
from convenor.events.enums import EventState, TaskState
from convenor.events.models import Event, Task
from convenor.people.actions.person import deactivate_person
from convenor.people.models import Person
from tests.factories import cast
from tests.factories.events import make_event
from tests.factories.tasks import NOW, make_tasks, task

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob() -> Person:
    return cast.bob()


@pytest.fixture
def alice() -> Person:
    return cast.alice()


def test_what_is_held_stands_in_the_way_and_goes_to_the_successor(alice: Person, bob: Person) -> None:
    mine = make_event(bob, title="Mine")
    theirs = make_event(alice, title="Theirs", sponsor=bob, class_version=mine.class_version)
    over = make_event(bob, title="Over", class_version=mine.class_version, state=EventState.CLOSED)
    make_tasks(
        theirs,
        task("Open", owner_id=bob.pk),
        task("Done", owner_id=bob.pk, state=TaskState.DONE),
        task("Alice's", owner_id=alice.pk),
    )
    with pytest.raises(ValidationError) as refused:
        deactivate_person(actor=cast.actor_of(alice), person_id=bob.pk, now=NOW)
    assert refused.value.message_dict["hand_over_to"][1:] == [
        "is in charge of “Mine”",
        "is the sponsor of “Theirs”",
        "has the task “Open” of “Theirs”",
    ]
    deactivate_person(actor=cast.actor_of(alice), person_id=bob.pk, now=NOW, hand_over_to=alice.pk)
    owners = dict(Event.objects.values_list("title", "owner__name"))
    assert owners == {"Mine": "Alice", "Theirs": "Alice", "Over": "Bob"}
    assert (Event.objects.get(pk=theirs.pk).sponsor, Event.objects.get(pk=over.pk).version) == (alice, 1)
    assert dict(Task.objects.values_list("title", "owner__name")) == {
        "Open": "Alice",
        "Done": "Bob",
        "Alice's": "Alice",
    }
    assert AuditEntry.objects.filter(action="event.handed_over").count() == 2
    assert AuditEntry.objects.get(action="task.handed_over").after == {"owner": alice.pk}


def test_who_may_not_and_to_whom_not(alice: Person, bob: Person) -> None:
    make_tasks(make_event(alice), task("Open", owner_id=bob.pk))
    with pytest.raises(Refused):
        hand_over_tasks(actor=cast.actor_of(bob), from_person_id=bob.pk, to_person_id=alice.pk)
    with pytest.raises(ValidationError):
        hand_over_tasks(actor=cast.actor_of(alice), from_person_id=bob.pk, to_person_id=bob.pk)
    assert Task.objects.get().owner == bob
