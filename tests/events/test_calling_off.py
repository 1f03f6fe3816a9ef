"""Postponing an event, taking it up again, cancelling it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from convenor.base.actor import Actor
from convenor.base.models import OutboxMessage
from convenor.events.actions.moving import cancel_event, postpone_event, resume_event
from convenor.events.actions.task import add_tasks
from convenor.events.drafts import TaskDraft
from convenor.events.enums import FunctionKind, Occasion, OwnerRole, TaskState
from convenor.events.models import Event, Function
from convenor.events.queries.effects import call_off_effects, move_effects
from convenor.events.queries.functions import function_drafts_of
from convenor.events.refusals import NotYet
from convenor.scheduling.actions.booking import book_room
from convenor.scheduling.actions.meeting import cancel_meeting
from convenor.scheduling.drafts import EquipmentDraft
from convenor.scheduling.models import Claim, Participation
from convenor.scheduling.refusals import RoomClashes
from tests.events.moved import LATER, WEEK, telling_event
from tests.factories.cast import actor_of, alice
from tests.factories.events import NOW, make_function
from tests.factories.people import PersonFactory
from tests.factories.scheduling import check_house, local, make_meeting
from tests.factories.venues import (
    BookableUnitFactory,
    EquipmentFactory,
    RoomFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    return telling_event(alice(user__role="organiser"))


def test_a_postponed_event_comes_back_as_it_was(event: Event) -> None:
    guest, kind = PersonFactory(), EquipmentFactory()
    BookableUnitFactory.create_batch(2, site=event.site, equipment=kind)
    room, further = (RoomFactory(site=event.site, capacity=30) for _ in range(2))
    pieces = (EquipmentDraft(kind.pk, 2, event.site_id),)
    main = make_function(event, key="main", meeting={"people": [guest], "room": room, "equipment": pieces})
    book_room(actor=Actor.system("t"), occurrence_id=main.occurrence_id, room_id=further.pk, now=NOW)
    dropped = make_function(event, key="dropped", meeting={"people": [guest]})
    meeting = dropped.occurrence.meeting
    cancel_meeting(actor=Actor.system("t"), meeting_id=meeting.pk, version=1, now=NOW)
    was = function_drafts_of(event)
    actor, uid = actor_of(event.owner), main.occurrence.meeting.uid

    postpone_event(actor=actor, event_id=event.pk, version=1, reason="Flood", now=NOW)
    event.refresh_from_db()
    effects = move_effects(actor, event, LATER, now=NOW)
    assert [(each.title, len(each.places)) for each in effects.functions] == [("Function 1", 3)]
    moved = resume_event(actor=actor, event_id=event.pk, version=2, starts=LATER, now=NOW)
    check_house()
    event.refresh_from_db()
    main.refresh_from_db()
    main.occurrence.meeting.refresh_from_db()
    assert (moved.functions, moved.bookings) == (1, 3)
    assert (event.state, event.resumes_to, event.starts_at) == (
        "planning",
        "",
        datetime(2026, 12, 14, 7, tzinfo=UTC),
    )
    assert (main.parked, main.parked_rooms) == ({}, [])
    assert (main.occurrence.meeting.uid, main.occurrence.meeting.sequence) == (uid, 3)
    dropped.occurrence.meeting.refresh_from_db()
    assert dropped.occurrence.meeting.state == "cancelled"
    before, after = (
        next(each for each in drafts if each.key == "main") for drafts in (was, function_drafts_of(event))
    )
    assert set(after.room_ids) == set(before.room_ids)
    assert (after.equipment, after.attendees) == (before.equipment, before.attendees)
    answers = Participation.objects.filter(occurrence=main.occurrence_id, person=guest)
    assert list(answers.values_list("partstat", "blocks")) == [("needs-action", True)]


def test_while_it_is_postponed_nothing_is_booked_and_nobody_busy(event: Event) -> None:
    room = RoomFactory(site=event.site, capacity=30)
    main = make_function(event, key="main", meeting={"people": [PersonFactory()], "room": room})
    actor = actor_of(event.owner)
    with pytest.raises(NotYet):
        postpone_event(actor=actor, event_id=event.pk, version=1, reason=" ", now=NOW)
    postpone_event(actor=actor, event_id=event.pk, version=1, reason="Flood", now=NOW)
    check_house()
    event.refresh_from_db()
    main.refresh_from_db()
    assert (event.state, event.resumes_to, event.state_reason) == ("postponed", "planning", "Flood")
    assert main.parked_rooms == [room.pk]
    assert not Claim.objects.filter(is_active=True).exists()
    assert not Participation.objects.filter(blocks=True).exists()


def test_a_room_gone_meanwhile_is_told_and_can_be_chosen_anew(event: Event) -> None:
    room, spare = (RoomFactory(site=event.site, capacity=8) for _ in range(2))
    make_function(event, meeting={"room": room})
    actor = actor_of(event.owner)
    postpone_event(actor=actor, event_id=event.pk, version=1, reason="Flood", now=NOW)
    make_meeting(PersonFactory(), room=room, title="Quicker", local_start=local("2026-12-14 10:30"))
    event.refresh_from_db()
    (clash,) = move_effects(actor, event, LATER, now=NOW).clashes
    assert "Quicker" in clash.problem
    with pytest.raises(RoomClashes):
        resume_event(actor=actor, event_id=event.pk, version=2, starts=LATER, now=NOW)
    rooms = {clash.booking_id: spare.pk}
    resume_event(actor=actor, event_id=event.pk, version=2, starts=LATER, rooms=rooms, now=NOW)
    check_house()
    assert Claim.objects.filter(is_active=True).count() == 2


def test_an_event_is_resumed_at_its_old_dates_but_not_in_the_past(event: Event) -> None:
    actor = actor_of(event.owner)
    postpone_event(actor=actor, event_id=event.pk, version=1, reason="Flood", now=NOW)
    old = local("2026-12-07 09:00")
    with pytest.raises(ValidationError, match="past"):
        resume_event(actor=actor, event_id=event.pk, version=2, starts=old, now=NOW + 3 * WEEK)
    resume_event(actor=actor, event_id=event.pk, version=2, starts=old, now=NOW)
    with pytest.raises(ValidationError):
        resume_event(actor=actor, event_id=event.pk, version=3, starts=old, now=NOW)


def test_cancelling_ends_what_is_to_come_and_drops_tasks(event: Event) -> None:
    guest, room = PersonFactory(), RoomFactory(site=event.site, capacity=8)
    early = local("2026-11-20 10:00")
    over = make_function(
        event, key="over", kind=FunctionKind.PRE_EVENT, meeting={"local_start": early, "now": NOW - WEEK}
    )
    main = make_function(event, key="main", meeting={"people": [guest], "room": room})
    actor = actor_of(event.owner)
    add_tasks(
        actor=actor,
        event_id=event.pk,
        drafts=[TaskDraft("a", "A"), TaskDraft("b", "B", state=TaskState.DONE)],
        now=NOW,
    )
    effects = call_off_effects(event, Occasion.CANCELLED, NOW)
    assert ([each.title for each in effects.functions], effects.bookings, effects.asked) == (
        ["Function 2"],
        1,
        1,
    )
    assert [(each.title, each.is_dropped) for each in effects.tasks] == [("A", True)]
    assert [(each.role, each.names) for each in effects.told] == [(OwnerRole.SPONSOR, ("Bob",))]
    OutboxMessage.objects.all().delete()
    cancel_event(actor=actor, event_id=event.pk, version=None, reason="No money", now=NOW)
    check_house()
    event.refresh_from_db()
    assert (event.state, event.state_reason) == ("cancelled", "No money")
    states = {each.key: each.occurrence.state for each in event.functions.select_related("occurrence")}
    assert states == {"over": "scheduled", "main": "cancelled"}
    assert dict(event.tasks.values_list("key", "state")) == {"a": "dropped", "b": "done"}
    methods = [each.payload.get("method") for each in OutboxMessage.objects.all()]
    assert methods.count("CANCEL") == 1
    assert over.occurrence.state == main.occurrence.state == "scheduled"  # as they were read
    with pytest.raises(ValidationError):
        cancel_event(actor=actor, event_id=event.pk, version=None, reason="Again", now=NOW)


def test_a_postponed_event_can_be_cancelled(event: Event) -> None:
    make_function(event, meeting={"room": RoomFactory(site=event.site, capacity=8)})
    actor = actor_of(event.owner)
    postpone_event(actor=actor, event_id=event.pk, version=None, reason="Flood", now=NOW)
    cancel_event(actor=actor, event_id=event.pk, version=None, reason="For good", now=NOW)
    event.refresh_from_db()
    assert (event.state, event.functions.get().parked) == ("cancelled", {})


def test_what_would_lie_in_the_past_stays_called_off_when_its_event_is_resumed(event: Event) -> None:
    """A pre-event meeting a week before an event that is resumed tomorrow."""
    before = {"local_start": local("2026-11-30 10:00")}
    make_function(event, key="briefing", kind=FunctionKind.PRE_EVENT, meeting=before)
    make_function(event, key="main")
    actor = actor_of(event.owner)
    postpone_event(actor=actor, event_id=event.pk, version=1, reason="Flood", now=NOW)
    event.refresh_from_db()
    soon = local("2026-11-25 09:00")
    effects = move_effects(actor, event, soon, now=NOW)
    assert [bool(each.stays) for each in effects.functions] == [True, False]
    done = resume_event(actor=actor, event_id=event.pk, version=2, starts=soon, now=NOW)
    assert done.functions == 1
    check_house()
    states = {each.key: (each.occurrence.state, each.parked) for each in event.functions.all()}
    assert states == {"briefing": ("cancelled", {}), "main": ("scheduled", {})}


def test_a_series_cancelled_meanwhile_stays_cancelled(event: Event) -> None:
    series = make_meeting(event.owner, rrule="FREQ=WEEKLY;COUNT=3").meeting
    first = series.occurrences.order_by("starts_at")[0]
    Function.objects.create(event=event, key="weekly", number=1, occurrence=first)
    make_function(event, key="main")
    actor = actor_of(event.owner)
    postpone_event(actor=actor, event_id=event.pk, version=1, reason="Flood", now=NOW)
    series.refresh_from_db()
    cancel_meeting(actor=Actor.system("t"), meeting_id=series.pk, version=series.version, now=NOW)
    event.refresh_from_db()
    effects = move_effects(actor, event, LATER, now=NOW)
    assert [bool(each.stays) for each in effects.functions] == [True, False]
    done = resume_event(actor=actor, event_id=event.pk, version=2, starts=LATER, now=NOW)
    assert done.functions == 1
    check_house()
    first.refresh_from_db()
    assert first.state == "cancelled"
