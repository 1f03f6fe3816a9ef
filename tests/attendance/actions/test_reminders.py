"""Reminders go out once, and to nobody who has answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.attendance.actions.reminders import remind
from convenor.attendance.enums import SeatState
from convenor.attendance.models import Registration, Roll, Seat
from convenor.base.actor import Actor
from convenor.base.models import OutboxMessage
from convenor.events.enums import EventState
from convenor.events.models import Event
from convenor.scheduling.actions.meeting import cancel_meeting
from tests.factories.attendance import make_registration, make_roll, make_seat
from tests.factories.cast import alice
from tests.factories.events import NOW, make_event, make_function

pytestmark = pytest.mark.django_db
DUE = NOW + timedelta(days=10)
LONG_AGO = NOW - timedelta(days=30)


@pytest.fixture
def event() -> Event:
    return make_event(alice())


def invited(roll: Roll, **fields: Any) -> Seat:
    return make_seat(roll, SeatState.INVITED, **{"invited_at": LONG_AGO} | fields)


def sent() -> list[tuple[int, str]]:
    rows = OutboxMessage.objects.filter(kind="registration").order_by("id")
    return [(row.payload["registration_id"], row.payload["about"]) for row in rows]


def test_who_has_not_answered_is_reminded_seven_and_two_days_before_and_never_again(event: Event) -> None:
    seat = invited(make_roll(event, rsvp_by=DUE))
    told = []
    for hours in range(0, 24 * 12, 6):
        remind(NOW + timedelta(hours=hours))
        told.append(len(sent()))
    days = [index * 6 / 24 for index, count in enumerate(told) if count != (told[index - 1] if index else 0)]
    assert days == [3, 8]
    assert sent() == [(seat.registration_id, "answer")] * 2


@pytest.mark.parametrize("state", [each for each in SeatState if each not in ("invited", "offered")])
def test_who_has_answered_is_left_alone(event: Event, state: SeatState) -> None:
    make_seat(make_roll(event, rsvp_by=DUE), state, invited_at=LONG_AGO)
    assert remind(DUE - timedelta(days=1)) == 0


def test_who_was_asked_after_a_step_is_not_reminded_of_it(event: Event) -> None:
    invited(make_roll(event, rsvp_by=DUE), invited_at=DUE - timedelta(days=4))
    assert remind(DUE - timedelta(days=3)) == 0
    assert remind(DUE - timedelta(days=2)) == 1


def test_invitations_to_an_event_and_its_functions_are_one_reminder(event: Event) -> None:
    seat = invited(make_roll(event, rsvp_by=DUE))
    workshop = make_roll(event, function=make_function(event), rsvp_by=DUE)
    invited(workshop, registration=seat.registration)
    assert remind(DUE - timedelta(days=2)) == 1
    (message,) = OutboxMessage.objects.filter(kind="registration")
    assert message.payload["roll_ids"] == sorted([seat.roll_id, workshop.pk])


@pytest.mark.parametrize("state", [EventState.POSTPONED, EventState.CANCELLED, EventState.CLOSED])
def test_an_event_that_does_not_take_place_reminds_nobody(event: Event, state: EventState) -> None:
    invited(make_roll(event, rsvp_by=DUE))
    Event.objects.filter(pk=event.pk).update(state=state)
    assert remind(DUE - timedelta(days=1)) == 0


def test_a_function_that_is_called_off_reminds_nobody(event: Event) -> None:
    function = make_function(event)
    invited(make_roll(event, function=function, rsvp_by=DUE))
    meeting = function.occurrence.meeting
    cancel_meeting(actor=Actor.system("tests"), meeting_id=meeting.pk, version=meeting.version, now=NOW)
    assert remind(DUE - timedelta(days=1)) == 0


def test_deadlines_that_move_remind_anew(event: Event) -> None:
    roll = make_roll(event, rsvp_by=DUE)
    invited(roll)
    assert remind(DUE - timedelta(days=2)) == 1
    Roll.objects.filter(pk=roll.pk).update(rsvp_by=DUE + timedelta(days=30))
    assert remind(DUE + timedelta(days=28)) == 1


def test_whoever_cannot_be_written_to_is_left_out(event: Event) -> None:
    roll = make_roll(event, rsvp_by=DUE)
    host = make_registration(event)
    invited(roll, registration=make_registration(event, email=""))
    invited(roll, registration=make_registration(event, guest_of=host))
    assert remind(DUE - timedelta(days=1)) == 0


def test_an_offer_is_recalled_at_half_time_once(event: Event) -> None:
    ends = NOW + timedelta(hours=24)
    seat = make_seat(make_roll(event), SeatState.OFFERED, offered_at=NOW, offer_expires_at=ends)
    assert [remind(NOW + timedelta(hours=hours)) for hours in (1, 11, 12, 13, 23, 24, 25)] == [
        0,
        0,
        1,
        0,
        0,
        0,
        0,
    ]
    assert sent() == [(seat.registration_id, "offer")]


def test_a_second_offer_is_recalled_too(event: Event) -> None:
    ends = NOW + timedelta(hours=24)
    seat = make_seat(make_roll(event), SeatState.OFFERED, offered_at=NOW, offer_expires_at=ends)
    remind(NOW + timedelta(hours=12))
    again = {"offered_at": NOW + timedelta(days=2), "offer_expires_at": ends + timedelta(days=2)}
    Seat.objects.filter(pk=seat.pk).update(**again)
    assert remind(NOW + timedelta(days=2, hours=12)) == 1


def comes(roll: Roll, **fields: Any) -> Seat:
    seat = make_seat(roll, **fields)
    Registration.objects.filter(pk=seat.registration_id).update(created_at=LONG_AGO)
    return seat


def test_who_comes_is_reminded_at_nine_the_day_before_once(event: Event) -> None:
    """The event begins on Monday, 7 December 2026, at nine in Bucharest: seven in UTC."""
    seat = comes(make_roll(event))
    sunday = datetime(2026, 12, 6, 7, tzinfo=UTC)
    moments = [
        sunday - timedelta(minutes=1),
        sunday,
        sunday + timedelta(hours=5),
        sunday + timedelta(hours=24),
    ]
    assert [remind(moment) for moment in moments] == [0, 1, 0, 0]
    assert sent() == [(seat.registration_id, "coming")]


def test_who_comes_to_several_functions_is_reminded_once(event: Event) -> None:
    seat = comes(make_roll(event))
    later = make_function(event, meeting={"local_start": datetime(2026, 12, 8, 10)})  # local
    make_seat(make_roll(event, function=make_function(event)), registration=seat.registration)
    make_seat(make_roll(event, function=later), registration=seat.registration)
    for hours in range(0, 72, 3):
        remind(datetime(2026, 12, 5, 12, tzinfo=UTC) + timedelta(hours=hours))
    assert sent() == [(seat.registration_id, "coming")]


def test_who_registers_on_the_last_day_is_not_reminded(event: Event) -> None:
    seat = make_seat(make_roll(event))
    late = datetime(2026, 12, 6, 12, tzinfo=UTC)
    Registration.objects.filter(pk=seat.registration_id).update(created_at=late)
    assert remind(late + timedelta(hours=1)) == 0


def guarantee_mails() -> list[tuple[list[str], str]]:
    rows = OutboxMessage.objects.filter(kind="mail").order_by("id")
    return [(row.payload["to"], row.payload["subject"]) for row in rows]


def test_the_coordinator_is_reminded_of_the_guarantee_until_it_is_given(event: Event) -> None:
    roll = make_roll(event, guarantee_due=DUE)
    make_seat(roll)
    for hours in range(0, 24 * 12, 6):
        remind(NOW + timedelta(hours=hours))
    assert guarantee_mails() == [([event.owner.email], "Guaranteed count due: Away day")] * 2
    text = OutboxMessage.objects.filter(kind="mail").order_by("id")[0].payload["text"]
    assert "is due on 3 December 2026 11:00 (Europe/Bucharest)." in text
    assert "1 person on the roll is expected just now." in text
    assert text.endswith(f"/events/{event.pk}/roll/\n")


def test_a_guarantee_that_is_given_is_not_asked_for(event: Event) -> None:
    make_roll(event, guarantee_due=DUE, guaranteed=5, guaranteed_at=NOW)
    assert remind(DUE - timedelta(hours=1)) == 0


@pytest.mark.parametrize("count", [1, 3])
def test_many_are_reminded_in_as_many_statements_as_one(event: Event, count: int) -> None:
    roll = make_roll(event, rsvp_by=DUE, guarantee_due=DUE)
    for _ in range(count):
        invited(roll)
    with CaptureQueriesContext(connection) as asked:
        assert remind(DUE - timedelta(days=1)) == count + 1
    assert len([each for each in asked if "SAVEPOINT" not in each["sql"]]) == 8
