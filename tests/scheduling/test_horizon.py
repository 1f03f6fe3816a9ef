"""Series that go on, and meetings of people who don't."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from convenor.base.actor import Actor, Refused
from convenor.base.models import AuditEntry, OutboxMessage
from convenor.people import registry as people
from convenor.scheduling.actions.handover import hand_over_meetings
from convenor.scheduling.actions.horizon import extend_horizon
from convenor.scheduling.actions.meeting import cancel_meeting
from convenor.scheduling.drafts import AttendeeDraft
from convenor.scheduling.enums import AttendeeRole, PartStat
from convenor.scheduling.models import Attendee, Booking, Meeting, Occurrence, Participation
from convenor.venues import registry as venues
from tests.factories.cast import actor_of, alice, bob
from tests.factories.people import MemberFactory, PersonFactory
from tests.factories.scheduling import NOW, check_house, local, make_meeting
from tests.factories.venues import RoomFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=30)


@pytest.fixture(autouse=True)
def _near_horizon(settings: Any) -> None:
    settings.HORIZON_DAYS = 60


def test_an_endless_series_grows_with_its_room_and_its_answers() -> None:
    guest, room = PersonFactory(), RoomFactory(capacity=8)
    make_meeting(bob(), people=[guest], room=room, rrule="FREQ=WEEKLY")
    Participation.objects.update(partstat=PartStat.ACCEPTED)
    before = Occurrence.objects.count()
    assert extend_horizon(NOW) == 0
    assert extend_horizon(LATER) == 1
    assert extend_horizon(LATER) == 0
    assert Occurrence.objects.count() == Booking.objects.count() == before + 4
    assert set(Participation.objects.values_list("partstat", flat=True)) == {PartStat.ACCEPTED}
    check_house()


def test_a_date_without_its_room_is_told_to_the_organiser() -> None:
    organiser, room = bob(), RoomFactory(capacity=8)
    meeting = make_meeting(organiser, room=room, rrule="FREQ=WEEKLY").meeting
    make_meeting(alice(), room=room, local_start=local("2027-02-01 10:00"))
    extend_horizon(LATER)
    message = OutboxMessage.objects.get(kind="room_missing")
    assert message.payload["recurrence_ids"] == ["2027-02-01T10:00:00"]
    assert AuditEntry.objects.filter(action="meeting.room_missing", object_id=meeting.pk).exists()
    without = Occurrence.objects.get(meeting=meeting, recurrence_id=local("2027-02-01 10:00"))
    assert not without.bookings.exists()
    check_house()


def test_a_cancelled_series_doesnt_grow() -> None:
    meeting = make_meeting(bob(), rrule="FREQ=WEEKLY").meeting
    cancel_meeting(actor=Actor.system("tests"), meeting_id=meeting.pk, version=1, now=NOW)
    assert extend_horizon(LATER) == 0


def test_a_leavers_meetings_are_handed_over() -> None:
    leaver, successor, other = bob(), alice(), MemberFactory()
    chair = (AttendeeDraft(leaver.pk, AttendeeRole.CHAIR), AttendeeDraft(successor.pk))
    organised = make_meeting(leaver, attendees=chair, rrule="FREQ=WEEKLY;COUNT=3").meeting
    chaired = make_meeting(other, attendees=chair[:1], local_start=local("2026-12-08 10:00")).meeting
    over = make_meeting(leaver, local_start=local("2026-11-02 10:00")).meeting
    assert people.held_by(leaver.pk, NOW) == [
        "organises “Sprint review”, next on 7 December 2026",
        "chairs “Sprint review”, next on 8 December 2026",
    ]
    coordinator = actor_of(MemberFactory(user__role="coordinator"))
    with pytest.raises(Refused):
        hand_over_meetings(
            actor=actor_of(other), from_person_id=leaver.pk, to_person_id=successor.pk, now=NOW
        )
    count = hand_over_meetings(
        actor=coordinator, from_person_id=leaver.pk, to_person_id=successor.pk, now=NOW
    )
    assert count == 2
    assert people.held_by(leaver.pk, NOW) == []
    chairs = Attendee.objects.filter(role=AttendeeRole.CHAIR).values_list("meeting", "person")
    assert sorted(chairs) == sorted([(organised.pk, successor.pk), (chaired.pk, successor.pk)])
    assert Meeting.objects.get(pk=organised.pk).organiser_id == successor.pk
    assert Meeting.objects.get(pk=over.pk).organiser_id == leaver.pk
    assert AuditEntry.objects.filter(action="meeting.handed_over").count() == 2
    check_house()


def test_meetings_arent_handed_to_whoever_has_left() -> None:
    leaver, gone = bob(), PersonFactory(name="Ana", is_active=False)
    make_meeting(leaver)
    with pytest.raises(ValidationError, match="Ana has left"):
        hand_over_meetings(
            actor=Actor.system("tests"), from_person_id=leaver.pk, to_person_id=gone.pk, now=NOW
        )


def test_venues_learn_what_is_booked() -> None:
    room = RoomFactory(capacity=8)
    make_meeting(bob(), room=room, headcount=6, is_private=True)
    make_meeting(alice(), room=room, local_start=local("2026-11-02 10:00"))
    (booked,) = venues.bookings_ahead([room.pk], NOW)
    assert (booked.headcount, booked.title) == (6, "Busy")
