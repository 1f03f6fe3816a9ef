"""Functions of an event, with the meetings that they are."""

from __future__ import annotations

import pytest

from convenor.base.models import AuditEntry, OutboxMessage
from convenor.events.actions.function import add_functions
from convenor.events.drafts import CueDraft, SpeakerDraft
from convenor.events.models import Event
from convenor.events.queries.functions import function_drafts_of
from convenor.scheduling.models import Booking
from tests.factories.cast import actor_of, alice, bob
from tests.factories.events import make_event
from tests.factories.functions import function_draft
from tests.factories.people import MemberFactory
from tests.factories.scheduling import NOW, check_house
from tests.factories.venues import RoomFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    return make_event(alice())


def add(event: Event, *drafts, **fields):
    return add_functions(
        actor=actor_of(event.owner), event_id=event.pk, drafts=drafts or [function_draft(**fields)], now=NOW
    )


def test_a_function_is_a_meeting_of_the_events_owner(event):
    room, further = RoomFactory.create(), RoomFactory.create()
    speaker, host = bob(), MemberFactory.create()
    draft = function_draft(
        title="Opening",
        room_ids=(room.pk, further.pk),
        host_id=host.pk,
        speakers=(SpeakerDraft(speaker.pk, "What comes"),),
        cues=(CueDraft(-10, "Doors open", 10, "Lights up", host.pk, "av"),),
        headcount=4,
        catering="Coffee",
    )
    (row,) = add(event, draft)
    meeting = row.occurrence.meeting
    assert meeting.organiser_id == event.owner_id
    assert {each.person_id: each.role for each in meeting.attendees.all()} == {
        speaker.pk: "required",
        host.pk: "required",
    }
    assert set(Booking.objects.values_list("room_id", flat=True)) == {room.pk, further.pk}
    assert function_drafts_of(event) == [draft]
    assert AuditEntry.objects.filter(action="function.added", object_id=row.pk).count() == 1
    assert OutboxMessage.objects.filter(kind="invitation").count() == 1
    check_house()
