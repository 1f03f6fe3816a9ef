"""Taking an event on, with its rows."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from convenor.base.actor import Refused
from convenor.base.models import AuditEntry, OutboxMessage
from convenor.events.actions.states import change_state
from convenor.events.enums import EventState, PartyRole, TaskState
from convenor.events.models import Certificate, Event, Party, SignOff, Task
from convenor.events.refusals import NotYet, StaleEvent
from convenor.people.models import Person
from tests.factories import cast
from tests.factories.events import NOW, make_class, make_event, make_function

pytestmark = pytest.mark.django_db

TOLD = """
title = { en = "Meeting", ro = "Ședință" }
[told]
confirmed = ["participants", "sponsor"]
"""


@pytest.fixture
def alice() -> Person:
    return cast.alice()


def go(actor: Person, event: Event, to: EventState, *, version: int | None = None, **more: object) -> Event:
    now = more.pop("now", NOW)
    assert isinstance(now, datetime)
    return change_state(
        actor=cast.actor_of(actor),
        event_id=event.pk,
        version=version,
        to=to,
        now=now,
        **more,  # type: ignore[arg-type]  # a table of cases
    )


def test_from_enquiry_to_closed(alice: Person) -> None:
    event = make_event(alice, state=EventState.ENQUIRY)
    make_function(event)
    assert event.starts_at is not None
    assert event.ends_at is not None
    go(alice, event, EventState.PLANNING, version=1)
    go(alice, event, EventState.CONFIRMED, version=2)
    with pytest.raises(NotYet, match="7 December 2026"):
        go(alice, event, EventState.IN_PROGRESS)
    go(alice, event, EventState.IN_PROGRESS, now=event.starts_at)
    go(alice, event, EventState.DEBRIEF, now=event.ends_at)
    task = Task.objects.create(event=event, key="thank", title="Thank everybody")
    with pytest.raises(NotYet) as caught:
        go(alice, event, EventState.CLOSED, now=event.ends_at)
    assert [each.sentence for each in caught.value.missing] == [
        "1 task is neither done nor dropped.",
        "Say how many people came.",
    ]
    Task.objects.filter(pk=task.pk).update(state=TaskState.DROPPED)
    Event.objects.update(actual_count=40)
    closed = go(alice, event, EventState.CLOSED, now=event.ends_at)
    assert (closed.state, closed.version) == ("closed", 6)
    names = AuditEntry.objects.filter(action__startswith="event.").order_by("id")
    assert list(names.values_list("action", flat=True)) == [
        *("event.planning", "event.confirmed", "event.in_progress", "event.debrief", "event.closed"),
    ]
    with pytest.raises(ValidationError, match="can't be changed any more"):
        go(alice, event, EventState.PLANNING)


def test_it_is_refused_with_everything_that_is_missing_and_nothing_changes(alice: Person) -> None:
    event = make_event(alice)
    with pytest.raises(NotYet) as caught:
        go(alice, event, EventState.CONFIRMED)
    assert [(each.where.kind, each.where.pk) for each in caught.value.missing if each.where] == [
        ("event.programme", event.pk)
    ]
    event.refresh_from_db()
    assert (event.state, event.version) == ("planning", 1)
    assert not OutboxMessage.objects.filter(kind="mail").exists()


def test_a_way_that_is_not_in_the_table_is_refused(alice: Person) -> None:
    event = make_event(alice)
    with pytest.raises(ValidationError, match="can't go from “Planning” to “Debrief”"):
        go(alice, event, EventState.DEBRIEF)
    with pytest.raises(ValidationError, match="can't go from “Planning” to “nonsense”"):
        go(alice, event, "nonsense")  # type: ignore[arg-type]  # a forged form


def test_what_moves_the_functions_goes_through_its_preview(alice: Person) -> None:
    event = make_event(alice)
    with pytest.raises(ValidationError, match="preview"):
        go(alice, event, EventState.CANCELLED, reason="Too few")
    with pytest.raises(NotYet, match="Say why"):
        go(alice, event, EventState.CANCELLED)


def test_who_is_told_each_in_their_language(alice: Person) -> None:
    bob, carol = cast.bob(user__language="ro"), cast.charlie(email="carol@elsewhere.example")
    event = make_event(alice, class_version=make_class("told", TOLD), sponsor=bob, title="Away\nday")
    make_function(event)
    Party.objects.create(event=event, person=carol, role=PartyRole.GUEST)
    Party.objects.create(event=event, person=bob)
    go(alice, event, EventState.CONFIRMED)
    sent = {each.payload["to"][0]: each for each in OutboxMessage.objects.filter(kind="mail")}
    assert set(sent) == {"bob@example.org", "carol@elsewhere.example"}
    mail = sent["carol@elsewhere.example"]
    assert mail.payload["subject"] == "Confirmed: Away day"
    assert "Alice has confirmed" in mail.payload["text"]
    assert "7 December 2026" in mail.payload["text"]
    assert mail.key == f"event:{event.pk}:2:confirmed:{carol.pk}"


def test_a_class_may_ask_for_a_signed_go(alice: Person) -> None:
    policy = 'title = { en = "Meeting" }\nneeds_certificate = true\nsigners = ["owner"]\n'
    event = make_event(alice, class_version=make_class("strict", policy))
    make_function(event)
    with pytest.raises(NotYet, match="certificate"):
        go(alice, event, EventState.CONFIRMED)
    Certificate.objects.create(event=event, number=1, evidence={}, made_at=NOW)
    with pytest.raises(NotYet, match="certificate"):
        go(alice, event, EventState.CONFIRMED)
    first = Certificate.objects.get()
    SignOff.objects.create(certificate=first, person=alice, role="owner", decision="go", signed_at=NOW)
    second = Certificate.objects.create(event=event, number=2, evidence={}, made_at=NOW)
    mine = SignOff.objects.create(certificate=second, person=alice, role="owner")
    with pytest.raises(NotYet, match="certificate"):
        go(alice, event, EventState.CONFIRMED)
    for decision in ("no_go", "conditions"):
        SignOff.objects.filter(pk=mine.pk).update(decision=decision, signed_at=NOW + timedelta(hours=1))
        if decision == "no_go":
            with pytest.raises(NotYet, match="certificate"):
                go(alice, event, EventState.CONFIRMED)
    moved = {"evidence": {"facts": {"starts": "2026-11-30T09:00"}}, "made_at": NOW}
    third = Certificate.objects.create(event=event, number=3, **moved)
    SignOff.objects.create(certificate=third, person=alice, role="owner", decision="go", signed_at=NOW)
    with pytest.raises(NotYet, match="for its present dates"):
        go(alice, event, EventState.CONFIRMED)
    these = {"facts": {"starts": "2026-12-07T09:00", "ends": "2026-12-08T17:00"}}
    fourth = Certificate.objects.create(event=event, number=4, evidence=these, made_at=NOW)
    SignOff.objects.create(certificate=fourth, person=alice, role="owner", decision="go", signed_at=NOW)
    assert go(alice, event, EventState.CONFIRMED).state == "confirmed"


def test_two_tabs(alice: Person) -> None:
    event = make_event(alice)
    make_function(event)
    go(alice, event, EventState.CONFIRMED, version=1)
    with pytest.raises(StaleEvent) as caught:
        go(alice, event, EventState.CONFIRMED, version=1)
    assert [(each.label, each.now) for each in caught.value.differences] == [("State", "confirmed")]


def test_who_may(alice: Person) -> None:
    event = make_event(alice, state=EventState.ENQUIRY)
    with pytest.raises(Refused):
        go(cast.bob(), event, EventState.PLANNING)
    with pytest.raises(Event.DoesNotExist):
        go(cast.charlie(), event, EventState.PLANNING)
