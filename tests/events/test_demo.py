"""The demo organisation's events: one at least in every state, and sound."""

from __future__ import annotations

import pytest

from convenor.base.actor import Actor
from convenor.demo.load import load
from convenor.events.enums import EventState, FunctionKind, TaskState
from convenor.events.models import Event, Sheet
from convenor.events.queries.visibility import events_seen_by
from convenor.people.models import Person
from tests.factories.scheduling import NOW, check_house

pytestmark = pytest.mark.django_db


def test_the_demo_has_events_in_every_state() -> None:
    load(now=NOW)
    events = list(events_seen_by(Actor.system("tests")))
    assert {event.state for event in events} == set(EventState)
    for event in events:
        assert event.tasks.exists()
        assert event.functions.exists() == (event.starts_at is not None)
    closed = Event.objects.get(state=EventState.CLOSED)
    assert closed.actual_count is not None
    assert not closed.tasks.exclude(state=TaskState.DONE).exists()
    assert {
        each.decision
        for each in Event.objects.get(title__startswith="Yearly").certificates.get().sign_offs.all()
    } == {"go"}
    assert Sheet.objects.filter(function__event__state=EventState.CONFIRMED).exists()
    town_hall = Event.objects.get(title="Autumn town hall")
    kinds = [each.kind for each in town_hall.functions.order_by("occurrence__starts_at")]
    assert kinds.index(FunctionKind.REHEARSAL) < kinds.index(FunctionKind.PLENARY)
    facility = Person.objects.get(name="Sorin Barbu")
    assert facility.event_tasks.filter(state=TaskState.OPEN).exists()
    check_house()
