"""A meeting becomes an event without losing anything."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from convenor.base.actor import Refused
from convenor.events.actions.parties import add_party
from convenor.events.actions.promotion import promote_meeting
from convenor.events.drafts import PartyDraft
from convenor.events.enums import Confidentiality, PartyRole
from convenor.events.models import Event, Function
from convenor.events.queries.drafts import party_drafts_of
from convenor.events.queries.functions import function_drafts_of
from convenor.events.queries.of_meeting import of_meeting_for
from convenor.people.models import Person
from convenor.scheduling.actions.response import respond
from convenor.scheduling.drafts import AttendeeDraft
from convenor.scheduling.enums import AttendeeRole, PartStat
from convenor.scheduling.models import Attendee, Booking, Meeting, Occurrence, Participation
from tests.factories import cast
from tests.factories.events import NOW, make_class
from tests.factories.people import PersonFactory
from tests.factories.scheduling import check_house, make_meeting
from tests.factories.venues import RoomFactory

pytestmark = pytest.mark.django_db

TASKS = """
title = { en = "Board" }
[[tasks]]
key = "papers"
title = { en = "Send the papers" }
due = "-3d"
[[functions]]
key = "dinner"
title = { en = "Dinner" }
kind = "dinner"
"""


@pytest.fixture
def alice() -> Person:
    return cast.alice()


def rows() -> list[object]:
    """All that the schedule has: not a row may change."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Meeting, Occurrence, Attendee, Participation, Booking)
    ]


def promote(actor: Person, occurrence: Occurrence, text: str = TASKS) -> Event:
    version = make_class("board", text)
    return promote_meeting(
        actor=cast.actor_of(actor), occurrence_id=occurrence.pk, class_version_id=version.pk, now=NOW
    )


def test_nothing_is_lost(alice: Person) -> None:
    bob, charlie, room = cast.bob(), cast.charlie(), RoomFactory.create()
    attendees = (
        AttendeeDraft(bob.pk, AttendeeRole.CHAIR),
        AttendeeDraft(charlie.pk, AttendeeRole.OPTIONAL),
    )
    saved = make_meeting(alice, attendees=attendees, room=room, headcount=7, title="Audit")
    occurrence = saved.meeting.occurrences.get()
    respond(
        actor=cast.actor_of(bob),
        occurrence_id=occurrence.pk,
        person_id=bob.pk,
        partstat=PartStat.ACCEPTED,
        now=NOW,
    )
    before = rows()
    event = promote(alice, occurrence)
    assert rows() == before
    assert (event.title, event.state, event.owner, event.site) == ("Audit", "planning", alice, room.site)
    assert (event.starts_at, event.ends_at) == (occurrence.starts_at, occurrence.ends_at)
    assert event.expected_count == 7
    assert list(event.organisations.all()) == [charlie.organisation]
    assert party_drafts_of(event) == [
        PartyDraft(bob.pk, PartyRole.CHAIR),
        PartyDraft(charlie.pk, PartyRole.OPTIONAL),
    ]
    (draft,) = function_drafts_of(event)
    assert (draft.title, draft.room_ids, draft.attendees) == ("Audit", (room.pk,), ())
    assert list(event.tasks.values_list("key", flat=True)) == ["papers"]
    check_house()


def test_one_date_of_a_series_becomes_an_event_and_the_series_goes_on(alice: Person) -> None:
    bob, carol = cast.bob(), PersonFactory.create(name="Carol")
    saved = make_meeting(alice, people=[bob], rrule="FREQ=WEEKLY;COUNT=3")
    second = saved.meeting.occurrences.order_by("starts_at")[1]
    event = promote(alice, second)
    assert event.starts_at == second.starts_at
    assert Function.objects.get().occurrence == second
    add_party(actor=cast.actor_of(alice), event_id=event.pk, draft=PartyDraft(carol.pk), now=NOW)
    assert saved.meeting.attendees.get().person == bob
    first = saved.meeting.occurrences.order_by("starts_at")[0]
    assert of_meeting_for(cast.actor_of(alice), saved.meeting, first.pk).may_promote


def test_who_joins_later_is_asked_to_the_meeting(alice: Person) -> None:
    occurrence = make_meeting(alice).meeting.occurrences.get()
    event = promote(alice, occurrence)
    bob = cast.bob()
    add_party(actor=cast.actor_of(alice), event_id=event.pk, draft=PartyDraft(bob.pk), now=NOW)
    assert Participation.objects.get(occurrence=occurrence, person=bob).role == "required"


def test_a_private_meeting_tells_nobody_new(alice: Person) -> None:
    bob = cast.bob()
    occurrence = make_meeting(alice, is_private=True, title="Secret").meeting.occurrences.get()
    event = promote(alice, occurrence)
    assert event.confidentiality == Confidentiality.CONFIDENTIAL
    assert of_meeting_for(cast.actor_of(bob), occurrence.meeting, occurrence.pk).event is None
    assert of_meeting_for(cast.actor_of(alice), occurrence.meeting, occurrence.pk).event == event


def test_it_happens_once(alice: Person) -> None:
    occurrence = make_meeting(alice).meeting.occurrences.get()
    promote(alice, occurrence)
    with pytest.raises(ValidationError, match="belongs to an event already"):
        promote(alice, occurrence)
    assert Event.objects.count() == 1


def test_who_may(alice: Person) -> None:
    bob, charlie = cast.bob(), cast.charlie()
    occurrence = make_meeting(alice, people=[bob, charlie]).meeting.occurrences.get()
    with pytest.raises(Refused):
        promote(bob, occurrence)
    with pytest.raises(Refused):
        promote(charlie, occurrence)
    assert not of_meeting_for(cast.actor_of(bob), occurrence.meeting, occurrence.pk).may_promote
    mine = make_meeting(bob).meeting.occurrences.get()
    assert promote(bob, mine).owner == bob


def test_a_meeting_that_moves_meanwhile_takes_its_event_along(alice: Person) -> None:
    """Between reading it and locking it somebody else moves it."""
    meeting = make_meeting(alice).meeting
    occurrence = meeting.occurrences.get()
    later = occurrence.starts_at + timedelta(days=1)
    raced: list[bool] = []

    def race(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if not raced and 'FROM "scheduling_occurrence"' in sql:
            raced.append(True)
            rows = Occurrence.objects.filter(pk=occurrence.pk)
            rows.update(starts_at=later, ends_at=later + timedelta(hours=1))
        return answer

    with connection.execute_wrapper(race):
        event = promote_meeting(
            actor=cast.actor_of(alice), occurrence_id=occurrence.pk, class_version_id=make_class().pk, now=NOW
        )
    assert raced
    assert event.starts_at == later
