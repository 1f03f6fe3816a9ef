"""Functions of an event, with the meetings that they are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from convenor.base.actor import Refused
from convenor.base.models import AuditEntry, OutboxMessage
from convenor.events.actions.function import add_functions, change_function, remove_function
from convenor.events.actions.function_moves import move_function
from convenor.events.actions.run_of_show import add_cue, remove_cue
from convenor.events.actions.speaker import answer_as_speaker
from convenor.events.drafts import (
    AttendeeDraft,
    CueDraft,
    EquipmentDraft,
    FunctionDraft,
    SpeakerDraft,
)
from convenor.events.enums import Confidentiality, EventState, FunctionKind, SpeakerState
from convenor.events.models import Cue, Event, Function, Speaker
from convenor.events.queries.functions import function_drafts_of, functions_for
from convenor.events.rules.function import fingerprint
from convenor.scheduling.enums import MeetingState
from convenor.scheduling.models import Booking, Meeting
from convenor.scheduling.refusals import RoomClashes
from convenor.venues.enums import UnitKind
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.events import make_event
from tests.factories.functions import change, function_draft, make_functions, one, roles, told
from tests.factories.people import DelegationFactory, MemberFactory
from tests.factories.scheduling import NOW, check_house, local, make_meeting, utc
from tests.factories.venues import BookableUnitFactory, EquipmentFactory, RoomFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    return make_event(alice())


def refusals(event: Event, *drafts: FunctionDraft) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        add_functions(actor=actor_of(event.owner), event_id=event.pk, drafts=drafts, now=NOW)
    assert not Function.objects.exists()
    assert not Meeting.objects.exists()
    return refused.value.message_dict


def test_a_function_is_a_meeting_of_the_events_owner(event: Event) -> None:
    room, further = RoomFactory.create(), RoomFactory.create()
    projector = EquipmentFactory.create(is_movable=True)
    BookableUnitFactory.create(site=room.site, equipment=projector, kind=UnitKind.EQUIPMENT)
    speaker, host = bob(), MemberFactory.create()
    draft = function_draft(
        title="Opening",
        room_ids=(further.pk, room.pk),
        equipment=(EquipmentDraft(projector.pk, 1, room.site_id),),
        host_id=host.pk,
        speakers=(SpeakerDraft(speaker.pk, "What comes"),),
        cues=(CueDraft(-10, "Doors open", 10, "Lights up", host.pk, "av"),),
        headcount=4,
        catering="Coffee",
    )
    actor = actor_of(event.owner)
    (row,) = add_functions(actor=actor, event_id=event.pk, drafts=[draft], now=NOW)
    assert row.occurrence.meeting.organiser_id == event.owner_id
    assert roles(row) == {speaker.pk: "required", host.pk: "required"}
    assert function_drafts_of(event) == [draft]
    assert AuditEntry.objects.filter(action="function.added", object_id=row.pk).count() == 1
    assert told() == [sorted([speaker.pk, host.pk])]  # once, with all rooms
    check_house()


def test_the_site_of_equipment_is_left_out_where_it_is_found_again(event: Event) -> None:
    room = RoomFactory.create()
    projector = EquipmentFactory.create(is_movable=True)
    BookableUnitFactory.create(site=room.site, equipment=projector, kind=UnitKind.EQUIPMENT)
    draft = function_draft(room_ids=(room.pk,), equipment=(EquipmentDraft(projector.pk),))
    make_functions(event, [draft])
    assert function_drafts_of(event) == [draft]


def test_nothing_is_written_where_one_of_many_is_wrong(event: Event) -> None:
    said = refusals(
        event,
        function_draft("good"),
        function_draft("early", local_start=local("2026-12-06 10:00")),
        function_draft("good", title="Again"),
    )
    assert said["local_start"][0].startswith("“Early”: This lies outside the event's dates")
    assert said["key"] == ["“Again”: Another function of this event has the key “good”."]


@pytest.mark.parametrize(
    ("kind", "start", "fits"),
    [
        (FunctionKind.SESSION, "2026-12-07 09:00", True),
        (FunctionKind.SESSION, "2026-12-07 08:59", False),
        (FunctionKind.SESSION, "2026-12-08 16:00", True),
        (FunctionKind.SESSION, "2026-12-08 16:01", False),
        (FunctionKind.SETUP, "2026-12-06 14:00", True),
        (FunctionKind.SETUP, "2026-12-06 13:59", False),
        (FunctionKind.TEARDOWN, "2026-12-08 19:00", True),
        (FunctionKind.REHEARSAL, "2026-12-08 19:01", False),
        (FunctionKind.PRE_EVENT, "2026-12-06 13:00", True),
        (FunctionKind.PRE_EVENT, "2026-12-06 13:01", False),
        (FunctionKind.PRE_EVENT, "2026-12-09 10:00", False),
        (FunctionKind.POST_EVENT, "2026-12-08 20:00", True),
        (FunctionKind.POST_EVENT, "2026-12-08 19:59", False),
    ],
)
def test_each_kind_lies_where_it_belongs(kind: FunctionKind, start: str, fits: bool) -> None:
    """Nine on Monday to five on Tuesday, load-in at two on Sunday, load-out until eight on Tuesday."""
    event = make_event(alice(), load_in_at=utc("2026-12-06 12:00"), load_out_at=utc("2026-12-08 18:00"))
    draft = function_draft(kind=kind, local_start=local(start))
    if fits:
        assert len(make_functions(event, [draft])) == 1
    else:
        assert set(refusals(event, draft)) == {"local_start"}


def test_an_event_without_dates_has_no_functions() -> None:
    event = make_event(alice(), state=EventState.ENQUIRY, starts_at=None, ends_at=None)
    assert refusals(event, function_draft()) == {
        "local_start": ["Give the event its dates before its functions."]
    }


def test_bad_drafts_are_refused_by_field(event: Event) -> None:
    person, room = bob(), RoomFactory.create(capacity=12)
    gone = MemberFactory.create(name="Gone", is_active=False)
    cases: list[tuple[dict[str, Any], str]] = [
        ({"key": "Not a key"}, "key"),
        ({"title": "  "}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"duration_minutes": 0}, "duration_minutes"),
        ({"headcount": 13, "room_ids": (room.pk,)}, "headcount"),
        ({"headcount": 2, "room_ids": (room.pk,), "setup_style": "banquet"}, "setup_style"),
        ({"setup_style": "heap"}, "setup_style"),
        ({"room_ids": (room.pk, room.pk)}, "room_ids"),
        ({"room_ids": (999_999,)}, "room_ids"),
        ({"host_id": 999_999}, "host_id"),
        ({"speakers": (SpeakerDraft(gone.pk),)}, "speakers"),
        ({"speakers": (SpeakerDraft(person.pk), SpeakerDraft(person.pk))}, "speakers"),
        ({"attendees": (AttendeeDraft(999_999),)}, "attendees"),
        ({"equipment": (EquipmentDraft(999_999),)}, "equipment"),
        ({"cues": (CueDraft(0, ""),)}, "what"),
        ({"cues": (CueDraft(10_000, "Late"),)}, "offset_minutes"),
        ({"cues": (CueDraft(0, "Who", owner_id=999_999),)}, "cues"),
        ({"catering": "x" * 20_001}, "catering"),
    ]
    for fields, field in cases:
        assert field in refusals(event, function_draft(**{"key": "one", **fields})), fields


def test_a_room_too_small_says_so_in_the_schedules_words(event: Event) -> None:
    room = RoomFactory.create(capacity=12, code="A1", name="Atlas")
    said = refusals(event, function_draft(room_ids=(room.pk,), headcount=13))
    assert said == {"headcount": ["A1 Atlas seats 12, but 13 people are expected."]}
    green_room = RoomFactory.create(capacity=2)
    (row,) = make_functions(event, [function_draft(room_ids=(room.pk, green_room.pk), headcount=12)])
    assert row.main_room_id == room.pk  # only the room that everybody sits in must hold them all


def test_a_taken_room_is_refused_with_what_is_in_the_way(event: Event) -> None:
    room = RoomFactory.create()
    make_meeting(event.owner, room=room, title="Sprint review")
    with pytest.raises(RoomClashes, match="Sprint review"):
        make_functions(event, [function_draft(room_ids=(RoomFactory.create().pk, room.pk))])
    assert not Function.objects.exists()


def test_numbers_are_given_once(event: Event) -> None:
    first, second = make_functions(event, [function_draft("one"), function_draft("two")])
    remove_function(actor=actor_of(event.owner), function_id=second.pk, now=NOW)
    (third,) = make_functions(event, [function_draft("two")])
    assert [first.number, second.number, third.number] == [1, 2, 3]


def test_a_removed_function_is_called_off_and_forgotten(event: Event) -> None:
    room, person = RoomFactory.create(), bob()
    row = one(event, room_ids=(room.pk,), speakers=(SpeakerDraft(person.pk),), cues=(CueDraft(0, "Go"),))
    remove_function(actor=actor_of(event.owner), function_id=row.pk, now=NOW)
    assert function_drafts_of(event) == []
    assert functions_for(actor_of(event.owner), event.pk) == []
    assert Function.every.get(pk=row.pk).removed_at == NOW
    assert Meeting.objects.get().state == MeetingState.CANCELLED
    assert OutboxMessage.objects.filter(kind="invitation", payload__method="CANCEL").count() == 1
    assert not Speaker.objects.exists()
    assert not Booking.objects.exclude(state="released").exists()
    check_house()
    with pytest.raises(Function.DoesNotExist):
        remove_function(actor=actor_of(event.owner), function_id=row.pk, now=NOW)


def test_only_what_differs_is_written_and_only_who_is_concerned_is_told(event: Event) -> None:
    speaker, guest = bob(), MemberFactory.create()
    row = one(event, speakers=(SpeakerDraft(speaker.pk),), attendees=(AttendeeDraft(guest.pk),))
    before, version = len(told()), row.occurrence.meeting.version
    change(row, event)
    assert not AuditEntry.objects.filter(action="function.changed").exists()
    change(row, event, catering="Tea", track="A", cues=(CueDraft(5, "Lights"),))
    meeting = Meeting.objects.get()
    assert (meeting.version, len(told())) == (version, before)  # nothing outward changed
    assert set(AuditEntry.objects.get(action="function.changed").after) == {"catering", "track", "cues"}
    newcomer = MemberFactory.create()
    change(row, event, host_id=newcomer.pk)
    assert told()[before:] == [[newcomer.pk]]
    change(row, event, local_start=local("2026-12-07 11:00"))
    assert told()[before + 1 :] == [sorted([speaker.pk, guest.pk, newcomer.pk])]


def test_rooms_change_together(event: Event) -> None:
    first, second, third = (RoomFactory.create() for _number in range(3))
    row = one(event, room_ids=(first.pk, second.pk))
    for rooms in ((second.pk, third.pk), (third.pk, second.pk), (third.pk,), (), (first.pk, third.pk)):
        change(row, event, room_ids=rooms)
        assert function_drafts_of(event)[0].room_ids == rooms
        check_house()
    change(row, event, local_start=local("2026-12-07 14:00"))
    assert function_drafts_of(event)[0].room_ids == (first.pk, third.pk)
    assert set(Booking.objects.exclude(state="released").values_list("starts_at", flat=True)) == {
        utc("2026-12-07 12:00")
    }


def test_what_stood_before_a_newer_rule_stays(event: Event) -> None:
    row = one(event)
    Event.objects.update(starts_at=utc("2026-12-07 10:00"))  # the function lies before it now
    change(row, event, catering="Tea")
    with pytest.raises(ValidationError, match="outside the event's dates"):
        change(row, event, local_start=local("2026-12-07 09:30"))


def test_what_others_changed_meanwhile_is_not_written_over(event: Event) -> None:
    row = one(event)
    (seen,) = function_drafts_of(event)
    change(row, event, catering="Tea")
    with pytest.raises(ValidationError, match="Somebody else has changed “Opening”"):
        change_function(
            actor=actor_of(event.owner),
            function_id=row.pk,
            draft=replace(seen, catering="Coffee"),
            seen=fingerprint(seen),
            now=NOW,
        )
    assert Function.objects.get().catering == "Tea"


def test_a_sponsor_runs_the_event_and_its_meetings(event: Event) -> None:
    sponsor, stranger = bob(), MemberFactory.create()
    Event.objects.update(sponsor=sponsor, owner=MemberFactory.create(), confidentiality=4)
    actor = actor_of(sponsor)
    (row,) = add_functions(actor=actor, event_id=event.pk, drafts=[function_draft()], now=NOW)
    moved = move_function(actor=actor, function_id=row.pk, local_start=local("2026-12-07 12:00"), now=NOW)
    assert moved.before.local_start == local("2026-12-07 10:00")
    with pytest.raises(Function.DoesNotExist):
        remove_function(actor=actor_of(stranger), function_id=row.pk, now=NOW)
    remove_function(actor=actor, function_id=row.pk, now=NOW)


def test_who_may_not_see_the_event_finds_nothing_and_who_may_only_look_is_refused(event: Event) -> None:
    row = one(event, speakers=(SpeakerDraft(event.owner_id),), cues=(CueDraft(0, "Go"),))
    colleague, outsider = actor_of(bob()), actor_of(charlie())
    (draft,) = function_drafts_of(event)
    with pytest.raises(Event.DoesNotExist):
        add_functions(actor=outsider, event_id=event.pk, drafts=[function_draft("two")], now=NOW)
    with pytest.raises(Event.DoesNotExist):
        functions_for(outsider, event.pk)
    with pytest.raises(Function.DoesNotExist):
        change_function(actor=outsider, function_id=row.pk, draft=draft, now=NOW)
    with pytest.raises(Cue.DoesNotExist):
        remove_cue(actor=outsider, cue_id=Cue.objects.get().pk)
    with pytest.raises(Speaker.DoesNotExist):
        answer_as_speaker(
            actor=outsider, speaker_id=Speaker.objects.get().pk, state=SpeakerState.DECLINED, now=NOW
        )
    for act in (
        lambda: add_functions(actor=colleague, event_id=event.pk, drafts=[function_draft("two")], now=NOW),
        lambda: change_function(actor=colleague, function_id=row.pk, draft=draft, now=NOW),
        lambda: remove_function(actor=colleague, function_id=row.pk, now=NOW),
        lambda: add_cue(actor=colleague, function_id=row.pk, draft=CueDraft(0, "No")),
        lambda: answer_as_speaker(
            actor=colleague, speaker_id=Speaker.objects.get().pk, state=SpeakerState.DECLINED, now=NOW
        ),
    ):
        with pytest.raises(Refused):
            act()
    assert len(functions_for(colleague, event.pk)) == 1


@pytest.mark.parametrize(
    ("confidentiality", "private"),
    [(Confidentiality.OPEN, False), (Confidentiality.INTERNAL, False), (3, True), (4, True)],
)
def test_functions_of_a_restricted_event_are_private_meetings(confidentiality: int, private: bool) -> None:
    event = make_event(alice(), confidentiality=confidentiality)
    assert one(event).occurrence.meeting.is_private is private


@pytest.mark.django_db
@pytest.mark.parametrize("state", [EventState.CLOSED, EventState.CANCELLED])
def test_nobody_answers_to_speak_at_what_is_over(state: EventState) -> None:
    event = make_event(alice())
    (row,) = make_functions(event, [function_draft(speakers=(SpeakerDraft(bob().pk),))])
    Event.objects.filter(pk=event.pk).update(state=state)
    speaker = row.speakers.get()
    with pytest.raises(ValidationError, match="can't be changed any more"):
        answer_as_speaker(
            actor=actor_of(speaker.person), speaker_id=speaker.pk, state=SpeakerState.CONFIRMED, now=NOW
        )
    speaker.refresh_from_db()
    assert speaker.state == SpeakerState.ASKED


def test_the_record_says_which_speaker_answered_and_through_whom() -> None:
    event, speaker, delegate = make_event(alice()), bob(), MemberFactory()
    (row,) = make_functions(event, [function_draft(speakers=(SpeakerDraft(speaker.pk),))])
    DelegationFactory(principal=speaker, delegate=delegate)
    answer_as_speaker(
        actor=actor_of(delegate), speaker_id=row.speakers.get().pk, state=SpeakerState.CONFIRMED, now=NOW
    )
    entry = AuditEntry.objects.get(action="speaker.answered")
    assert entry.after == {"speaker": speaker.pk, "state": "confirmed"}
    assert (entry.actor_name, entry.on_behalf_of) == (delegate.name, speaker.name)
