"""What happens to functions once they are there: who joins, who answers, who is in two places, lines of the run of show, drags."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.base.actor import Actor
from convenor.base.models import AuditEntry
from convenor.events.actions.function import remove_function
from convenor.events.actions.function_moves import move_function
from convenor.events.actions.parties import add_party, remove_party
from convenor.events.actions.run_of_show import add_cue, change_cue, remove_cue
from convenor.events.actions.speaker import answer_as_speaker
from convenor.events.drafts import (
    AttendeeDraft,
    CueDraft,
    FunctionDraft,
    PartyDraft,
    SpeakerDraft,
)
from convenor.events.enums import PartyRole, SpeakerState
from convenor.events.models import Event, Function, Speaker
from convenor.events.queries.functions import function_drafts_of, functions_for
from convenor.scheduling.enums import AttendeeRole, OccurrenceState, PartStat
from convenor.scheduling.models import Participation
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.events import make_event
from tests.factories.functions import change, function_draft, make_functions, one, roles
from tests.factories.people import MemberFactory
from tests.factories.scheduling import NOW, local, make_meeting
from tests.factories.venues import RoomFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    return make_event(alice())


def test_who_joins_is_asked_and_who_leaves_is_not(event: Event) -> None:
    actor, named, person = actor_of(event.owner), bob(), MemberFactory.create()
    all_of_it, other = make_functions(
        event,
        [
            function_draft("plenary", is_for_all=True, attendees=(AttendeeDraft(named.pk),)),
            function_draft("other", local_start=local("2026-12-07 12:00")),
        ],
    )
    add_party(actor=actor, event_id=event.pk, draft=PartyDraft(person.pk, PartyRole.CHAIR), now=NOW)
    assert roles(all_of_it) == {named.pk: "required", person.pk: "chair"}
    assert roles(other) == {}
    add_party(actor=actor, event_id=event.pk, draft=PartyDraft(person.pk, PartyRole.OPTIONAL), now=NOW)
    assert roles(all_of_it)[person.pk] == "optional"
    assert function_drafts_of(event)[0].attendees == (AttendeeDraft(named.pk),)
    add_party(actor=actor, event_id=event.pk, draft=PartyDraft(named.pk), now=NOW)
    remove_party(actor=actor, event_id=event.pk, person_id=named.pk, now=NOW)
    remove_party(actor=actor, event_id=event.pk, person_id=person.pk, now=NOW)
    assert person.pk not in roles(all_of_it)


def test_a_speakers_answer_is_the_invitations_too(event: Event) -> None:
    speaker = charlie()
    row = one(event, speakers=(SpeakerDraft(speaker.pk),))
    asked = Speaker.objects.get()
    answer_as_speaker(actor=actor_of(speaker), speaker_id=asked.pk, state=SpeakerState.CONFIRMED, now=NOW)
    assert Participation.objects.get(person=speaker).partstat == PartStat.ACCEPTED
    answer_as_speaker(actor=actor_of(event.owner), speaker_id=asked.pk, state=SpeakerState.DECLINED, now=NOW)
    assert Participation.objects.get(person=speaker).partstat == PartStat.DECLINED
    assert function_drafts_of(event)[0].speakers == (SpeakerDraft(speaker.pk, "", SpeakerState.DECLINED),)
    assert row.occurrence.state == OccurrenceState.SCHEDULED


def test_a_speaker_in_two_places_shows_until_one_of_them_moves(event: Event) -> None:
    speaker = bob()
    first, second = make_functions(
        event,
        [function_draft(key, track=key, speakers=(SpeakerDraft(speaker.pk),)) for key in ("first", "second")],
    )
    rows = functions_for(actor_of(event.owner), event.pk)
    assert [row.conflicts for row in rows] == [
        ("Bob has “Second”, 10:00–11:00.",),
        ("Bob has “First”, 10:00–11:00.",),
    ]
    change(second, event, local_start=local("2026-12-07 11:00"))
    assert [row.conflicts for row in functions_for(actor_of(event.owner), event.pk)] == [(), ()]
    make_meeting(MemberFactory.create(), people=[speaker], title="Secret", is_private=True)
    assert functions_for(actor_of(event.owner), event.pk)[0].conflicts == ("Bob has “Secret”, 10:00–11:00.",)
    reader = actor_of(MemberFactory.create())
    assert functions_for(reader, event.pk)[0].conflicts == ("Bob is busy, 10:00–11:00.",)
    assert first.pk


def test_an_executive_who_only_attends_shows_too(event: Event) -> None:
    executive, colleague = MemberFactory.create(name="Radu", seniority=5), MemberFactory.create()
    drafts = [
        function_draft(key, attendees=(AttendeeDraft(executive.pk), AttendeeDraft(colleague.pk)))
        for key in ("first", "second")
    ]
    make_functions(event, drafts)
    assert [row.conflicts for row in functions_for(actor_of(event.owner), event.pk)] == [
        ("Radu has “Second”, 10:00–11:00.",),
        ("Radu has “First”, 10:00–11:00.",),
    ]


def test_lines_of_the_run_of_show_come_and_go(event: Event) -> None:
    actor, row = actor_of(event.owner), one(event)
    cue = add_cue(actor=actor, function_id=row.pk, draft=CueDraft(5, "Lights"))
    change_cue(actor=actor, cue_id=cue.pk, draft=CueDraft(-5, "Doors", owner_id=bob().pk))
    assert [each.what for each in function_drafts_of(event)[0].cues] == ["Doors"]
    with pytest.raises(ValidationError):
        change_cue(actor=actor, cue_id=cue.pk, draft=CueDraft(0, " "))
    with pytest.raises(ValidationError):
        add_cue(actor=actor, function_id=row.pk, draft=CueDraft(0, "Gone", owner_id=999_999))
    remove_cue(actor=actor, cue_id=cue.pk)
    assert function_drafts_of(event)[0].cues == ()
    assert AuditEntry.objects.filter(action__startswith="cue.").count() == 3


def test_a_drag_keeps_to_the_dates_and_to_what_was_seen(event: Event) -> None:
    actor, room, further, other = actor_of(event.owner), *(RoomFactory.create() for _number in range(3))
    row = one(event, room_ids=(room.pk, further.pk), track="A")
    version = row.occurrence.meeting.version
    moved = move_function(
        actor=actor,
        function_id=row.pk,
        local_start=local("2026-12-08 15:00"),
        track="B",
        room_id=other.pk,
        version=version,
        now=NOW,
    )
    (draft,) = function_drafts_of(event)
    assert (draft.room_ids, draft.track) == ((other.pk, further.pk), "B")
    with pytest.raises(ValidationError, match="Somebody else"):
        move_function(
            actor=actor,
            function_id=row.pk,
            local_start=local("2026-12-08 10:00"),
            version=version,
            now=NOW,
        )
    with pytest.raises(ValidationError, match="outside the event's dates"):
        move_function(actor=actor, function_id=row.pk, local_start=local("2026-12-08 16:30"), now=NOW)
    back = moved.before
    move_function(
        actor=actor,
        function_id=row.pk,
        local_start=back.local_start,
        track=back.track,
        room_id=back.room_ids[0],
        version=moved.version,
        now=NOW,
    )
    assert function_drafts_of(event) == [back]


def many(event: Event, count: int) -> Sequence[Function]:
    people = [MemberFactory.create() for _number in range(count)]
    return make_functions(
        event,
        [
            function_draft(
                f"function-{number}",
                speakers=(SpeakerDraft(person.pk),),
                attendees=(AttendeeDraft(event.owner_id, AttendeeRole.CHAIR),),
                room_ids=(RoomFactory.create().pk,),
                cues=(CueDraft(0, "Go"),),
            )
            for number, person in enumerate(people)
        ],
    )


def read_drafts(_actor: Actor, event_id: int) -> list[FunctionDraft]:
    return function_drafts_of(Event.objects.get(pk=event_id))


@pytest.mark.parametrize("read", [functions_for, read_drafts])
def test_many_functions_take_as_many_queries_as_one(event: Event, read: Any) -> None:
    actor, counts = actor_of(event.owner), []
    for count in (1, 3):
        another = make_event(event.owner, key=f"of-{count}")
        many(another, count)
        read(actor, another.pk)
        with CaptureQueriesContext(connection) as captured:
            assert len(read(actor, another.pk)) == count
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 13


def test_a_date_of_a_series_keeps_to_its_own(event: Event) -> None:
    """Any meeting can become an event, one date of a series too: what belongs to the whole series stays the series'."""
    room, guest = RoomFactory.create(), MemberFactory.create()
    saved = make_meeting(event.owner, people=[guest], rrule="FREQ=WEEKLY;COUNT=3", title="Jour fixe")
    first, *others = saved.meeting.occurrences.order_by("starts_at")
    row = Function.objects.create(event=event, key="jour-fixe", number=1, occurrence=first)
    (draft,) = function_drafts_of(event)
    assert (draft.title, draft.attendees) == ("Jour fixe", (AttendeeDraft(guest.pk),))
    change(
        row, event, title="Kick-off", room_ids=(room.pk,), local_start=local("2026-12-07 12:00"), av="Film"
    )
    (draft,) = function_drafts_of(event)
    assert (draft.title, draft.room_ids, draft.av) == ("Kick-off", (room.pk,), "Film")
    assert draft.local_start == local("2026-12-07 12:00")
    assert saved.meeting.occurrences.filter(title="").count() == len(others)
    with pytest.raises(ValidationError) as refused:
        change(row, event, speakers=(SpeakerDraft(bob().pk),))
    assert "is one date of a series" in refused.value.message_dict["attendees"][0]
    remove_function(actor=actor_of(event.owner), function_id=row.pk, now=NOW)
    assert saved.meeting.occurrences.filter(state=OccurrenceState.SCHEDULED).count() == len(others)
