"""Who is asked is on the roll, answers take and free seats, and seats put people into the schedule: both ways, no circles."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.attendance.actions.following import welcome_late
from convenor.attendance.actions.registering import register
from convenor.attendance.actions.registration import cancel_registration
from convenor.attendance.actions.roll import open_roll
from convenor.attendance.actions.seat import set_seat_state
from convenor.attendance.drafts import RegistrationDraft, Who
from convenor.attendance.enums import SeatState, Source
from convenor.attendance.models import Registration, Roll, Seat
from convenor.base.actor import Refused
from convenor.events.actions.parties import add_party, remove_party, set_parties
from convenor.events.drafts import PartyDraft
from convenor.events.enums import EventState, PartyRole
from convenor.events.models import Event
from convenor.scheduling.actions.meeting import change_meeting
from convenor.scheduling.actions.response import respond
from convenor.scheduling.drafts import AttendeeDraft, MeetingChanges
from convenor.scheduling.enums import AttendeeRole, PartStat
from convenor.scheduling.models import Participation
from tests.attendance.actions.followed import ask, by_hand, opened, part, says, state, told
from tests.attendance.house import check_rolls
from tests.factories.attendance import make_registration, make_roll, make_seat
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.events import NOW, make_event, make_function
from tests.factories.people import MemberFactory, PersonFactory
from tests.factories.rolls import SYSTEM
from tests.factories.scheduling import make_meeting

pytestmark = pytest.mark.django_db
YES, NO, MAYBE, NONE = PartStat.ACCEPTED, PartStat.DECLINED, PartStat.TENTATIVE, PartStat.NEEDS_ACTION
INVITED, CONFIRMED, WAITLISTED = SeatState.INVITED, SeatState.CONFIRMED, SeatState.WAITLISTED
CANCELLED, DECLINED, OFFERED = SeatState.CANCELLED, SeatState.DECLINED, SeatState.OFFERED


@pytest.fixture
def event() -> Event:
    return make_event(alice())


class TestEventsPeople:
    def test_opening_a_roll_invites_who_is_on_the_list_but_not_the_staff(self, event: Event) -> None:
        roles = (PartyRole.CHAIR, PartyRole.PARTICIPANT, PartyRole.OPTIONAL, PartyRole.GUEST, PartyRole.STAFF)
        people = PersonFactory.create_batch(5)
        drafts = [PartyDraft(person.pk, role) for person, role in zip(people, roles, strict=True)]
        set_parties(actor=SYSTEM, event_id=event.pk, drafts=drafts, now=NOW)
        roll = opened(event)
        assert [state(roll, person) for person in people] == [INVITED] * 4 + [None]
        sources = {row.source for row in Registration.objects.filter(event=event)}
        assert sources == {Source.ATTENDEE}
        assert len(told("invited")) == 4
        check_rolls()

    def test_who_comes_onto_the_list_is_invited_and_who_is_taken_off_loses_the_seat(
        self, event: Event
    ) -> None:
        roll, ana = opened(event), PersonFactory()
        add_party(actor=SYSTEM, event_id=event.pk, draft=PartyDraft(ana.pk), now=NOW)
        assert state(roll, ana) == INVITED
        remove_party(actor=SYSTEM, event_id=event.pk, person_id=ana.pk, now=NOW)
        assert state(roll, ana) == CANCELLED
        assert len(told("cancelled")) == 1
        add_party(actor=SYSTEM, event_id=event.pk, draft=PartyDraft(ana.pk), now=NOW)
        assert state(roll, ana) == INVITED
        assert Registration.objects.filter(event=event).count() == 1
        check_rolls()

    def test_the_place_of_who_is_taken_off_is_offered_on(self, event: Event) -> None:
        roll, ana, ion = opened(event, capacity=1), PersonFactory(), PersonFactory()
        add_party(actor=SYSTEM, event_id=event.pk, draft=PartyDraft(ana.pk), now=NOW)
        seat = Seat.objects.get(registration__person=ana)
        set_seat_state(actor=SYSTEM, seat_ids=[seat.pk], state=CONFIRMED, now=NOW)
        draft = RegistrationDraft(Who(person_id=ion.pk))
        register(actor=SYSTEM, event_id=event.pk, draft=draft, source=Source.COORDINATOR, now=NOW)
        assert state(roll, ion) == WAITLISTED
        remove_party(actor=SYSTEM, event_id=event.pk, person_id=ana.pk, now=NOW)
        assert (state(roll, ana), state(roll, ion)) == (CANCELLED, OFFERED)

    def test_who_registered_keeps_the_seat_and_who_cancelled_is_not_asked_again(self, event: Event) -> None:
        roll, ana, ion = opened(event), PersonFactory(), PersonFactory()
        for person in (ana, ion):
            draft = RegistrationDraft(Who(person_id=person.pk))
            register(actor=SYSTEM, event_id=event.pk, draft=draft, source=Source.COORDINATOR, now=NOW)
            add_party(actor=SYSTEM, event_id=event.pk, draft=PartyDraft(person.pk), now=NOW)
        assert state(roll, ana) == CONFIRMED
        cancel_registration(actor=SYSTEM, registration_id=Registration.objects.get(person=ion).pk, now=NOW)
        add_party(actor=SYSTEM, event_id=event.pk, draft=PartyDraft(PersonFactory().pk), now=NOW)
        assert (state(roll, ana), state(roll, ion)) == (CONFIRMED, CANCELLED)

    def test_a_registration_by_the_same_address_is_the_same_person_s(self, event: Event) -> None:
        roll, ana = opened(event), PersonFactory(email="ana@example.org")
        row = make_registration(event, "A. Ionescu", email="ana@example.org")
        seat = make_seat(roll, registration=row)
        add_party(actor=SYSTEM, event_id=event.pk, draft=PartyDraft(ana.pk), now=NOW)
        assert Registration.objects.filter(event=event).count() == 1
        assert Seat.objects.get().pk == seat.pk

    @pytest.mark.parametrize("over", [EventState.CLOSED, EventState.CANCELLED])
    def test_what_is_over_stays_as_it_was(self, event: Event, over: EventState) -> None:
        ana = PersonFactory()
        add_party(actor=SYSTEM, event_id=event.pk, draft=PartyDraft(ana.pk), now=NOW)
        roll = make_roll(event)
        Event.objects.filter(pk=event.pk).update(state=over)
        assert welcome_late(NOW) == 0
        assert state(roll, ana) is None

    def test_a_roll_that_was_opened_by_the_way_is_caught_up(self, event: Event) -> None:
        ana = PersonFactory()
        add_party(actor=SYSTEM, event_id=event.pk, draft=PartyDraft(ana.pk), now=NOW)
        roll = make_roll(event)
        assert (welcome_late(NOW), welcome_late(NOW)) == (1, 0)
        assert state(roll, ana) == INVITED

    def test_bob_may_not_open_it_and_charlie_does_not_see_it(self, event: Event) -> None:
        ana = PersonFactory()
        add_party(actor=SYSTEM, event_id=event.pk, draft=PartyDraft(ana.pk), now=NOW)
        with pytest.raises(Refused):
            open_roll(actor=actor_of(bob()), event_id=event.pk, draft=by_hand(5), now=NOW)
        with pytest.raises(Event.DoesNotExist):
            open_roll(actor=actor_of(charlie()), event_id=event.pk, draft=by_hand(5), now=NOW)
        assert not Registration.objects.exists()


class TestFunctionsPeople:
    def test_opening_takes_answers_as_they_are_the_earlier_first(self, event: Event) -> None:
        yes, later, maybe, no, silent = PersonFactory.create_batch(5)
        function = make_function(event, meeting={"people": (yes, later, maybe, no, silent)})
        for person, partstat in ((later, YES), (maybe, MAYBE), (no, NO)):
            says(function, person, partstat)
        Participation.objects.filter(person=yes).update(partstat=YES, answered_at=NOW)
        roll = opened(event, function, capacity=1)
        found = [state(roll, person) for person in (yes, later, maybe, no, silent)]
        assert found == [CONFIRMED, WAITLISTED, INVITED, None, INVITED]
        answers = [(part(function, each) or (None,))[0] for each in (yes, later, maybe, no, silent)]
        assert answers == [YES, MAYBE, MAYBE, NO, NONE]
        assert told("waitlisted") == [Registration.objects.get(person=later).pk]
        assert told("invited") == []  # the meeting's own invitation is theirs
        check_rolls()

    def test_it_makes_no_roll_and_no_seat_of_the_event(self, event: Event) -> None:
        function = make_function(event, meeting={"people": (PersonFactory(),)})
        roll = opened(event, function)
        assert list(Roll.objects.all()) == [roll]
        assert Seat.objects.count() == 1

    def test_things_that_stand_for_themselves_have_no_seat(self, event: Event) -> None:
        projector = PersonFactory()
        function = make_function(event)
        roll = opened(event, function)
        meeting = function.occurrence.meeting
        changes = MeetingChanges(attendees=(AttendeeDraft(projector.pk, AttendeeRole.RESOURCE),))
        change_meeting(actor=SYSTEM, meeting_id=meeting.pk, version=1, changes=changes, now=NOW)
        assert state(roll, projector) is None

    def test_who_is_asked_later_is_invited_and_who_is_no_longer_asked_loses_the_seat(
        self, event: Event
    ) -> None:
        ana, ion = PersonFactory.create_batch(2)
        function = make_function(event)
        roll = opened(event, function)
        ask(function, ana, ion)
        says(function, ion, YES)
        assert (state(roll, ana), state(roll, ion)) == (INVITED, CONFIRMED)
        ask(function)
        assert (state(roll, ana), state(roll, ion)) == (CANCELLED, CANCELLED)
        assert (part(function, ana), part(function, ion)) == (None, None)
        assert told("cancelled") == []
        check_rolls()

    def test_a_group_s_guests_go_with_who_is_taken_off(self, event: Event) -> None:
        ana = PersonFactory()
        function = make_function(event, meeting={"people": (ana,)})
        roll = opened(event, function)
        says(function, ana, YES)
        guest = make_registration(event, guest_of=Registration.objects.get(person=ana))
        seat = make_seat(roll, registration=guest)
        ask(function)
        seat.refresh_from_db()
        assert seat.state == CANCELLED


class TestAnswers:
    def test_yes_takes_a_place_and_no_gives_it_up(self, event: Event) -> None:
        ana = PersonFactory()
        function = make_function(event, meeting={"people": (ana,)})
        roll = opened(event, function)
        says(function, ana, YES)
        assert state(roll, ana) == CONFIRMED
        says(function, ana, NO)
        assert state(roll, ana) == CANCELLED
        says(function, ana, YES)
        assert state(roll, ana) == CONFIRMED
        assert part(function, ana) == (YES, AttendeeRole.REQUIRED)
        assert told("confirmed") == []  # they said it themselves, and their calendar knows
        check_rolls()

    def test_no_to_an_invitation_declines_it(self, event: Event) -> None:
        ana = PersonFactory()
        function = make_function(event, meeting={"people": (ana,)})
        roll = opened(event, function)
        says(function, ana, NO)
        assert state(roll, ana) == DECLINED

    def test_maybe_leaves_the_seat_as_it_is_and_asks_who_had_declined_again(self, event: Event) -> None:
        ana = PersonFactory()
        function = make_function(event, meeting={"people": (ana,)})
        roll = opened(event, function)
        says(function, ana, MAYBE)
        assert (state(roll, ana), part(function, ana)) == (INVITED, (MAYBE, AttendeeRole.REQUIRED))
        says(function, ana, NO)
        says(function, ana, MAYBE)
        assert (state(roll, ana), part(function, ana)) == (INVITED, (MAYBE, AttendeeRole.REQUIRED))

    def test_yes_to_what_is_full_waits_is_a_maybe_and_is_told(self, event: Event) -> None:
        ana, ion = PersonFactory.create_batch(2)
        function = make_function(event, meeting={"people": (ana, ion)})
        roll = opened(event, function, capacity=1)
        says(function, ana, YES)
        says(function, ion, YES)
        assert (state(roll, ion), part(function, ion)) == (WAITLISTED, (MAYBE, AttendeeRole.REQUIRED))
        assert told("waitlisted") == [Registration.objects.get(person=ion).pk]
        says(function, ana, NO)
        assert (state(roll, ion), part(function, ion)) == (OFFERED, (MAYBE, AttendeeRole.REQUIRED))
        says(function, ion, YES)
        assert (state(roll, ion), part(function, ion)) == (CONFIRMED, (YES, AttendeeRole.REQUIRED))
        check_rolls()

    def test_without_a_waitlist_it_is_refused_and_nothing_has_changed(self, event: Event) -> None:
        ana, ion = PersonFactory.create_batch(2)
        function = make_function(event, meeting={"people": (ana, ion)})
        roll = opened(event, function, capacity=1, has_waitlist=False)
        says(function, ana, YES)
        with pytest.raises(ValidationError, match="no seats left") as refused:
            says(function, ion, YES)
        assert list(refused.value.message_dict) == ["partstat"]
        assert (state(roll, ion), part(function, ion)) == (INVITED, (NONE, AttendeeRole.REQUIRED))

    def test_who_declined_before_there_was_a_roll_can_still_say_yes(self, event: Event) -> None:
        ana = PersonFactory()
        function = make_function(event, meeting={"people": (ana,)})
        says(function, ana, NO)
        roll = opened(event, function)
        says(function, ana, YES)
        assert state(roll, ana) == CONFIRMED

    def test_what_the_door_decided_stands(self, event: Event) -> None:
        ana = PersonFactory()
        function = make_function(event, meeting={"people": (ana,)})
        roll = opened(event, function)
        says(function, ana, YES)
        Seat.objects.update(state=SeatState.CHECKED_IN, checked_in_at=NOW)
        says(function, ana, NO)
        assert state(roll, ana) == SeatState.CHECKED_IN

    def test_answers_elsewhere_ask_one_query_more(self) -> None:
        """Nobody pays for rolls that aren't theirs."""
        ana = MemberFactory()
        occurrence = make_meeting(PersonFactory(), people=(ana,)).meeting.occurrences.get()
        with CaptureQueriesContext(connection) as asked:
            respond(actor=SYSTEM, occurrence_id=occurrence.pk, person_id=ana.pk, partstat=YES, now=NOW)
        assert len([each for each in asked if "attendance" in each["sql"]]) == 1
