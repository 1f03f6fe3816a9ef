"""An event again at other dates: what is taken over, what is left out, and that the preview says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from convenor.base.actor import Refused
from convenor.base.models import AuditEntry
from convenor.events.actions.cloning import clone_event
from convenor.events.actions.function import add_functions
from convenor.events.actions.moving import postpone_event
from convenor.events.actions.parties import set_contacts, set_parties
from convenor.events.actions.task import add_tasks
from convenor.events.drafts import (
    AttendeeDraft,
    ContactDraft,
    CueDraft,
    EquipmentDraft,
    FunctionDraft,
    ItemDraft,
    PartyDraft,
    SpeakerDraft,
    TaskDraft,
)
from convenor.events.enums import Confidentiality, FunctionKind, PartyRole, Service, SpeakerState, TaskState
from convenor.events.models import Document, Event, Function
from convenor.events.queries.clone_plan import ClonePlan, clone_plan
from convenor.events.queries.drafts import contact_drafts_of, party_drafts_of
from convenor.events.queries.functions import function_drafts_of
from convenor.events.queries.tasks import task_drafts_of
from convenor.events.rules.policy import Due
from convenor.people.models import Person
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.events import NOW, make_class, make_event
from tests.factories.people import MemberFactory, PersonFactory
from tests.factories.scheduling import check_house, local, make_meeting
from tests.factories.venues import BookableUnitFactory, EquipmentFactory, RoomFactory, SiteFactory

pytestmark = pytest.mark.django_db
LATER = local("2026-12-14 09:00")


@pytest.fixture
def owner() -> Person:
    return alice()


@pytest.fixture
def event(owner: Person) -> Event:
    """With a bit of everything."""
    site, kind, speaker, guest = SiteFactory(), EquipmentFactory(), PersonFactory(), bob()
    BookableUnitFactory(site=site, equipment=kind)
    event = make_event(owner, site=site, actual_count=40, objectives="Learn")
    rooms = [RoomFactory(site=site, capacity=50) for _ in range(2)]
    actor = actor_of(owner)
    set_parties(
        actor=actor,
        event_id=event.pk,
        drafts=[PartyDraft(guest.pk, PartyRole.CHAIR, arrives=local("2026-12-07 08:30"))],
        now=NOW,
    )
    set_contacts(actor=actor, event_id=event.pk, drafts=[ContactDraft(Service.AV, guest.pk)], now=NOW)
    add_functions(
        actor=actor,
        event_id=event.pk,
        drafts=[
            FunctionDraft(
                key="plenary",
                title="Plenary",
                kind=FunctionKind.PLENARY,
                local_start=local("2026-12-07 10:00"),
                duration_minutes=60,
                host_id=owner.pk,
                room_ids=tuple(room.pk for room in rooms),
                equipment=(EquipmentDraft(kind.pk, 1, site.pk),),
                speakers=(SpeakerDraft(speaker.pk, "Tides", SpeakerState.CONFIRMED),),
                attendees=(AttendeeDraft(guest.pk),),
                cues=(CueDraft(5, "Lights", owner_id=owner.pk),),
                is_for_all=True,
            ),
        ],
        now=NOW,
    )
    add_tasks(
        actor=actor,
        event_id=event.pk,
        drafts=[
            TaskDraft(
                "book",
                "Book",
                due=Due(-3, working=False),
                state=TaskState.DONE,
                owner_id=guest.pk,
                checklist=(ItemDraft("Ask", is_done=True),),
            ),
            TaskDraft("pay", "Pay", fixed_due_on=date(2026, 12, 1), after=("book",)),
        ],
        now=NOW,
    )
    Document.objects.create(event=event, title="Contract")
    event.refresh_from_db()
    return event


def clone(event: Event, **options: Any) -> Event:
    given: dict[str, Any] = {
        "title": "Away again",
        "starts": LATER,
        "with_people": True,
        "now": NOW,
    } | options
    return clone_event(actor=actor_of(event.owner), event_id=event.pk, **given)


def plan(event: Event, **options: Any) -> ClonePlan:
    given: dict[str, Any] = {"title": "Away again", "starts": LATER, "with_people": True}
    given |= {"with_rooms": True, "now": NOW}
    return clone_plan(actor_of(event.owner), event, **given | options)


def test_a_clone_with_people_and_rooms_is_the_same_a_week_later(event: Event) -> None:
    (old,) = function_drafts_of(event)
    made = clone(event, with_rooms=True)
    check_house()
    assert (made.title, made.key, made.state, made.version) == ("Away again", "away-again", "enquiry", 1)
    assert (made.starts_at, made.actual_count, made.objectives) == (
        datetime(2026, 12, 14, 7, tzinfo=UTC),
        None,
        "Learn",
    )
    (new,) = function_drafts_of(made)
    asked = tuple(replace(each, state=SpeakerState.ASKED) for each in old.speakers)
    assert new == replace(old, local_start=local("2026-12-14 10:00"), speakers=asked)
    (party,) = party_drafts_of(made)
    assert (party.role, party.arrives) == (PartyRole.CHAIR, local("2026-12-14 08:30"))
    assert contact_drafts_of(made) == contact_drafts_of(event)
    first, second = task_drafts_of(made)
    assert (first.state, first.checklist, second.after) == (TaskState.OPEN, (ItemDraft("Ask"),), ("book",))
    assert (made.tasks.get(key="book").due_on, second.fixed_due_on) == (date(2026, 12, 11), date(2026, 12, 8))
    assert not made.documents.exists()
    assert AuditEntry.objects.get(action="event.cloned").after == {"cloned_from": event.key}
    assert [each.local_start for each in function_drafts_of(event)] == [old.local_start]


def test_a_bare_clone_has_neither_people_nor_rooms(event: Event) -> None:
    made = clone(event, with_people=False)
    (new,) = function_drafts_of(made)
    assert (new.room_ids, new.equipment, new.speakers, new.attendees, new.host_id) == ((), (), (), (), None)
    assert [(each.what, each.owner_id) for each in new.cues] == [("Lights", None)]
    assert party_drafts_of(made) == []
    assert contact_drafts_of(made) == contact_drafts_of(event)


def test_rooms_that_are_taken_then_are_left_out_and_the_preview_says_so(event: Event) -> None:
    room = function_drafts_of(event)[0].room_ids[0]
    (row,) = Function.objects.filter(event=event)
    make_meeting(
        PersonFactory(),
        room=row.occurrence.bookings.get(room=room).room,
        title="In the way",
        local_start=local("2026-12-14 10:00"),
    )
    (fate,) = plan(event).fates
    assert ["In the way" in each.problem for each in fate.places].count(True) == 1
    (new,) = function_drafts_of(clone(event, with_rooms=True))
    assert room not in new.room_ids
    assert len(new.room_ids) == 1


def test_the_original_stands_in_the_way_of_its_clone_on_the_same_day(event: Event) -> None:
    (fate,) = plan(event, starts=local("2026-12-07 09:00")).fates
    assert all(each.problem for each in fate.places)
    (new,) = function_drafts_of(clone(event, starts=local("2026-12-07 09:00"), with_rooms=True))
    assert (new.room_ids, new.equipment) == ((), ())
    check_house()


def test_it_is_of_the_newest_version_of_its_class_and_says_so(event: Event) -> None:
    newest = make_class()
    assert any("version 2" in each for each in plan(event).notices)
    assert clone(event).class_version_id == newest.pk


def test_who_has_left_is_left_out_by_name(event: Event) -> None:
    gone = event.parties.get().person
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    assert any(gone.name in each for each in plan(event).notices)
    made = clone(event)
    assert party_drafts_of(made) == []
    assert made.tasks.get(key="book").owner_id is None


@pytest.mark.parametrize(("starts", "words"), [("2026-11-01 09:00", "past"), ("2026-12-25 09:00", "holiday")])
def test_a_start_that_cannot_be_makes_nothing(event: Event, starts: str, words: str) -> None:
    count = Event.objects.count()
    with pytest.raises(ValidationError, match=words):
        clone(event, starts=local(starts))
    assert Event.objects.count() == count
    assert words in str(plan(event, starts=local(starts)).refused)


def test_who_may_clone_and_what_they_get(event: Event) -> None:
    member, viewer = MemberFactory(), MemberFactory(user__role="viewer")
    options: dict[str, Any] = {"title": "Mine", "starts": LATER, "with_people": False, "now": NOW}
    with pytest.raises(Refused):
        clone_event(actor=actor_of(viewer), event_id=event.pk, **options)
    with pytest.raises(Event.DoesNotExist):
        clone_event(actor=actor_of(charlie()), event_id=event.pk, **options)
    private = make_meeting(event.owner, is_private=True, title="Salaries").meeting.occurrences.get()
    Function.objects.create(event=event, key="secret", number=9, occurrence=private)
    made = clone_event(actor=actor_of(member), event_id=event.pk, **options)
    assert made.owner_id == member.pk
    assert [each.title for each in function_drafts_of(made)] == ["Plenary"]
    seen = clone_plan(actor_of(member), event, with_rooms=False, **options)
    assert "Salaries" not in str(seen)
    assert any("private" in each for each in seen.notices)
    Event.objects.filter(pk=event.pk).update(confidentiality=Confidentiality.CONFIDENTIAL)
    with pytest.raises(Event.DoesNotExist):
        clone_event(actor=actor_of(MemberFactory()), event_id=event.pk, **options)


def test_a_postponed_event_is_cloned_with_the_rooms_and_pieces_it_had(event: Event) -> None:
    was = {each.key: (each.room_ids, each.equipment) for each in function_drafts_of(event)}
    assert any(rooms and pieces for rooms, pieces in was.values())
    postpone_event(actor=actor_of(event.owner), event_id=event.pk, version=None, reason="Flood", now=NOW)
    event.refresh_from_db()
    assert {each.key: (each.room_ids, each.equipment) for each in function_drafts_of(event)} == was
    clone = clone_event(
        actor=actor_of(event.owner),
        event_id=event.pk,
        title="Again",
        starts=LATER,
        with_people=True,
        with_rooms=True,
        now=NOW,
    )
    assert {each.key: (each.room_ids, each.equipment) for each in function_drafts_of(clone)} == was
    check_house()
