"""Bringing an event up to its class's newest version."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from convenor.base.actor import Actor, Refused
from convenor.base.models import AuditEntry
from convenor.events.actions.event_class import save_class
from convenor.events.actions.from_class import lay_out
from convenor.events.actions.function import remove_function
from convenor.events.actions.task import change_task, remove_task
from convenor.events.actions.upgrade import bring_up_to_date
from convenor.events.enums import Confidentiality, TaskState
from convenor.events.models import Event, Function
from convenor.events.queries.classes import policy_of
from convenor.events.queries.tasks import task_draft_of
from convenor.events.queries.upgrade import newer_version_of, preview_of
from convenor.people.models import Person
from tests.factories import cast
from tests.factories.events import NOW, make_class, make_event

pytestmark = pytest.mark.django_db

OLD = """
title = "Small"
[[checks]]
code = "rooms_confirmed"
[[tasks]]
key = "agenda"
title = { en = "Agenda", ro = "Ordine de zi" }
due = "-5wd"
checklist = ["Items"]
[[tasks]]
key = "invite"
title = "Invite"
due = "-4wd"
[[tasks]]
key = "cake"
title = "Cake"
due = "-1wd"
[[functions]]
key = "opening"
title = "Opening"
kind = "plenary"
[[functions]]
key = "closing"
title = "Closing"
kind = "plenary"
day = 1
"""
NEW = """
title = "Small"
needs_sponsor = true
[[checks]]
code = "rooms_confirmed"
level = "attention"
[[tasks]]
key = "agenda"
title = { en = "Agenda", ro = "Ordine de zi" }
due = "-8wd"
checklist = ["Items", "Lengths"]
[[tasks]]
key = "invite"
title = "Invite"
due = "-6wd"
after = ["agenda"]
[[tasks]]
key = "badges"
title = "Badges"
due = "-2wd"
after = ["invite"]
[[functions]]
key = "opening"
title = "Opening"
kind = "plenary"
minutes = 90
[[functions]]
key = "lunch"
title = "Lunch"
kind = "lunch"
start = "12:00"
[[functions]]
key = "third-day"
title = "Third day"
kind = "session"
day = 2
"""


@pytest.fixture
def alice() -> Person:
    return cast.alice()


@pytest.fixture
def event(alice: Person) -> Event:
    """Laid out by the first version of a class that has a second one now."""
    event = make_event(alice, class_version=make_class("small", OLD))
    lay_out(
        actor=cast.actor_of(alice), event=event, policy=policy_of(event.class_version), language="en", now=NOW
    )
    save_class(actor=cast.actor_of(alice), code="small", text=NEW, note="", base_version=1)
    return event


def offers(event: Event) -> dict[str, tuple[bool, str]]:
    preview = preview_of(Event.objects.get(pk=event.pk), language="en", now=NOW)
    return {each.change.name: (each.is_ticked, each.note) for each in preview.upgrade.offers}


def taken(event: Event, *names: str) -> Event:
    actor = cast.actor_of(event.owner)
    bring_up_to_date(actor=actor, event_id=event.pk, take=set(names), now=NOW, seen=2)
    return Event.objects.get(pk=event.pk)


def test_the_preview_says_what_holds_by_itself_and_what_is_offered(event: Event) -> None:
    preview = preview_of(event, language="en", now=NOW)
    assert newer_version_of(event) == preview.new
    assert [each.name for each in preview.upgrade.rules] == ["class:class", "checks:rooms_confirmed"]
    assert {name: ticked for name, (ticked, _note) in offers(event).items()} == {
        "tasks:agenda": True,
        "tasks:invite": True,
        "tasks:badges": True,
        "tasks:cake": False,
        "functions:lunch": True,
        "functions:closing": False,
    }
    kept = {change.name: reason for change, reason in preview.upgrade.kept}
    assert set(kept) == {"functions:opening", "functions:third-day"}
    assert "outside the event's dates" in kept["functions:third-day"]


def test_without_anything_taken_only_the_version_moves(event: Event) -> None:
    before = list(event.tasks.order_by("pk").values())
    after = taken(event)
    assert (after.class_version.number, after.version) == (2, event.version + 1)
    assert list(event.tasks.order_by("pk").values()) == before
    assert newer_version_of(after) is None
    entry = AuditEntry.objects.get(action="event.brought_up_to_date")
    assert entry.after["class_version"] == after.class_version_id


def test_what_is_taken_is_done(event: Event, alice: Person) -> None:
    everything = set(offers(event))
    taken(event, *everything)
    tasks = {each.key: each for each in event.tasks.prefetch_related("checklist", "dependencies__after")}
    assert tasks["agenda"].due_on == date(2026, 11, 25)
    assert [each.text for each in tasks["agenda"].checklist.all()] == ["Items", "Lengths"]
    assert [each.after.key for each in tasks["invite"].dependencies.all()] == ["agenda"]
    assert [each.after.key for each in tasks["badges"].dependencies.all()] == ["invite"]
    assert tasks["badges"].owner_id == alice.pk
    assert tasks["cake"].state == TaskState.DROPPED
    assert set(event.functions.values_list("key", flat=True)) == {"opening", "lunch"}
    assert offers(event).keys() <= {"functions:closing", "functions:third-day"}


def test_a_task_that_was_changed_here_is_only_replaced_when_asked_for(event: Event, alice: Person) -> None:
    task = event.tasks.get(key="agenda")
    draft = replace(task_draft_of(task), title="Agenda in colour")
    change_task(actor=cast.actor_of(alice), task_id=task.pk, draft=draft, version=None, now=NOW)
    ticked, note = offers(event)["tasks:agenda"]
    assert not ticked
    assert "would be lost" in note
    taken(event, "tasks:agenda")
    assert event.tasks.get(key="agenda").title == "Agenda"


def test_whose_a_task_is_and_what_was_ticked_off_stays(event: Event, alice: Person) -> None:
    task, bob = event.tasks.get(key="agenda"), cast.bob()
    (item,) = task_draft_of(task).checklist
    draft = replace(task_draft_of(task), owner_id=bob.pk, checklist=(replace(item, is_done=True),))
    change_task(actor=cast.actor_of(alice), task_id=task.pk, draft=draft, version=None, now=NOW)
    taken(event, "tasks:agenda")
    task.refresh_from_db()
    assert (task.owner_id, task.offset_days) == (bob.pk, -8)
    assert [(each.text, each.is_done) for each in task.checklist.all()] == [("Items", True)]


def test_a_done_task_is_left_in_peace(event: Event, alice: Person) -> None:
    task = event.tasks.get(key="agenda")
    draft = replace(task_draft_of(task), state=TaskState.DONE)
    change_task(actor=cast.actor_of(alice), task_id=task.pk, draft=draft, version=None, now=NOW)
    assert "tasks:agenda" not in offers(event)
    with pytest.raises(ValidationError, match="no longer on offer"):
        taken(event, "tasks:agenda")


def test_what_was_removed_here_is_offered_and_not_ticked(event: Event, alice: Person) -> None:
    actor = cast.actor_of(alice)
    remove_task(actor=actor, task_id=event.tasks.get(key="invite").pk)
    remove_function(actor=actor, function_id=event.functions.get(key="opening").pk, now=NOW)
    found = offers(event)
    assert not found["tasks:invite"][0]
    assert not found["functions:opening"][0]
    taken(event, "functions:opening")
    assert Function.objects.filter(event=event, key="opening").count() == 1
    assert not event.tasks.filter(key="invite").exists()


def test_a_version_that_was_saved_since_the_preview_is_refused(event: Event, alice: Person) -> None:
    save_class(actor=cast.actor_of(alice), code="small", text=OLD, note="", base_version=2)
    with pytest.raises(ValidationError, match="changed again"):
        taken(event)
    assert Event.objects.get().class_version.number == 1


def test_only_who_runs_the_event_brings_it_up_to_date(event: Event) -> None:
    with pytest.raises(Refused):
        bring_up_to_date(actor=cast.actor_of(cast.bob()), event_id=event.pk, take=(), now=NOW)
    with pytest.raises(Event.DoesNotExist):
        bring_up_to_date(actor=cast.actor_of(cast.charlie()), event_id=event.pk, take=(), now=NOW)
    Event.objects.update(confidentiality=Confidentiality.CONFIDENTIAL)
    with pytest.raises(Event.DoesNotExist):
        bring_up_to_date(
            actor=cast.actor_of(cast.bob(email="b@example.org")), event_id=event.pk, take=(), now=NOW
        )
    assert Event.objects.get().class_version.number == 1


def test_an_event_without_dates_is_offered_tasks_only(alice: Person) -> None:
    event = make_event(
        alice, class_version=make_class("small", OLD), state="enquiry", starts_at=None, ends_at=None
    )
    save_class(actor=cast.actor_of(alice), code="small", text=NEW, note="", base_version=1)
    assert {name.split(":")[0] for name in offers(event)} == {"tasks"}
    taken(event, "tasks:badges")
    assert list(event.tasks.values_list("key", "due_on")) == [("badges", None)]


def test_two_tasks_may_change_places() -> None:
    """What waited for the other is now waited for; whichever was entered first."""
    first = '[[tasks]]\nkey = "a"\ntitle = "A"\ndue = "-5wd"\n'
    second = '[[tasks]]\nkey = "b"\ntitle = "B"\ndue = "-4wd"\n'
    title = 'title = "Small"\n'
    old = make_class("swap", title + first + second + 'after = ["a"]\n')
    event = make_event(cast.alice(), class_version=old)
    system = Actor.system("tests")
    lay_out(actor=system, event=event, policy=policy_of(old), language="en", now=NOW)
    make_class("swap", title + first + 'after = ["b"]\n' + second)
    bring_up_to_date(actor=system, event_id=event.pk, take=["tasks:a", "tasks:b"], now=NOW)
    waits = {each.key: task_draft_of(each).after for each in event.tasks.all()}
    assert waits == {"a": ("b",), "b": ()}
