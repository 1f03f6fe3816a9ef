"""Answering for seats, and what those who keep the roll make of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from convenor.attendance.actions.offers import lapse_offers
from convenor.attendance.actions.registration import cancel_registration
from convenor.attendance.actions.seat import answer_by_token, answer_seat, move_to_allotment, set_seat_state
from convenor.attendance.drafts import Who
from convenor.attendance.enums import FieldKind, SeatState, Source
from convenor.attendance.models import Allotment, FieldOption, FormField, Pick, Registration, Seat
from convenor.attendance.rules.seat_states import LAPSED
from convenor.base.actor import Refused
from convenor.base.models import AuditEntry
from convenor.events.enums import EventState
from tests.attendance.house import check_rolls
from tests.factories.attendance import make_allotment, make_roll
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.events import NOW, make_event, make_function
from tests.factories.people import MemberFactory, PersonFactory
from tests.factories.rolls import SYSTEM, open_form, put_on, seat_of, states, told

pytestmark = pytest.mark.django_db
CONFIRMED, WAITLISTED, HELD = SeatState.CONFIRMED, SeatState.WAITLISTED, SeatState.HELD
INVITED, OFFERED = SeatState.INVITED, SeatState.OFFERED
DECLINED, CANCELLED = SeatState.DECLINED, SeatState.CANCELLED
HOUR = timedelta(hours=1)


def code_of(error: ValidationError) -> str | None:
    (errors,) = error.error_dict.values()
    return str(errors[0].code)


class TestInvitations:
    def test_accepting_takes_a_place_or_a_turn(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 1)
        rows = [put_on(event, name, state=INVITED, source=Source.INVITATION) for name in ("Ana", "Ion")]
        for row in rows:
            answer_by_token(token=row.token, seat_id=seat_of(row).pk, accepts=True, now=NOW)
        assert states(roll) == {"Ana": CONFIRMED, "Ion": WAITLISTED}
        assert [told(row) for row in rows] == [["invited", "confirmed"], ["invited", "waitlisted"]]

    def test_a_link_used_twice_changes_nothing_more(self) -> None:
        event = make_event(alice())
        make_roll(event)
        row = put_on(event, "Ana", state=INVITED)
        for _ in range(2):
            answer_by_token(token=row.token, seat_id=seat_of(row).pk, accepts=True, now=NOW)
        assert told(row) == ["invited", "confirmed"]
        for _ in range(2):
            answer_by_token(token=row.token, seat_id=seat_of(row).pk, accepts=False, now=NOW)
        assert seat_of(row).state == CANCELLED
        assert AuditEntry.objects.filter(action="registration.answered").count() == 2

    def test_guests_come_along(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 2)
        row = put_on(event, "Ana", state=INVITED, guests=(Who("One"), Who("Two")))
        answer_by_token(token=row.token, seat_id=seat_of(row).pk, accepts=True, now=NOW)
        assert set(states(roll).values()) == {WAITLISTED}
        check_rolls()

    def test_full_without_a_waitlist_says_so(self) -> None:
        event = make_event(alice())
        make_roll(event, 0, has_waitlist=False)
        row = put_on(event, "Ana", state=INVITED)
        with pytest.raises(ValidationError) as caught:
            answer_by_token(token=row.token, seat_id=seat_of(row).pk, accepts=True, now=NOW)
        assert code_of(caught.value) == "full"

    def test_declining_the_event_declines_its_functions(self) -> None:
        event = make_event(alice())
        function = make_function(event)
        whole, part = make_roll(event), make_roll(event, function=function)
        row = put_on(event, "Ana", function_ids=(function.pk,), state=INVITED)
        answer_by_token(token=row.token, seat_id=seat_of(row, part).pk, accepts=True, now=NOW)
        answer_by_token(token=row.token, seat_id=seat_of(row, whole).pk, accepts=False, now=NOW)
        assert (seat_of(row, whole).state, seat_of(row, part).state) == (DECLINED, CANCELLED)

    def test_who_declined_may_think_again_behind_those_who_wait(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 1)
        row = put_on(event, "Ana", state=INVITED)
        answer_by_token(token=row.token, seat_id=seat_of(row).pk, accepts=False, now=NOW)
        put_on(event, "Ion")
        answer_by_token(token=row.token, seat_id=seat_of(row).pk, accepts=True, now=NOW)
        assert states(roll) == {"Ana": WAITLISTED, "Ion": CONFIRMED}

    def test_nobody_answers_for_a_seat_of_another_registration(self) -> None:
        event = make_event(alice())
        make_roll(event)
        ana, ion = (put_on(event, name, state=INVITED) for name in ("Ana", "Ion"))
        with pytest.raises(Seat.DoesNotExist):
            answer_by_token(token=ana.token, seat_id=seat_of(ion).pk, accepts=True, now=NOW)
        with pytest.raises(Registration.DoesNotExist):
            answer_by_token(token="", seat_id=seat_of(ion).pk, accepts=True, now=NOW)

    @pytest.mark.parametrize("state", [EventState.CANCELLED, EventState.POSTPONED, EventState.CLOSED])
    def test_an_event_that_does_not_take_place_says_so(self, state: EventState) -> None:
        event = make_event(alice())
        make_roll(event)
        row = put_on(event, "Ana", state=INVITED)
        type(event).objects.update(state=state)
        with pytest.raises(ValidationError, match="Away day"):
            answer_by_token(token=row.token, seat_id=seat_of(row).pk, accepts=True, now=NOW)


class TestOffers:
    def test_a_seat_that_comes_free_is_offered_and_accepted(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 1)
        ana, ion = put_on(event, "Ana"), put_on(event, "Ion")
        cancel_registration(actor=SYSTEM, registration_id=ana.pk, now=NOW)
        seat = seat_of(ion)
        assert (seat.state, seat.offer_expires_at) == (OFFERED, NOW + 24 * HOUR)
        answer_by_token(token=ion.token, seat_id=seat.pk, accepts=True, now=NOW + 23 * HOUR)
        assert states(roll) == {"Ana": CANCELLED, "Ion": CONFIRMED}
        assert told(ion) == ["waitlisted", "offered", "confirmed"]

    def test_one_that_lapses_goes_on_to_the_next_and_never_comes_back(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 1)
        ana, ion, maria = (put_on(event, name) for name in ("Ana", "Ion", "Maria"))
        cancel_registration(actor=SYSTEM, registration_id=ana.pk, now=NOW)
        assert lapse_offers(NOW + 24 * HOUR) == 1
        assert states(roll) == {"Ana": CANCELLED, "Ion": DECLINED, "Maria": OFFERED}
        assert (seat_of(ion).reason, told(ion)) == (LAPSED, ["waitlisted", "offered", "lapsed"])
        assert lapse_offers(NOW + 48 * HOUR) == 1
        assert states(roll) == {"Ana": CANCELLED, "Ion": DECLINED, "Maria": DECLINED}
        assert lapse_offers(NOW + 72 * HOUR) == 0
        assert seat_of(maria).state == DECLINED
        check_rolls()

    def test_answering_one_that_has_lapsed_is_refused_even_before_the_clock_looked(self) -> None:
        event = make_event(alice())
        make_roll(event, 1)
        ana, ion = put_on(event, "Ana"), put_on(event, "Ion")
        cancel_registration(actor=SYSTEM, registration_id=ana.pk, now=NOW)
        with pytest.raises(ValidationError) as caught:
            answer_by_token(token=ion.token, seat_id=seat_of(ion).pk, accepts=True, now=NOW + 24 * HOUR)
        assert code_of(caught.value) == "lapsed"

    def test_declining_one_offers_it_on(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 1)
        ana, ion, _maria = (put_on(event, name) for name in ("Ana", "Ion", "Maria"))
        cancel_registration(actor=SYSTEM, registration_id=ana.pk, now=NOW)
        answer_by_token(token=ion.token, seat_id=seat_of(ion).pk, accepts=False, now=NOW)
        assert states(roll) == {"Ana": CANCELLED, "Ion": DECLINED, "Maria": OFFERED}

    def test_it_is_never_kept_past_the_start_and_nothing_is_offered_after_it(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 2)
        rows = [put_on(event, name) for name in ("Ana", "Ion", "Maria", "Radu")]
        assert event.starts_at is not None
        cancel_registration(actor=SYSTEM, registration_id=rows[0].pk, now=event.starts_at - HOUR)
        assert seat_of(rows[2]).offer_expires_at == event.starts_at
        cancel_registration(actor=SYSTEM, registration_id=rows[1].pk, now=event.starts_at)
        assert states(roll)["Radu"] == WAITLISTED
        lapse_offers(event.starts_at)
        assert states(roll) == {"Ana": CANCELLED, "Ion": CANCELLED, "Maria": DECLINED, "Radu": WAITLISTED}

    def test_with_no_hours_it_is_given_at_once_and_held_where_the_form_says_so(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 1, offer_hours=0)
        open_form(event, needs_approval=True)
        ana = put_on(event, "Ana")
        put_on(event, "Ion", source=Source.PUBLIC)
        put_on(event, "Maria")
        cancel_registration(actor=SYSTEM, registration_id=ana.pk, now=NOW)
        assert states(roll)["Ion"] == HELD
        set_seat_state(actor=SYSTEM, seat_ids=[roll.seats.get(state=HELD).pk], state=CANCELLED, now=NOW)
        assert states(roll)["Maria"] == CONFIRMED

    def test_choices_begin_to_count_and_one_that_ran_out_stays_uncounted(self) -> None:
        event = make_event(alice())
        make_roll(event, 1)
        form = open_form(event)
        asked = FormField.objects.create(form=form, key="extras", kind=FieldKind.CHOICES, label_en="Extras")
        bag, pen = (
            FieldOption.objects.create(field=asked, key=key, label_en=key, limit=1) for key in ("bag", "pen")
        )
        ana = put_on(event, "Ana", answers={"extras": ("bag",)})
        ion = put_on(event, "Ion", answers={"extras": ("bag", "pen")})
        FieldOption.objects.filter(pk=pen.pk).update(limit=0)
        cancel_registration(actor=SYSTEM, registration_id=ana.pk, now=NOW)
        counted = dict(Pick.objects.filter(registration=ion).values_list("option__key", "counts"))
        assert counted == {"bag": True, "pen": False}
        assert not Pick.objects.get(registration=ana).counts
        bag.refresh_from_db()
        assert bag.taken == 1
        check_rolls()


class TestKeeping:
    def test_many_are_confirmed_at_once_or_none(self) -> None:
        owner = alice()
        event = make_event(owner)
        roll = make_roll(event, 2)
        rows = [put_on(event, name, state=INVITED) for name in ("Ana", "Ion", "Maria")]
        keys = [seat_of(row).pk for row in rows]
        with pytest.raises(ValidationError) as caught:
            set_seat_state(actor=actor_of(owner), seat_ids=keys, state=CONFIRMED, now=NOW)
        assert code_of(caught.value) == "full"
        assert set(states(roll).values()) == {INVITED}
        set_seat_state(actor=actor_of(owner), seat_ids=keys[:2], state=CONFIRMED, now=NOW)
        assert states(roll) == {"Ana": CONFIRMED, "Ion": CONFIRMED, "Maria": INVITED}
        assert told(rows[0]) == ["invited", "confirmed"]

    def test_guests_go_with_whose_guests_they_are_but_one_may_be_taken_off(self) -> None:
        event = make_event(alice())
        roll = make_roll(event)
        row = put_on(event, "Ana", state=HELD, guests=(Who("One"), Who("Two")))
        set_seat_state(actor=SYSTEM, seat_ids=[seat_of(row).pk], state=CONFIRMED, now=NOW)
        assert set(states(roll).values()) == {CONFIRMED}
        one = roll.seats.get(registration__name="One")
        set_seat_state(actor=SYSTEM, seat_ids=[one.pk], state=CANCELLED, reason="Ill", now=NOW)
        assert states(roll) == {"Ana": CONFIRMED, "One": CANCELLED, "Two": CONFIRMED}
        one.refresh_from_db()
        assert one.reason == "Ill"

    def test_a_state_that_a_seat_can_not_come_to_is_refused(self) -> None:
        event = make_event(alice())
        make_roll(event)
        row = put_on(event, "Ana")
        with pytest.raises(ValidationError) as caught:
            set_seat_state(actor=SYSTEM, seat_ids=[seat_of(row).pk], state=OFFERED, now=NOW)
        assert code_of(caught.value) == "not_possible"

    def test_several_rolls_at_once(self) -> None:
        event = make_event(alice())
        function = make_function(event)
        make_roll(event)
        make_roll(event, 1, function=function)
        row = put_on(event, "Ana", function_ids=(function.pk,), state=HELD)
        keys = list(row.seats.values_list("pk", flat=True))
        set_seat_state(actor=SYSTEM, seat_ids=keys, state=CONFIRMED, now=NOW)
        assert set(row.seats.values_list("state", flat=True)) == {CONFIRMED}
        assert told(row) == ["held", "confirmed"]

    def test_nothing_is_offered_once_it_has_begun(self) -> None:
        event = make_event(alice())
        make_roll(event, 1)
        put_on(event, "Ana")
        row = put_on(event, "Ion")
        assert event.starts_at is not None
        with pytest.raises(ValidationError, match="begun"):
            set_seat_state(actor=SYSTEM, seat_ids=[seat_of(row).pk], state=OFFERED, now=event.starts_at)

    def test_who_came_is_noted_after_the_end_too_until_the_event_is_closed(self) -> None:
        event = make_event(alice())
        make_roll(event)
        rows = [put_on(event, name) for name in ("Ana", "Ion")]
        assert event.ends_at is not None
        later = event.ends_at + HOUR
        set_seat_state(actor=SYSTEM, seat_ids=[seat_of(rows[0]).pk], state=SeatState.NO_SHOW, now=later)
        type(event).objects.update(state=EventState.CLOSED)
        with pytest.raises(ValidationError, match="over"):
            set_seat_state(actor=SYSTEM, seat_ids=[seat_of(rows[1]).pk], state=SeatState.NO_SHOW, now=later)


class TestMoving:
    def test_into_an_allotment_frees_an_open_seat_which_is_offered(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 3)
        block = make_allotment(roll, size=1)
        ana, _ion, maria = (put_on(event, name) for name in ("Ana", "Ion", "Maria"))
        move_to_allotment(actor=SYSTEM, seat_ids=[seat_of(ana).pk], allotment_id=block.pk, now=NOW)
        assert (seat_of(ana).allotment_id, seat_of(maria).state) == (block.pk, OFFERED)
        assert AuditEntry.objects.get(action="seat.moved").after == {"allotment": block.pk}
        check_rolls()

    def test_where_there_is_no_room_it_is_refused(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 2)
        block = make_allotment(roll, size=1)
        ana = put_on(event, "Ana", allotment_id=block.pk)
        ion = put_on(event, "Ion")
        for row, target in ((ana, None), (ion, block.pk)):
            with pytest.raises(ValidationError) as caught:
                move_to_allotment(actor=SYSTEM, seat_ids=[seat_of(row).pk], allotment_id=target, now=NOW)
            assert code_of(caught.value) == "full"

    def test_an_allotment_of_another_roll_is_not_there(self) -> None:
        event = make_event(alice())
        make_roll(event)
        other = make_allotment(make_roll(event, function=make_function(event)))
        row = put_on(event, "Ana")
        with pytest.raises(Allotment.DoesNotExist):
            move_to_allotment(actor=SYSTEM, seat_ids=[seat_of(row).pk], allotment_id=other.pk, now=NOW)


class TestWhoMay:
    def test_the_person_and_the_keepers_answer_teammates_do_not(self) -> None:
        owner, mate, ana = alice(), bob(), MemberFactory(name="Ana")
        event = make_event(owner)
        make_roll(event)
        row = put_on(event, "x", who=Who(person_id=ana.pk), state=INVITED)
        key = seat_of(row).pk
        with pytest.raises(Refused):
            answer_seat(actor=actor_of(mate), seat_id=key, accepts=True, now=NOW)
        with pytest.raises(Refused):
            set_seat_state(actor=actor_of(ana), seat_ids=[key], state=CONFIRMED, now=NOW)
        answer_seat(actor=actor_of(ana), seat_id=key, accepts=True, now=NOW)
        answer_seat(actor=actor_of(owner), seat_id=key, accepts=False, now=NOW)
        assert seat_of(row).state == CANCELLED

    def test_charlie_finds_nothing_but_answers_for_himself(self) -> None:
        outsider = charlie()
        event = make_event(alice())
        roll = make_roll(event)
        other = put_on(event, "Ana", state=INVITED)
        mine = put_on(event, "x", who=Who(person_id=outsider.pk), state=INVITED)
        actor = actor_of(outsider)
        with pytest.raises(Registration.DoesNotExist):
            answer_seat(actor=actor, seat_id=seat_of(other).pk, accepts=True, now=NOW)
        with pytest.raises(Seat.DoesNotExist):
            set_seat_state(actor=actor, seat_ids=[seat_of(mine).pk], state=CONFIRMED, now=NOW)
        with pytest.raises(Seat.DoesNotExist):
            move_to_allotment(actor=actor, seat_ids=[seat_of(mine).pk], allotment_id=None, now=NOW)
        answer_seat(actor=actor, seat_id=seat_of(mine).pk, accepts=True, now=NOW)
        assert states(roll) == {"Ana": INVITED, "Charlie": CONFIRMED}

    def test_nobody_else_is_on_record_but_who_holds_the_link(self) -> None:
        event = make_event(alice())
        make_roll(event)
        person = PersonFactory(name="Ana")
        row = put_on(event, "x", who=Who(person_id=person.pk), state=INVITED)
        answer_by_token(token=row.token, seat_id=seat_of(row).pk, accepts=True, now=NOW)
        entry = AuditEntry.objects.get(action="registration.answered")
        assert (entry.actor_id, entry.actor_name) == (None, "Ana")
        assert entry.after == {"seats": {str(seat_of(row).roll_id): "confirmed"}}
