"""Doors that scan the same people at the same moment: each counts once, and nobody is let in beyond the last seat."""

from __future__ import annotations

import pytest
from django.db.models import Count

from convenor.attendance.enums import SeatState
from convenor.attendance.models import Scan, Seat
from convenor.base.models import AuditEntry
from tests import child
from tests.factories.attendance import make_roll, make_seat
from tests.factories.cast import alice
from tests.factories.events import make_event

ROUNDS, PEOPLE, DOORS = 5, 4, 3

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_who_is_scanned_at_every_door_counts_once() -> None:
    roll = make_roll(make_event(alice()), ROUNDS * PEOPLE)
    codes = [make_seat(roll).registration.code for _ in range(ROUNDS * PEOPLE)]
    rounds = [codes[start : start + PEOPLE] for start in range(0, len(codes), PEOPLE)]
    process = child.start(
        "tests.attendance.door_racing:race", roll_id=roll.pk, rounds=rounds, doors=DOORS, lets_in=False
    )
    told = child.answer(process)
    # Who was first is "in"; the others were told so. A scan sent again is answered by its own place among them.
    assert set(told) == {"in", "already"}
    assert sum(told.values()) == 2 * DOORS * len(codes)
    roll.refresh_from_db()
    assert roll.taken == len(codes)
    assert set(Seat.objects.values_list("state", flat=True)) == {SeatState.CHECKED_IN}
    assert Scan.objects.count() == DOORS * len(codes)
    assert AuditEntry.objects.filter(action="seat.checked_in").count() == len(codes)


def test_no_two_doors_give_away_the_last_seat() -> None:
    free = 7
    roll = make_roll(make_event(alice()), free)
    seats = [make_seat(roll, state=SeatState.WAITLISTED) for _ in range(ROUNDS * PEOPLE)]
    codes = [seat.registration.code for seat in seats]
    rounds = [codes[start : start + PEOPLE] for start in range(0, len(codes), PEOPLE)]
    process = child.start(
        "tests.attendance.door_racing:race", roll_id=roll.pk, rounds=rounds, doors=DOORS, lets_in=True
    )
    child.answer(process)
    roll.refresh_from_db()
    states = dict(Seat.objects.values_list("state").annotate(Count("pk")).order_by())
    assert states == {SeatState.CHECKED_IN: free, SeatState.WAITLISTED: len(codes) - free}
    assert roll.taken == free
    assert AuditEntry.objects.filter(action="seat.let_in").count() == free
