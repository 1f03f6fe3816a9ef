"""The database counts seats itself, and refuses the one too many: on both engines, whatever is written."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from convenor.attendance.enums import TAKING, SeatState
from convenor.attendance.models import Roll, Seat
from tests.factories.attendance import make_allotment, make_roll, make_seat
from tests.factories.cast import alice
from tests.factories.events import make_event

pytestmark = pytest.mark.django_db


def counts(roll: Roll) -> tuple[int, int]:
    roll.refresh_from_db()
    return roll.taken, roll.allotted


def test_seats_that_take_a_place_are_counted_however_they_come_and_go() -> None:
    roll = make_roll(make_event(alice()))
    first, second = make_seat(roll), make_seat(roll, state=SeatState.INVITED)
    assert counts(roll) == (1, 0)
    Seat.objects.filter(pk=second.pk).update(state=SeatState.HELD)
    assert counts(roll) == (2, 0)
    Seat.objects.filter(roll=roll).update(state=SeatState.CHECKED_IN)
    assert counts(roll) == (2, 0)
    first.delete()
    assert counts(roll) == (1, 0)
    Seat.objects.filter(roll=roll).update(state=SeatState.CANCELLED)
    assert counts(roll) == (0, 0)


def test_allotments_are_set_apart_and_count_their_own() -> None:
    roll = make_roll(make_event(alice()))
    block = make_allotment(roll, size=3)
    assert counts(roll) == (0, 3)
    seat = make_seat(roll, allotment=block)
    block.refresh_from_db()
    assert (block.taken, counts(roll)) == (1, (0, 3))
    Seat.objects.filter(pk=seat.pk).update(allotment=None)
    block.refresh_from_db()
    assert (block.taken, counts(roll)) == (0, (1, 3))
    type(block).objects.filter(pk=block.pk).update(size=1)
    assert counts(roll) == (1, 1)
    block.delete()
    assert counts(roll) == (1, 0)


@pytest.mark.parametrize("state", TAKING)
def test_the_one_too_many_is_refused(state: SeatState) -> None:
    roll = make_roll(make_event(alice()), 2)
    make_seat(roll)
    make_seat(roll)
    with pytest.raises(IntegrityError, match="never_oversold"), transaction.atomic():
        make_seat(roll, state=state)
    waiting = make_seat(roll, state=SeatState.WAITLISTED)
    with pytest.raises(IntegrityError, match="never_oversold"), transaction.atomic():
        Seat.objects.filter(pk=waiting.pk).update(state=SeatState.CONFIRMED)
    assert counts(roll) == (2, 0)


def test_a_block_is_refused_its_one_too_many_and_a_roll_its_block() -> None:
    roll = make_roll(make_event(alice()), 3)
    block = make_allotment(roll, size=1)
    make_seat(roll, allotment=block)
    with pytest.raises(IntegrityError, match="allotment_never_oversold"), transaction.atomic():
        make_seat(roll, allotment=block)
    with pytest.raises(IntegrityError, match="never_oversold"), transaction.atomic():
        make_allotment(roll, size=3)
