"""Rolls go with their events: deadlines, allotments, offers, and who is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from convenor.attendance.actions.allotment import release_allotments
from convenor.attendance.actions.offers import lapse_offers
from convenor.attendance.enums import SeatState
from convenor.attendance.models import Registration, RegistrationForm, Roll, Seat
from convenor.base.models import AuditEntry, OutboxMessage
from convenor.events.actions.moving import cancel_event, move_event, postpone_event, resume_event
from convenor.events.enums import Occasion
from convenor.events.models import Event
from convenor.events.queries.effects import call_off_effects, move_effects
from convenor.people.models import Person
from tests.factories.attendance import make_allotment, make_registration, make_roll, make_seat
from tests.factories.cast import actor_of, alice
from tests.factories.events import NOW, make_event, make_function
from tests.factories.rolls import SYSTEM, open_form
from tests.factories.scheduling import local

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
LATER = local("2026-12-14 09:00")  # a week after make_event's
DUE = NOW + timedelta(days=5)


@pytest.fixture
def owner() -> Person:
    return alice()


@pytest.fixture
def event(owner: Person) -> Event:
    return make_event(owner)


def version(event: Event) -> int:
    return Event.objects.values_list("version", flat=True).get(pk=event.pk)


def move(event: Event) -> None:
    move_event(actor=SYSTEM, event_id=event.pk, version=version(event), starts=LATER, now=NOW)


def postpone(event: Event) -> None:
    postpone_event(actor=SYSTEM, event_id=event.pk, version=version(event), reason="Strike", now=NOW)


def resume(event: Event) -> None:
    resume_event(actor=SYSTEM, event_id=event.pk, version=version(event), starts=LATER, now=NOW)


def told() -> list[tuple[str, int]]:
    rows = OutboxMessage.objects.filter(kind="registration", state="ready").order_by("id")
    return [(row.payload["notice"], row.payload["registration_id"]) for row in rows]


class TestMoving:
    def test_deadlines_release_dates_and_registration_move_along(self, event: Event) -> None:
        roll = make_roll(event, rsvp_by=DUE, cancel_free_until=DUE, guarantee_due=DUE)
        open_block = make_allotment(roll, 2, release_at=DUE)
        released = make_allotment(roll, 0, release_at=DUE, released_at=NOW)
        open_form(event, opens_at=NOW, closes_at=DUE)
        move(event)
        roll.refresh_from_db()
        assert (roll.rsvp_by, roll.cancel_free_until, roll.guarantee_due) == (DUE + WEEK,) * 3
        assert roll.version == 2
        for each, when in ((open_block, DUE + WEEK), (released, DUE)):
            each.refresh_from_db()
            assert each.release_at == when
        form = RegistrationForm.objects.get()
        assert (form.opens_at, form.closes_at) == (NOW + WEEK, DUE + WEEK)
        assert AuditEntry.objects.filter(action="roll.moved", object_id=roll.pk).count() == 1

    def test_what_is_at_noon_stays_at_noon_whatever_the_clocks_do(self, event: Event) -> None:
        roll = make_roll(event, rsvp_by=DUE)
        summer = local("2027-06-07 09:00")
        move_event(actor=SYSTEM, event_id=event.pk, version=1, starts=summer, now=NOW)
        roll.refresh_from_db()
        assert roll.rsvp_by is not None
        assert (roll.rsvp_by - DUE) % timedelta(days=1) == timedelta(hours=23)

    def test_an_offer_is_kept_as_long_as_before_but_never_past_the_new_start(self, event: Event) -> None:
        seat = make_seat(
            make_roll(event, offer_hours=72),
            SeatState.OFFERED,
            offered_at=NOW,
            offer_expires_at=NOW + timedelta(hours=72),
        )
        move(event)
        seat.refresh_from_db()
        assert seat.offer_expires_at == NOW + timedelta(hours=72)
        sooner = local("2026-11-24 15:00")
        move_event(actor=SYSTEM, event_id=event.pk, version=version(event), starts=sooner, now=NOW)
        seat.refresh_from_db()
        assert seat.offer_expires_at == Event.objects.get().starts_at

    def test_everybody_with_a_seat_is_told_once_functions_included(self, event: Event) -> None:
        roll, workshop = make_roll(event), make_roll(event, function=make_function(event))
        both = make_seat(roll).registration
        make_seat(workshop, registration=both)
        only = make_seat(workshop).registration
        make_seat(roll, registration=make_registration(event, guest_of=both))
        make_seat(roll, SeatState.CANCELLED)
        make_seat(roll, registration=make_registration(event, email=""))
        move(event)
        assert told() == [("moved", both.pk), ("moved", only.pk)]

    def test_an_event_without_a_roll_has_nothing_to_say(self, owner: Person, event: Event) -> None:
        assert move_effects(actor_of(owner), event, LATER, now=NOW).others == ()
        move(event)
        assert told() == []

    def test_the_preview_says_what_would_be(self, owner: Person, event: Event) -> None:
        roll = make_roll(event, rsvp_by=DUE, guarantee_due=DUE)
        make_allotment(roll, 2, release_at=DUE)
        for _ in range(2):
            make_seat(roll)
        found = [each.sentence for each in move_effects(actor_of(owner), event, LATER, now=NOW).others]
        assert found == ["2 people on the roll will be told.", "3 deadlines of the roll move along."]


class TestPostponing:
    def test_offers_wait_in_their_turn_and_are_made_again(self, event: Event) -> None:
        roll = make_roll(event, 1)
        first, second = make_registration(event), make_registration(event)
        early = {"waitlisted_at": NOW - timedelta(days=2), "offered_at": NOW}
        seat = make_seat(roll, SeatState.OFFERED, registration=first, **early)
        waiting = make_seat(roll, SeatState.WAITLISTED, registration=second, waitlisted_at=NOW)
        postpone(event)
        seat.refresh_from_db()
        assert (seat.state, seat.waitlisted_at) == (SeatState.WAITLISTED, NOW - timedelta(days=2))
        assert lapse_offers(NOW + timedelta(days=3)) == 0
        resume(event)
        seat.refresh_from_db()
        waiting.refresh_from_db()
        assert (seat.state, waiting.state) == (SeatState.OFFERED, SeatState.WAITLISTED)

    def test_nobody_loses_a_seat_and_nothing_is_released_meanwhile(self, event: Event) -> None:
        roll = make_roll(event)
        make_allotment(roll, 2, release_at=DUE)
        seat = make_seat(roll)
        postpone(event)
        assert release_allotments(DUE + timedelta(days=1)) == 0
        resume(event)
        assert release_allotments(DUE + timedelta(days=1)) == 0
        assert release_allotments(DUE + WEEK) == 1
        seat.refresh_from_db()
        assert seat.state == SeatState.CONFIRMED

    def test_everybody_is_told_of_it_and_of_the_new_date(self, event: Event) -> None:
        row = make_seat(make_roll(event)).registration
        make_seat(make_roll(event, function=make_function(event)), registration=row)
        postpone(event)
        assert told() == [("called_off", row.pk)]
        assert OutboxMessage.objects.get(kind="registration", state="ready").payload["reason"] == "Strike"
        resume(event)
        assert told() == [("called_off", row.pk), ("moved", row.pk)]

    def test_the_preview_says_what_would_be(self, event: Event) -> None:
        make_seat(make_roll(event), SeatState.OFFERED)
        found = [each.sentence for each in call_off_effects(event, Occasion.POSTPONED, NOW).others]
        assert found == [
            "1 person on the roll will be told.",
            "1 offered seat goes back to the waitlist, and is offered again once there is a new date.",
        ]


class TestCallingOff:
    def test_everybody_is_told_and_nothing_lapses(self, event: Event) -> None:
        roll = make_roll(event)
        confirmed, offered = make_seat(roll), make_seat(roll, SeatState.OFFERED)
        found = [each.sentence for each in call_off_effects(event, Occasion.CANCELLED, NOW).others]
        assert found == ["2 people on the roll will be told.", "Nobody is offered a seat any more."]
        cancel_event(actor=SYSTEM, event_id=event.pk, version=version(event), reason="Fire", now=NOW)
        assert told() == [("called_off", confirmed.registration_id), ("called_off", offered.registration_id)]
        assert lapse_offers(NOW + timedelta(days=3)) == 0
        assert Registration.objects.count() == 2
        assert Seat.objects.filter(roll=Roll.objects.get(), state=SeatState.CONFIRMED).count() == 1
