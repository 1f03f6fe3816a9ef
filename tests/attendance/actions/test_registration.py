"""Changing a registration, cancelling it, and letting somebody else come instead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from convenor.attendance.actions.registration import (
    cancel_by_token,
    cancel_registration,
    change_by_token,
    change_registration,
    substitute,
    substitute_by_token,
)
from convenor.attendance.actions.seat import set_seat_state
from convenor.attendance.drafts import NeedsDraft, RegistrationDraft, Who
from convenor.attendance.enums import Diet, FieldKind, SeatState, Source
from convenor.attendance.models import FieldOption, FormField, Registration, RegistrationNeeds, Seat
from convenor.base.actor import Refused
from convenor.base.models import AuditEntry, OutboxMessage
from convenor.events.enums import EventState
from tests.attendance.house import check_rolls
from tests.factories.attendance import make_allotment, make_roll
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.events import NOW, make_event, make_function
from tests.factories.rolls import SYSTEM, open_form, put_on, seat_of, states, told, who

pytestmark = pytest.mark.django_db
CONFIRMED, WAITLISTED, INVITED = SeatState.CONFIRMED, SeatState.WAITLISTED, SeatState.INVITED
OFFERED, CANCELLED, SUBSTITUTED = SeatState.OFFERED, SeatState.CANCELLED, SeatState.SUBSTITUTED
HOUR = timedelta(hours=1)


def codes(error: ValidationError) -> dict[str, list[str | None]]:
    return {name: [each.code for each in errors] for name, errors in error.error_dict.items()}


def refusal(act: Callable[[], object]) -> dict[str, list[str | None]]:
    with pytest.raises(ValidationError) as caught:
        act()
    return codes(caught.value)


class TestCancelling:
    def test_all_seats_go_guests_too_and_are_offered_on(self) -> None:
        event = make_event(alice())
        function = make_function(event)
        whole, part = make_roll(event, 2), make_roll(event, 2, function=function)
        ana = put_on(event, "Ana", function_ids=(function.pk,), guests=(Who("One"),))
        put_on(event, "Ion", function_ids=(function.pk,))
        done = cancel_by_token(token=ana.token, reason="Ill", now=NOW)
        assert (len(done.seats), done.was_free) == (4, True)
        for roll in (whole, part):
            assert states(roll) == {"Ana": CANCELLED, "One": CANCELLED, "Ion": OFFERED}
        assert seat_of(ana, whole).reason == "Ill"
        assert told(ana) == ["confirmed", "cancelled"]
        check_rolls()

    def test_twice_changes_nothing(self) -> None:
        event = make_event(alice())
        make_roll(event)
        row = put_on(event, "Ana")
        cancel_by_token(token=row.token, now=NOW)
        assert cancel_by_token(token=row.token, now=NOW + HOUR).seats == ()
        assert told(row) == ["confirmed", "cancelled"]
        assert AuditEntry.objects.filter(action="registration.cancelled").count() == 1

    def test_after_the_free_time_it_is_taken_and_said_to_be_late(self) -> None:
        event = make_event(alice())
        make_roll(event, cancel_free_until=NOW)
        ana, ion = put_on(event, "Ana"), put_on(event, "Ion")
        assert cancel_by_token(token=ana.token, now=NOW).was_free
        assert not cancel_by_token(token=ion.token, now=NOW + HOUR).was_free
        late = OutboxMessage.objects.filter(kind="registration").order_by("-id")[0].payload
        assert (late["notice"], late["late"]) == ("cancelled", True)
        assert AuditEntry.objects.get(action="registration.cancelled", object_id=ion.pk).after["late"]

    def test_who_only_waits_is_never_late(self) -> None:
        event = make_event(alice())
        make_roll(event, 0, cancel_free_until=NOW)
        row = put_on(event, "Ana")
        assert cancel_by_token(token=row.token, now=NOW + HOUR).was_free

    def test_a_guest_gives_up_their_own_seat_alone(self) -> None:
        event = make_event(alice())
        roll = make_roll(event)
        ana = put_on(event, "Ana", guests=(Who("One"),))
        cancel_by_token(token=ana.guests.get().token, now=NOW)
        assert states(roll) == {"Ana": CONFIRMED, "One": CANCELLED}
        assert told(ana) == ["confirmed", "cancelled"]

    def test_a_postponed_event_may_be_left_one_that_is_over_or_cancelled_says_so(self) -> None:
        event = make_event(alice())
        make_roll(event)
        row = put_on(event, "Ana")
        type(event).objects.update(state=EventState.CANCELLED)
        assert refusal(lambda: cancel_by_token(token=row.token, now=NOW)) == {"state": ["over"]}
        type(event).objects.update(state=EventState.CONFIRMED)
        assert event.ends_at is not None
        over = event.ends_at
        assert refusal(lambda: cancel_by_token(token=row.token, now=over)) == {"state": ["over"]}
        type(event).objects.update(state=EventState.POSTPONED)
        assert len(cancel_by_token(token=row.token, now=NOW).seats) == 1

    def test_who_is_there_already_does_not_cancel(self) -> None:
        event = make_event(alice())
        make_roll(event)
        row = put_on(event, "Ana", state=SeatState.CHECKED_IN)
        assert refusal(lambda: cancel_by_token(token=row.token, now=NOW)) == {"state": ["not_possible"]}


class TestSubstituting:
    def test_the_seat_changes_hands_and_is_nobody_elses_between(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 1)
        ana = put_on(event, "Ana")
        put_on(event, "Ion")
        maria = substitute_by_token(token=ana.token, who=who("Maria"), now=NOW + HOUR)
        assert states(roll) == {"Ana": SUBSTITUTED, "Ion": WAITLISTED, "Maria": CONFIRMED}
        assert (maria.source, seat_of(maria).substitutes) == (Source.SUBSTITUTE, seat_of(ana))
        assert (told(ana), told(maria)) == (["confirmed", "substituted"], ["confirmed"])
        assert maria.token != ana.token
        check_rolls()

    def test_in_an_allotment_and_with_guests(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 2)
        block = make_allotment(roll, size=2)
        ana = put_on(event, "Ana", allotment_id=block.pk, guests=(Who("One"),))
        maria = substitute(actor=SYSTEM, registration_id=ana.pk, who=who("Maria"), now=NOW)
        assert (seat_of(maria).allotment_id, maria.guests.get().name) == (block.pk, "One")
        check_rolls()

    def test_a_turn_on_the_waitlist_is_handed_on_too(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 1)
        first = put_on(event, "Radu")
        ana = put_on(event, "Ana")
        put_on(event, "Ion", now=NOW + HOUR)
        substitute(actor=SYSTEM, registration_id=ana.pk, who=who("Maria"), now=NOW + 2 * HOUR)
        cancel_registration(actor=SYSTEM, registration_id=first.pk, now=NOW + 3 * HOUR)
        assert states(roll)["Maria"] == OFFERED

    def test_one_seat_alone(self) -> None:
        event = make_event(alice())
        function = make_function(event)
        whole, part = make_roll(event), make_roll(event, function=function)
        ana = put_on(event, "Ana", function_ids=(function.pk,))
        substitute(actor=SYSTEM, seat_id=seat_of(ana, part).pk, who=who("Maria"), now=NOW)
        assert states(whole) == {"Ana": CONFIRMED}
        assert states(part) == {"Ana": SUBSTITUTED, "Maria": CONFIRMED}

    def test_who_sits_there_already_is_refused_who_was_invited_takes_it(self) -> None:
        event = make_event(alice())
        roll = make_roll(event)
        ana = put_on(event, "Ana")
        put_on(event, "Ion")
        maria = put_on(event, "Maria", state=INVITED)
        for name in ("Ion", "Ana"):
            found = refusal(lambda name=name: substitute_by_token(token=ana.token, who=who(name), now=NOW))  # type: ignore[misc]  # a lambda with a default
            assert found == {"email": ["registered_once"]}
        given = substitute_by_token(token=ana.token, who=who("Maria"), now=NOW)
        assert given.pk == maria.pk
        assert states(roll) == {"Ana": SUBSTITUTED, "Ion": CONFIRMED, "Maria": CONFIRMED}

    def test_there_and_back_again(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 1)
        ana = put_on(event, "Ana")
        maria = substitute_by_token(token=ana.token, who=who("Maria"), now=NOW)
        assert substitute_by_token(token=maria.token, who=who("Ana"), now=NOW).pk == ana.pk
        substitute_by_token(token=ana.token, who=who("Ion"), now=NOW)
        assert states(roll) == {"Ana": SUBSTITUTED, "Maria": SUBSTITUTED, "Ion": CONFIRMED}
        check_rolls()

    def test_nobody_has_nothing_to_hand_on(self) -> None:
        event = make_event(alice())
        make_roll(event)
        ana, ion = put_on(event, "Ana"), put_on(event, "Ion")
        cancel_by_token(token=ana.token, now=NOW)
        found = refusal(lambda: substitute_by_token(token=ana.token, who=who("Maria"), now=NOW))
        assert found == {"state": ["not_possible"]}
        assert refusal(lambda: substitute_by_token(token=ion.token, who=Who("No address"), now=NOW)) == {
            "email": ["required"]
        }
        with pytest.raises(Seat.DoesNotExist):
            substitute_by_token(token=ion.token, seat_id=seat_of(ana).pk, who=who("Maria"), now=NOW)


class TestChanging:
    def test_words_needs_and_language(self) -> None:
        event = make_event(alice())
        make_roll(event)
        row = put_on(event, "Ana", note="VIP", priority=2)
        draft = RegistrationDraft(
            who("Ana Pop", email="ana@partner.example", language="ro"),
            needs=NeedsDraft(diets=(Diet.VEGAN,)),
            note="Not mine to say",
            priority=9,
        )
        changed = change_by_token(token=row.token, version=row.version, draft=draft, now=NOW)
        assert (changed.name, changed.language, changed.search) == (
            "Ana Pop",
            "ro",
            "ana pop ana@partner.example",
        )
        assert (changed.note, changed.priority, changed.needs.diets) == ("VIP", 2, ["vegan"])
        assert told(row) == ["confirmed", "changed"]
        change_registration(
            actor=SYSTEM,
            registration_id=row.pk,
            version=None,
            draft=replace(draft, needs=NeedsDraft()),
            now=NOW,
        )
        row.refresh_from_db()
        assert (row.note, row.priority) == ("Not mine to say", 9)
        assert not RegistrationNeeds.objects.exists()

    def test_two_tabs(self) -> None:
        event = make_event(alice())
        make_roll(event)
        row = put_on(event, "Ana")
        draft = RegistrationDraft(who("Ana"))
        change_by_token(token=row.token, version=row.version, draft=draft, now=NOW)
        again = refusal(lambda: change_by_token(token=row.token, version=row.version, draft=draft, now=NOW))
        assert again == {"version": ["stale"]}

    def test_what_is_the_same_is_neither_told_nor_recorded(self) -> None:
        event = make_event(alice())
        make_roll(event)
        row = put_on(event, "Ana")
        draft = RegistrationDraft(who("Ana"))
        change_registration(actor=SYSTEM, registration_id=row.pk, version=None, draft=draft, now=NOW)
        assert told(row) == ["confirmed"]
        assert not AuditEntry.objects.filter(action="registration.changed").exists()

    def test_functions_come_and_go(self) -> None:
        event = make_event(alice())
        one, two, fixed = (make_function(event) for _ in range(3))
        make_roll(event)
        first, second = (make_roll(event, 1, function=each, is_choosable=True) for each in (one, two))
        kept = make_roll(event, function=fixed)
        ana = put_on(event, "Ana", function_ids=(one.pk, fixed.pk))
        put_on(event, "Ion", function_ids=(one.pk, two.pk))
        draft = RegistrationDraft(who("Ana"), function_ids=(two.pk,))
        change_by_token(token=ana.token, version=None, draft=draft, now=NOW)
        assert states(first) == {"Ana": CANCELLED, "Ion": OFFERED}
        assert states(second) == {"Ion": CONFIRMED, "Ana": WAITLISTED}
        assert states(kept) == {"Ana": CONFIRMED}  # not the registrant's to choose
        check_rolls()

    def test_a_function_that_can_not_be_chosen_is_refused(self) -> None:
        event = make_event(alice())
        function = make_function(event)
        make_roll(event)
        make_roll(event, function=function)
        row = put_on(event, "Ana")
        draft = RegistrationDraft(who("Ana"), function_ids=(function.pk,))
        found = refusal(lambda: change_by_token(token=row.token, version=None, draft=draft, now=NOW))
        assert found == {"function_ids": ["not_choosable"]}

    def test_one_guest_for_another_in_a_full_room_but_not_one_more(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 2)
        row = put_on(event, "Ana", guests=(Who("One"),))
        put_on(event, "Ion")
        swap = RegistrationDraft(who("Ana"), guests=(Who("Two"),))
        change_by_token(token=row.token, version=None, draft=swap, now=NOW)
        assert states(roll) == {"Ana": CONFIRMED, "One": CANCELLED, "Ion": WAITLISTED, "Two": CONFIRMED}
        more = RegistrationDraft(who("Ana"), guests=(Who("Two"), Who("Three")))
        assert refusal(lambda: change_by_token(token=row.token, version=None, draft=more, now=NOW)) == {
            "state": ["full"]
        }
        fewer = RegistrationDraft(who("Ana"))
        change_by_token(token=row.token, version=None, draft=fewer, now=NOW)
        assert states(roll)["Ion"] == OFFERED
        check_rolls()

    def test_a_guest_who_joins_one_who_waits_waits_in_the_same_turn(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 0)
        row = put_on(event, "Ana")
        draft = RegistrationDraft(who("Ana"), guests=(Who("One"),))
        change_by_token(token=row.token, version=None, draft=draft, now=NOW + HOUR)
        assert set(roll.seats.values_list("state", "waitlisted_at")) == {(WAITLISTED, NOW)}

    def test_an_option_is_free_again_for_who_had_it(self) -> None:
        event = make_event(alice())
        make_roll(event)
        asked = FormField.objects.create(
            form=open_form(event), key="bag", kind=FieldKind.CHOICE, label_en="Bag"
        )
        for key in ("red", "blue"):
            FieldOption.objects.create(field=asked, key=key, label_en=key, limit=1)
        row = put_on(event, "Ana", answers={"bag": "red"})
        for key in ("red", "blue"):
            draft = RegistrationDraft(who("Ana"), answers={"bag": key})
            change_by_token(token=row.token, version=None, draft=draft, now=NOW)
        assert dict(FieldOption.objects.values_list("key", "taken")) == {"red": 0, "blue": 1}

    def test_an_address_of_somebody_else_on_the_list_is_refused(self) -> None:
        event = make_event(alice())
        make_roll(event)
        row = put_on(event, "Ana")
        put_on(event, "Ion")
        draft = RegistrationDraft(who("Ion"))
        found = refusal(lambda: change_by_token(token=row.token, version=None, draft=draft, now=NOW))
        assert found == {"email": ["registered_once"]}


class TestWhoMay:
    def test_only_keepers_and_who_it_is_of(self) -> None:
        owner, mate, ana = alice(), bob(), bob(email="ana@example.org")
        event = make_event(owner)
        make_roll(event)
        row = put_on(event, "x", who=Who(person_id=ana.pk))
        draft = RegistrationDraft(Who(person_id=ana.pk))
        for act in acts(mate, row, draft):
            with pytest.raises(Refused):
                act()
        for person in (ana, owner):
            change_registration(
                actor=actor_of(person), registration_id=row.pk, version=None, draft=draft, now=NOW
            )
        cancel_registration(actor=actor_of(ana), registration_id=row.pk, now=NOW)

    def test_charlie_finds_nothing(self) -> None:
        outsider = charlie()
        event = make_event(alice())
        make_roll(event)
        row = put_on(event, "Ana")
        put_on(event, "x", who=Who(person_id=outsider.pk))
        for act in acts(outsider, row, RegistrationDraft(who("Mallory"))):
            with pytest.raises(Registration.DoesNotExist):
                act()
        assert states(row.seats.get().roll)["Ana"] == CONFIRMED

    def test_a_link_that_is_not_one_opens_nothing(self) -> None:
        for token in ("", "x" * 43):
            with pytest.raises(Registration.DoesNotExist):
                cancel_by_token(token=token, now=NOW)

    def test_a_keeper_puts_back_on_the_waitlist_what_the_link_can_not_take(self) -> None:
        event = make_event(alice())
        make_roll(event)
        row = put_on(event, "Ana")
        set_seat_state(actor=SYSTEM, seat_ids=[seat_of(row).pk], state=WAITLISTED, now=NOW)
        change_by_token(token=row.token, version=None, draft=RegistrationDraft(who("Ana")), now=NOW)
        assert seat_of(row).state == WAITLISTED


def acts(person: object, row: Registration, draft: RegistrationDraft) -> list[Callable[[], object]]:
    actor, key = actor_of(person), row.pk  # type: ignore[arg-type]  # one of the cast
    return [
        lambda: change_registration(actor=actor, registration_id=key, version=None, draft=draft, now=NOW),
        lambda: cancel_registration(actor=actor, registration_id=key, now=NOW),
        lambda: substitute(actor=actor, registration_id=key, who=who("Maria"), now=NOW),
        lambda: substitute(actor=actor, seat_id=seat_of(row).pk, who=who("Maria"), now=NOW),
    ]
