"""Registering: who gets a place, who waits, who is refused, and what is written of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.attendance.actions.registering import register_many
from convenor.attendance.actions.seat import set_seat_state
from convenor.attendance.drafts import NeedsDraft, RegistrationDraft, Who
from convenor.attendance.enums import SeatState, Source
from convenor.attendance.models import (
    Roll,
)
from convenor.base.actor import Actor
from convenor.base.models import AuditEntry
from convenor.people.models import EmailAlias
from tests.attendance.house import check_rolls
from tests.attendance.refusing import refused
from tests.factories.attendance import make_allotment, make_roll
from tests.factories.cast import alice, bob
from tests.factories.events import NOW, make_event, make_function
from tests.factories.people import DepartmentFactory, PersonFactory
from tests.factories.rolls import SYSTEM, open_form, put_on, seat_of, states, told, who

pytestmark = pytest.mark.django_db
CONFIRMED, WAITLISTED, HELD = SeatState.CONFIRMED, SeatState.WAITLISTED, SeatState.HELD
INVITED, CANCELLED = SeatState.INVITED, SeatState.CANCELLED
NOBODY = Actor.nobody()


def test_who_comes_first_sits_and_the_next_waits() -> None:
    event = make_event(alice())
    roll = make_roll(event, 2)
    rows = [put_on(event, name) for name in ("Ana", "Ion", "Maria")]
    assert states(roll) == {"Ana": CONFIRMED, "Ion": CONFIRMED, "Maria": WAITLISTED}
    assert [told(row) for row in rows] == [["confirmed"], ["confirmed"], ["waitlisted"]]
    entry = AuditEntry.objects.get(action="registration.made", object_id=rows[2].pk)
    assert entry.after["seats"] == {str(roll.pk): "waitlisted"}
    check_rolls()


def test_a_plain_registration_takes_few_statements_however_full_the_roll() -> None:
    event = make_event(alice())
    open_form(event)
    make_roll(event, 2)
    counted = []
    for name in ("Ana", "Ion", "Maria", "Radu"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            put_on(event, name, actor=NOBODY, source=Source.PUBLIC)
        counted.append(len(queries))
    assert counted == [counted[0]] * 4
    assert counted[0] <= 12  # the transaction's two among them, and the task that counts


def test_many_take_as_many_statements_as_three() -> None:
    event = make_event(alice())
    make_roll(event, 5)
    counted = []
    for first, count in ((0, 1), (10, 3), (20, 40)):
        drafts = [
            RegistrationDraft(who(f"Guest {first + n}"), guests=(Who("Plus one"),)) for n in range(count)
        ]
        with CaptureQueriesContext(connection) as queries:
            outcomes = register_many(
                actor=SYSTEM, event_id=event.pk, drafts=drafts, source=Source.IMPORT, now=NOW
            )
        assert all(each.is_new and each.problem is None for each in outcomes)
        counted.append(len(queries))
    assert counted[1] == counted[2]
    check_rolls()


def test_the_bad_rows_of_many_are_told_apart_and_the_others_taken() -> None:
    event = make_event(alice())
    roll = make_roll(event, None)
    put_on(event, "Ana")
    drafts = [
        RegistrationDraft(who("Ana")),
        RegistrationDraft(who("Ion")),
        RegistrationDraft(Who("Ion again", "ion@partner.example")),
        RegistrationDraft(Who("", "no.name@partner.example")),
        RegistrationDraft(Who("Bad address", "nowhere")),
        RegistrationDraft(Who("Bell \x07", "bell@partner.example")),
        RegistrationDraft(Who("Țepeș Ștefan-Élan 王芳", "names@partner.example")),
    ]
    outcomes = register_many(actor=SYSTEM, event_id=event.pk, drafts=drafts, source=Source.IMPORT, now=NOW)
    found = [sorted(each.problem.error_dict) if each.problem else None for each in outcomes]
    assert found == [["email"], None, ["email"], ["name"], ["email"], ["name"], None]
    assert set(states(roll)) == {"Ana", "Ion", "Țepeș Ștefan-Élan 王芳"}


class TestGuests:
    def test_they_sit_together_or_wait_together(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 4)
        put_on(event, "Ana", guests=(Who("Plus one"), Who("Plus two")))
        put_on(event, "Ion", guests=(Who("Plus three"),))
        assert list(states(roll).values()) == [CONFIRMED] * 3 + [WAITLISTED] * 2
        # One place is left that Ion's two can't use together
        put_on(event, "Maria")
        assert states(roll)["Maria"] == CONFIRMED
        put_on(event, "Radu")
        assert states(roll)["Radu"] == WAITLISTED
        check_rolls()

    def test_only_their_host_is_written_to(self) -> None:
        event = make_event(alice())
        make_roll(event)
        row = put_on(event, "Ana", guests=(who("Plus one"),))
        assert told() == told(row) == ["confirmed"]

    def test_no_more_than_the_form_allows(self) -> None:
        event = make_event(alice())
        make_roll(event)
        open_form(event, max_guests=1)
        found = refused(event, "Ana", source=Source.PUBLIC, guests=(Who("One"), Who("Two")))
        assert found == {"guests": ["too_many"]}


class TestFunctions:
    def test_what_is_full_is_waitlisted_by_itself(self) -> None:
        event = make_event(alice())
        function = make_function(event)
        whole, part = make_roll(event, 10), make_roll(event, 1, function=function)
        put_on(event, "Ana", function_ids=(function.pk,))
        row = put_on(event, "Ion", function_ids=(function.pk,))
        assert (seat_of(row, whole).state, seat_of(row, part).state) == (CONFIRMED, WAITLISTED)
        assert told(row) == ["confirmed"]  # one mail, which says both

    def test_a_full_one_without_a_waitlist_refuses_all_and_takes_nothing(self) -> None:
        event = make_event(alice())
        function = make_function(event)
        whole = make_roll(event, 10)
        make_roll(event, 0, function=function, has_waitlist=False)
        assert refused(event, "Ana", function_ids=(function.pk,)) == {"function_ids": ["full"]}
        put_on(event, "Ana")
        whole.refresh_from_db()
        assert whole.taken == 1

    def test_the_public_chooses_only_what_can_be_chosen(self) -> None:
        event = make_event(alice())
        free, closed = make_function(event), make_function(event)
        make_roll(event)
        make_roll(event, function=free, is_choosable=True)
        make_roll(event, function=closed)
        open_form(event)
        row = put_on(event, "Ana", source=Source.PUBLIC, actor=NOBODY, function_ids=(free.pk,))
        assert row.seats.count() == 2
        for key in (closed.pk, 0):
            found = refused(event, "Ion", source=Source.PUBLIC, actor=NOBODY, function_ids=(key,))
            assert found == {"function_ids": ["not_choosable"]}

    def test_keepers_open_rolls_as_they_need_them(self) -> None:
        event = make_event(alice())
        function = make_function(event)
        row = put_on(event, "Ana", function_ids=(function.pk,), on_event=False)
        assert seat_of(row).roll.function_id == function.pk
        assert Roll.objects.filter(event=event).count() == 2
        assert AuditEntry.objects.filter(action="roll.opened").count() == 2

    def test_another_events_function_is_none_of_this_one(self) -> None:
        event, other = make_event(alice()), make_event(bob())
        stranger = make_function(other)
        make_roll(event)
        make_roll(other, function=stranger, is_choosable=True)
        assert refused(event, "Ana", function_ids=(stranger.pk,)) == {"function_ids": ["not_choosable"]}


class TestAgain:
    def test_the_same_form_sent_twice_is_one_registration(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 5)
        first = put_on(event, "Ana", nonce="form-1")
        assert put_on(event, "Ana", nonce="form-1").pk == first.pk
        assert put_on(event, "Other", nonce="form-1").pk == first.pk  # back button, another address
        assert (states(roll), told()) == ({"Ana": CONFIRMED}, ["confirmed"])

    def test_without_an_address_too(self) -> None:
        event = make_event(alice())
        make_roll(event, 5)
        first = put_on(event, "Ana", who=Who("Ana"), nonce="form-1")
        assert put_on(event, "Ana", who=Who("Ana"), nonce="form-1").pk == first.pk
        assert put_on(event, "Ana", who=Who("Ana"), nonce="form-2").pk != first.pk

    def test_an_address_is_on_the_list_once_whatever_its_case(self) -> None:
        event = make_event(alice())
        make_roll(event)
        put_on(event, "Ana")
        found = refused(event, "Ana", who=Who("Ana", "ANA@Partner.example "), nonce="x")
        assert found == {"email": ["registered_once"]}

    def test_who_cancelled_gets_the_same_row_and_link_behind_those_who_wait(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 1)
        ana = put_on(event, "Ana")
        set_seat_state(actor=SYSTEM, seat_ids=[seat_of(ana).pk], state=CANCELLED, now=NOW)
        put_on(event, "Ion")
        again = put_on(event, "Ana", now=NOW + timedelta(hours=1))
        assert (again.pk, again.token, again.version) == (ana.pk, ana.token, ana.version + 1)
        assert states(roll) == {"Ana": WAITLISTED, "Ion": CONFIRMED}
        seat = seat_of(again)
        assert (seat.ended_at, seat.reason) == (None, "")
        assert AuditEntry.objects.filter(action="registration.renewed", object_id=ana.pk).count() == 1

    def test_guests_who_do_not_come_along_any_more_lose_their_invitation(self) -> None:
        event = make_event(alice())
        roll = make_roll(event)
        put_on(event, "Ana", state=INVITED, guests=(Who("One"), Who("Two")))
        put_on(event, "Ana", guests=(Who("Two"), Who("Three")))
        assert states(roll) == {"Ana": CONFIRMED, "One": CANCELLED, "Two": CONFIRMED, "Three": CONFIRMED}

    def test_who_was_invited_answers_by_registering(self) -> None:
        event = make_event(alice())
        roll = make_roll(event)
        open_form(event)
        put_on(event, "Ana", state=INVITED, source=Source.INVITATION)
        row = put_on(event, "Ana", source=Source.PUBLIC, actor=NOBODY)
        assert (states(roll), row.source) == ({"Ana": CONFIRMED}, Source.INVITATION)

    def test_joining_gives_the_seats_that_are_missing_and_keeps_what_was_said(self) -> None:
        event = make_event(alice())
        function = make_function(event)
        roll, part = make_roll(event), make_roll(event, function=function)
        ana = put_on(event, "Ana", note="VIP", needs=NeedsDraft(dietary="No fish"), guests=(Who("One"),))
        drafts = [RegistrationDraft(who(name), (function.pk,), on_event=False) for name in ("Ana", "Ion")]
        outcomes = register_many(
            actor=SYSTEM,
            event_id=event.pk,
            drafts=drafts,
            source=Source.ATTENDEE,
            now=NOW,
            state=INVITED,
            join=True,
        )
        assert [each.is_new for each in outcomes] == [False, True]
        assert states(part) == {"Ana": INVITED, "Ion": INVITED}
        assert states(roll) == {"Ana": CONFIRMED, "One": CONFIRMED}
        ana.refresh_from_db()
        assert (ana.note, ana.needs.dietary, told(ana)) == ("VIP", "No fish", ["confirmed"])


class TestWhoIsWho:
    def test_a_person_is_known_by_their_address_or_another_of_theirs(self) -> None:
        event = make_event(alice())
        make_roll(event)
        law = DepartmentFactory()
        ana = PersonFactory(department=law)
        EmailAlias.objects.create(person=ana, email="ana@home.example")
        row = put_on(event, "Ana", who=Who("Ana at home", "ANA@home.example"))
        assert (row.person_id, row.department_id, row.name) == (ana.pk, law.pk, "Ana at home")
        assert refused(event, "Ana", who=Who("Ana", ana.email)) == {"email": ["registered_once"]}

    def test_somebody_named_by_key_has_the_directorys_words(self) -> None:
        event = make_event(alice())
        make_roll(event)
        ana = PersonFactory(name="Ana Ionescu")
        row = put_on(event, "x", who=Who("Somebody else", "else@partner.example", person_id=ana.pk))
        assert (row.name, row.email, row.organisation) == ("Ana Ionescu", ana.email, ana.organisation.name)

    def test_somebody_who_left_is_nobody_we_know(self) -> None:
        event = make_event(alice())
        make_roll(event)
        gone = PersonFactory(is_active=False)
        assert put_on(event, "x", who=Who("Gone", gone.email)).person_id is None
        assert refused(event, "x", who=Who(person_id=gone.pk)) == {"person_id": ["unknown_person"]}


class TestAllotments:
    def test_its_own_people_sit_there_first_and_others_do_not(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 3)
        law = DepartmentFactory()
        block = make_allotment(roll, size=2, department=law)
        team = DepartmentFactory(parent=law)
        people = PersonFactory.create_batch(4, department=team)
        rows = [put_on(event, "x", who=Who(person_id=each.pk)) for each in people]
        stranger = put_on(event, "Stranger")
        found = [(seat_of(row).state, seat_of(row).allotment_id) for row in rows]
        assert found == [(CONFIRMED, block.pk)] * 2 + [(CONFIRMED, None), (WAITLISTED, None)]
        assert seat_of(stranger).state == WAITLISTED
        check_rolls()

    def test_one_that_is_named_is_taken_from_first(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 5)
        block = make_allotment(roll, size=1)
        rows = [put_on(event, name, allotment_id=block.pk) for name in ("Ana", "Ion")]
        assert [seat_of(row).allotment_id for row in rows] == [block.pk, None]


class TestWhatKeepersWant:
    def test_past_the_waitlist_but_never_over_the_capacity(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 1)
        put_on(event, "Ana", state=HELD)
        assert refused(event, "Ion", state=CONFIRMED) == {"state": ["full"]}
        put_on(event, "Ion", state=WAITLISTED)
        put_on(event, "Maria", state=INVITED)
        assert states(roll) == {"Ana": HELD, "Ion": WAITLISTED, "Maria": INVITED}

    def test_who_comes_new_never_goes_before_those_who_wait(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 2)
        ana = put_on(event, "Ana")
        put_on(event, "Ion")
        # Put back by hand: the seat that Ana leaves isn't offered to her at once, and stays free
        set_seat_state(actor=SYSTEM, seat_ids=[seat_of(ana).pk], state=WAITLISTED, now=NOW)
        assert states(roll) == {"Ana": WAITLISTED, "Ion": CONFIRMED}
        put_on(event, "Maria", now=NOW + timedelta(minutes=1))
        assert states(roll) == {"Ana": SeatState.OFFERED, "Ion": CONFIRMED, "Maria": WAITLISTED}

    def test_each_is_held_where_the_form_says_so_but_not_whom_they_put_on(self) -> None:
        event = make_event(alice())
        roll = make_roll(event)
        open_form(event, needs_approval=True)
        put_on(event, "Ana", source=Source.PUBLIC, actor=NOBODY)
        put_on(event, "Ion")
        assert states(roll) == {"Ana": HELD, "Ion": CONFIRMED}
        assert told() == ["held", "confirmed"]
