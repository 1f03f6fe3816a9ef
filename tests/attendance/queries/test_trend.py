"""A roll over time, from what its seats remember, by the days of the event's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from convenor.attendance.enums import SeatState
from convenor.attendance.models import Roll, Seat
from convenor.attendance.queries.trend import trend_of
from tests.factories import cast
from tests.factories.attendance import make_roll, make_seat
from tests.factories.events import NOW, make_event

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def roll() -> Roll:
    return make_roll(make_event(cast.alice()), 10)


def seat(roll: Roll, state: SeatState, made: datetime, **fields: object) -> None:
    row = make_seat(roll, state, **fields)
    Seat.objects.filter(pk=row.pk).update(created_at=made)


def test_who_came_and_who_left(roll: Roll) -> None:
    seat(roll, SeatState.CONFIRMED, NOW - 3 * DAY)
    seat(roll, SeatState.CONFIRMED, NOW - 3 * DAY, answered_at=NOW - DAY)
    seat(roll, SeatState.CANCELLED, NOW - 3 * DAY, ended_at=NOW - DAY)
    found = trend_of(roll, NOW)
    assert found is not None
    assert (found.first, found.first_count, found.last_count) == ((NOW - 3 * DAY).date(), 2, 2)
    assert (found.most, found.capacity_y is not None) == (2, False)


def test_who_was_only_asked_or_waited_was_never_on_it(roll: Roll) -> None:
    seat(roll, SeatState.CONFIRMED, NOW - 2 * DAY)
    for fields in ({"invited_at": NOW - 2 * DAY}, {"waitlisted_at": NOW - 2 * DAY}):
        seat(roll, SeatState.CANCELLED, NOW - 2 * DAY, ended_at=NOW - DAY, **fields)
    seat(roll, SeatState.INVITED, NOW - 2 * DAY)
    seat(roll, SeatState.WAITLISTED, NOW - 2 * DAY)
    seat(roll, SeatState.DECLINED, NOW - 2 * DAY, ended_at=NOW - DAY)
    found = trend_of(roll, NOW)
    assert found is not None
    assert (found.most, found.last_count) == (1, 1)


def test_days_are_the_events_own(roll: Roll) -> None:
    late = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)  # in Bucharest it is past midnight
    seat(roll, SeatState.CONFIRMED, late)
    found = trend_of(roll, NOW)
    assert found is not None
    assert found.first == date(2026, 11, 21)


def test_nothing_to_compare_yet(roll: Roll) -> None:
    assert trend_of(roll, NOW) is None
    seat(roll, SeatState.CONFIRMED, NOW)
    assert trend_of(roll, NOW) is None
