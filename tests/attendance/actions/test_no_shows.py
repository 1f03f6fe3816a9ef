"""Seats and rooms that nobody came to, given up where the door is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from convenor.attendance.actions.no_shows import give_up_no_shows
from convenor.attendance.enums import SeatState
from convenor.attendance.models import Roll
from convenor.attendance.rules.seat_states import GIVEN_UP
from convenor.base.models import AuditEntry, OutboxMessage
from convenor.events.enums import EventState
from convenor.events.models import Event, Function
from convenor.scheduling.drafts import AttendeeDraft
from convenor.scheduling.enums import ACTIVE_BOOKINGS
from convenor.scheduling.models import Booking
from tests.factories.attendance import make_roll, make_seat
from tests.factories.cast import alice, bob
from tests.factories.door import OPENS, at_door, back, scan
from tests.factories.events import make_event
from tests.factories.functions import one
from tests.factories.venues import RoomFactory

pytestmark = pytest.mark.django_db

LATE = OPENS + timedelta(minutes=30)


def states(roll: Roll) -> list[str]:
    return list(roll.seats.order_by("pk").values_list("state", flat=True))


def rooms(function: Function) -> int:
    return Booking.objects.filter(occurrence=function.occurrence_id, state__in=ACTIVE_BOOKINGS).count()


def test_who_has_not_come_in_time_loses_their_seat() -> None:
    roll = make_roll(make_event(alice()), 5, no_show_minutes=30)
    came = make_seat(roll)
    absent = make_seat(roll)
    make_seat(roll, state=SeatState.HELD)
    make_seat(roll, state=SeatState.WAITLISTED)
    at_door(roll, scan(came, 2))
    assert give_up_no_shows(LATE - timedelta(seconds=1)) == 0
    assert give_up_no_shows(LATE) == 2
    assert states(roll) == [
        SeatState.CHECKED_IN,
        SeatState.NO_SHOW,
        SeatState.NO_SHOW,
        SeatState.WAITLISTED,
    ]
    absent.refresh_from_db()
    roll.refresh_from_db()
    assert (absent.reason, absent.ended_at, roll.taken) == (GIVEN_UP, LATE, 1)
    assert AuditEntry.objects.filter(action="seat.no_show").count() == 2
    assert give_up_no_shows(LATE + timedelta(minutes=1)) == 0


@pytest.mark.parametrize(
    ("minutes", "state", "day"),
    [
        (None, EventState.PLANNING, 0),
        (30, EventState.CANCELLED, 0),
        (30, EventState.POSTPONED, 0),
        (30, EventState.PLANNING, 15),
    ],
)
def test_where_nothing_is_to_be_given_up(minutes: int | None, state: EventState, day: int) -> None:
    roll = make_roll(make_event(alice()), 5, no_show_minutes=minutes)
    came, absent = make_seat(roll), make_seat(roll)
    at_door(roll, scan(came))
    Event.objects.update(state=state)
    assert give_up_no_shows(LATE + timedelta(days=day)) == 0
    absent.refresh_from_db()
    assert absent.state == SeatState.CONFIRMED


def test_an_event_without_a_door_is_not_emptied() -> None:
    roll = make_roll(make_event(alice()), 5, no_show_minutes=30)
    seat = make_seat(roll)
    assert give_up_no_shows(LATE) == 0
    came = scan(seat)
    at_door(roll, came, back(came, 1))  # a mistake, taken back, is no door either
    assert give_up_no_shows(LATE) == 0
    assert states(roll) == [SeatState.CONFIRMED]


def empty_part(event: Event, **fields: object) -> tuple[Roll, Function]:
    function = one(event, room_ids=(RoomFactory.create().pk,), attendees=(AttendeeDraft(bob().pk),))
    return make_roll(event, 5, function=function, no_show_minutes=15, **fields), function


def starting(function: Function) -> datetime:
    function.occurrence.refresh_from_db()
    start = function.occurrence.starts_at
    assert isinstance(start, datetime)
    return start


def test_a_room_that_nobody_came_to_is_let_go_and_people_are_told() -> None:
    event = make_event(alice())
    whole = make_roll(event)
    part, function = empty_part(event, gives_up_room=True)
    make_seat(part)
    time = starting(function) + timedelta(minutes=15)
    assert give_up_no_shows(time) == 0  # nobody has come to the event at all
    assert rooms(function) == 1
    at_door(whole, scan(make_seat(whole)))
    OutboxMessage.objects.all().delete()
    assert give_up_no_shows(time) == 1
    assert (states(part).count(SeatState.NO_SHOW), rooms(function)) == (1, 0)
    assert AuditEntry.objects.filter(action="booking.released").count() == 1
    assert OutboxMessage.objects.filter(kind="invitation").exists()
    assert give_up_no_shows(time) == 0


def test_one_person_is_enough_to_keep_the_room() -> None:
    event = make_event(alice())
    part, function = empty_part(event, gives_up_room=True)
    came, _absent = make_seat(part), make_seat(part)
    at_door(part, scan(came, 60))
    assert give_up_no_shows(starting(function) + timedelta(minutes=15)) == 1
    assert (states(part), rooms(function)) == ([SeatState.CHECKED_IN, SeatState.NO_SHOW], 1)


def test_a_door_that_is_not_kept_takes_no_seat_where_the_room_is_kept_too() -> None:
    event = make_event(alice())
    whole = make_roll(event)
    part, function = empty_part(event)
    make_seat(part)
    at_door(whole, scan(make_seat(whole)))
    assert give_up_no_shows(starting(function) + timedelta(hours=1)) == 0
    assert (states(part), rooms(function)) == ([SeatState.CONFIRMED], 1)
