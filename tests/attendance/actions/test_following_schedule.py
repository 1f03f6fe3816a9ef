"""Rolls follow the schedule: what is moved, called off or given another room."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.attendance.actions.registering import register
from convenor.attendance.actions.registration import cancel_by_token
from convenor.attendance.actions.roll import change_roll
from convenor.attendance.actions.seat import answer_by_token, set_seat_state
from convenor.attendance.drafts import RegistrationDraft, Who
from convenor.attendance.enums import SeatState, Source
from convenor.attendance.models import Registration, Roll, Seat
from convenor.base.models import OutboxMessage
from convenor.events.models import Event
from convenor.scheduling.actions.meeting import cancel_meeting, change_meeting
from convenor.scheduling.drafts import MeetingChanges
from convenor.scheduling.enums import AttendeeRole, PartStat
from tests.attendance.actions.followed import ask, by_hand, opened, part, says, state, told
from tests.factories.attendance import make_roll, make_seat
from tests.factories.cast import alice
from tests.factories.events import NOW, make_event, make_function
from tests.factories.people import PersonFactory
from tests.factories.rolls import SYSTEM
from tests.factories.scheduling import local, make_meeting

pytestmark = pytest.mark.django_db
YES, NO, MAYBE, NONE = PartStat.ACCEPTED, PartStat.DECLINED, PartStat.TENTATIVE, PartStat.NEEDS_ACTION
INVITED, CONFIRMED, WAITLISTED = SeatState.INVITED, SeatState.CONFIRMED, SeatState.WAITLISTED
CANCELLED, DECLINED, OFFERED = SeatState.CANCELLED, SeatState.DECLINED, SeatState.OFFERED


@pytest.fixture
def event() -> Event:
    return make_event(alice())


class TestSchedule:
    def test_a_confirmed_seat_makes_busy_and_a_cancelled_one_free(self, event: Event) -> None:
        ana, function = PersonFactory(), make_function(event)
        opened(event)
        opened(event, function)
        draft = RegistrationDraft(Who(person_id=ana.pk), function_ids=(function.pk,))
        row = register(actor=SYSTEM, event_id=event.pk, draft=draft, source=Source.COORDINATOR, now=NOW)
        assert part(function, ana) == (YES, AttendeeRole.OPTIONAL)
        cancel_by_token(token=row.token, now=NOW)
        assert part(function, ana) is None

    def test_nobody_without_a_place_is_busy(self, event: Event) -> None:
        ana, ion, function = PersonFactory(), PersonFactory(), make_function(event)
        opened(event)
        roll = opened(event, function, capacity=1)
        for person in (ana, ion):
            draft = RegistrationDraft(Who(person_id=person.pk), function_ids=(function.pk,))
            register(actor=SYSTEM, event_id=event.pk, draft=draft, source=Source.COORDINATOR, now=NOW)
        assert (state(roll, ion), part(function, ion)) == (WAITLISTED, None)
        seat = Seat.objects.get(roll=roll, registration__person=ana)
        set_seat_state(actor=SYSTEM, seat_ids=[seat.pk], state=CANCELLED, now=NOW)
        (offered,) = Seat.objects.filter(roll=roll, state=OFFERED).select_related("registration")
        answer_by_token(token=offered.registration.token, seat_id=offered.pk, accepts=True, now=NOW)
        assert (part(function, ana), part(function, ion)) == (None, (YES, AttendeeRole.OPTIONAL))

    def test_a_seat_that_is_cancelled_by_link_is_a_no_of_who_is_asked(self, event: Event) -> None:
        ana = PersonFactory()
        function = make_function(event, meeting={"people": (ana,)})
        opened(event, function)
        says(function, ana, YES)
        cancel_by_token(token=Registration.objects.get(person=ana).token, now=NOW)
        assert part(function, ana) == (NO, AttendeeRole.REQUIRED)

    def test_who_says_no_by_mail_to_a_function_they_chose_themselves_is_out_of_it(self, event: Event) -> None:
        ana, function = PersonFactory(), make_function(event)
        opened(event)
        roll = opened(event, function)
        draft = RegistrationDraft(Who(person_id=ana.pk), function_ids=(function.pk,))
        register(actor=SYSTEM, event_id=event.pk, draft=draft, source=Source.COORDINATOR, now=NOW)
        says(function, ana, NO)
        assert (state(roll, ana), part(function, ana)) == (CANCELLED, None)

    def test_a_new_time_keeps_who_chose_it_and_asks_who_is_asked_anew(self, event: Event) -> None:
        ana, ion = PersonFactory.create_batch(2)
        function = make_function(event, meeting={"people": (ana,)})
        opened(event)
        roll = opened(event, function)
        says(function, ana, YES)
        draft = RegistrationDraft(Who(person_id=ion.pk), function_ids=(function.pk,))
        register(actor=SYSTEM, event_id=event.pk, draft=draft, source=Source.COORDINATOR, now=NOW)
        ask(function, ana, local_start=local("2026-12-07 14:00"))
        assert (state(roll, ana), part(function, ana)) == (CONFIRMED, (NONE, AttendeeRole.REQUIRED))
        assert (state(roll, ion), part(function, ion)) == (CONFIRMED, (YES, AttendeeRole.OPTIONAL))

    def test_a_larger_roll_gives_the_waiting_their_time(self, event: Event) -> None:
        ana, ion = PersonFactory.create_batch(2)
        function = make_function(event, meeting={"people": (ana, ion)})
        roll = opened(event, function, capacity=1, offer_hours=0)
        for person in (ana, ion):
            says(function, person, YES)
        version = Roll.objects.get().version
        change_roll(actor=SYSTEM, roll_id=roll.pk, version=version, draft=by_hand(2, offer_hours=0), now=NOW)
        assert (state(roll, ion), part(function, ion)) == (CONFIRMED, (YES, AttendeeRole.REQUIRED))


class TestWhenAndWhere:
    def test_seat_holders_are_told_of_a_new_time_once_for_several_changes(self, event: Event) -> None:
        ana = PersonFactory()
        function = make_function(event, meeting={"people": (ana,)})
        roll = opened(event, function)
        stranger = make_seat(roll)
        waiting = make_seat(roll, WAITLISTED)
        make_seat(roll, CANCELLED)
        ask(function, ana, local_start=local("2026-12-07 14:00"))
        ask(function, ana, local_start=local("2026-12-07 15:00"))
        due = OutboxMessage.objects.filter(kind="registration", payload__notice="moved", state="ready")
        found = sorted(row.payload["registration_id"] for row in due)
        assert found == sorted([stranger.registration_id, waiting.registration_id])
        assert {tuple(row.payload["roll_ids"]) for row in due} == {(roll.pk,)}

    def test_other_changes_tell_nobody(self, event: Event) -> None:
        function = make_function(event)
        make_seat(opened(event, function))
        ask(function, PersonFactory())
        assert told("moved") == []

    def test_a_function_that_is_called_off_says_so(self, event: Event) -> None:
        function = make_function(event)
        seat = make_seat(opened(event, function))
        meeting = function.occurrence.meeting
        cancel_meeting(actor=SYSTEM, meeting_id=meeting.pk, version=meeting.version, now=NOW)
        assert told("called_off") == [seat.registration_id]


def test_changes_of_other_meetings_ask_one_query() -> None:
    make_roll(make_event(alice()))
    meeting = make_meeting(PersonFactory()).meeting
    changes = MeetingChanges(title="Another")
    with CaptureQueriesContext(connection) as asked:
        change_meeting(actor=SYSTEM, meeting_id=meeting.pk, version=1, changes=changes, now=NOW)
    assert (
        len([each for each in asked if "events_function" in each["sql"] or "attendance" in each["sql"]]) == 1
    )
