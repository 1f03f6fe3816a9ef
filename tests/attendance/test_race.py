"""Forty want ten seats at the same time; people choose and leave functions at random: nothing is oversold, nobody deadlocks."""

from __future__ import annotations

import os

import pytest

from convenor.attendance.enums import COMING, TAKING, SeatState
from convenor.attendance.models import Roll, Seat
from tests import child
from tests.attendance.house import check_rolls
from tests.factories.attendance import make_roll
from tests.factories.cast import alice
from tests.factories.events import make_event, make_function
from tests.factories.scheduling import local

RACERS, SEATS = 40, 10
ROUNDS = int(os.environ.get("ROLL_RACES") or 3)
"""How often forty race; `ROLL_RACES=100` for the night."""


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_forty_race_for_ten_seats() -> None:
    owner = alice()
    events = [make_event(owner) for _ in range(ROUNDS)]
    rolls = [make_roll(event, SEATS) for event in events]
    process = child.start(
        "tests.attendance.racing:race", racers=RACERS, event_ids=[event.pk for event in events]
    )
    counted = child.answer(process)
    assert counted == {"confirmed": SEATS * ROUNDS, "waitlisted": (RACERS - SEATS) * ROUNDS}
    for roll in rolls:
        roll.refresh_from_db()
        assert (roll.taken, roll.limit) == (SEATS, SEATS)
        # Who came first sits: the waitlist begins after the last of them, and is in the order of its keys
        states = list(roll.seats.order_by("pk").values_list("state", flat=True))
        assert states == [SeatState.CONFIRMED] * SEATS + [SeatState.WAITLISTED] * (RACERS - SEATS)
        waiting = roll.seats.filter(state=SeatState.WAITLISTED).order_by("waitlisted_at", "pk")
        assert list(waiting) == list(waiting.order_by("pk"))
    check_rolls()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_people_who_choose_and_leave_functions_at_random_neither_oversell_nor_deadlock() -> None:
    event = make_event(alice())
    make_roll(event, 8, offer_hours=0)
    functions = [
        make_function(event, meeting={"local_start": local(f"2026-12-07 {9 + n:02d}:00")}) for n in range(4)
    ]
    # In the opposite order, so that the keys of rolls and of functions disagree
    for function in reversed(functions):
        make_roll(event, 3, function=function, offer_hours=0)
    process = child.start(
        "tests.attendance.racing:mingle",
        racers=12,
        rounds=5,
        event_id=event.pk,
        function_ids=[function.pk for function in functions],
    )
    counted = child.answer(process)
    assert set(counted) == {"registered", "cancelled", "changed"}, counted
    assert sum(counted.values()) == 60
    check_rolls()
    for roll in Roll.objects.all():
        waiting = Seat.objects.filter(roll=roll, state=SeatState.WAITLISTED).count()
        coming = Seat.objects.filter(roll=roll, state__in=COMING).count()
        assert coming == Seat.objects.filter(roll=roll, state__in=TAKING).count()
        assert not waiting or coming == roll.capacity  # nobody waits while a seat is free
