"""Several editors of one class at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from convenor.base.actor import Actor
from convenor.events.actions.event import create_event
from convenor.events.actions.event_class import StaleClass, save_class
from convenor.events.actions.upgrade import bring_up_to_date
from convenor.events.models import ClassVersion, Event
from tests.factories import cast
from tests.factories.events import NOW, SMALLEST_POLICY, draft_of_event, make_class

EDITORS = 6


@pytest.mark.django_db(transaction=True)
def test_one_of_many_editors_wins_and_the_others_are_told() -> None:
    make_class()
    barrier = Barrier(EDITORS)
    actor: Actor = cast.actor_of(cast.alice())

    def save(number: int) -> str:
        barrier.wait(timeout=60)
        text = f"{SMALLEST_POLICY}# {number}\n"
        try:
            save_class(actor=actor, code="plain", text=text, note=str(number), base_version=1)
        except StaleClass:
            return "stale"
        finally:
            connections.close_all()
        return "saved"

    with ThreadPoolExecutor(EDITORS) as pool:
        answers = list(pool.map(save, range(EDITORS)))
    assert sorted(answers) == ["saved", *["stale"] * (EDITORS - 1)]
    assert sorted(ClassVersion.objects.values_list("number", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_events_are_made_and_brought_up_to_date_while_their_class_is_edited() -> None:
    """None waits for the other for ever, and each event has what its own version asks for."""
    first, alice = make_class(text=asking_for(1)), cast.alice()
    actor: Actor = cast.actor_of(alice)
    barrier = Barrier(EDITORS)

    def work(number: int) -> None:
        barrier.wait(timeout=60)
        try:
            for turn in range(3):
                if number == 0:
                    text = asking_for(turn + 2)
                    save_class(actor=actor, code="plain", text=text, note="", base_version=turn + 1)
                else:
                    draft = draft_of_event(
                        alice, key=f"event-{number}-{turn}", class_version_id=first.pk, starts=None, ends=None
                    )
                    event = create_event(actor=actor, draft=draft, now=NOW)
                    bring_up_to_date(actor=actor, event_id=event.pk, take=(), now=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(EDITORS) as pool:
        list(pool.map(work, range(EDITORS)))
    assert ClassVersion.objects.count() == 4
    events = Event.objects.select_related("class_version")
    assert len(events) == 3 * (EDITORS - 1)
    assert {event.tasks.get().key for event in events} == {"task-1"}
    assert {event.class_version.number for event in events} <= {1, 2, 3, 4}


def asking_for(number: int) -> str:
    return f'{SMALLEST_POLICY}[[tasks]]\nkey = "task-{number}"\ntitle = "T"\ndue = "-1wd"\n'
