"""The forecast of a roll: which past it looks at, and who may ask."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.attendance.drafts import Who
from convenor.attendance.enums import SeatState
from convenor.attendance.models import Roll, Seat
from convenor.attendance.queries.forecast import forecast_for
from convenor.base.actor import Refused
from convenor.events.models import ClassVersion, Event
from convenor.people.models import Person
from tests.factories.attendance import make_registration, make_roll
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.events import NOW, make_class, make_event
from tests.factories.people import PersonFactory
from tests.factories.rolls import SYSTEM, put_on

pytestmark = pytest.mark.django_db
WEEK, DAY = timedelta(days=7), timedelta(days=1)


def past(
    owner: Person,
    of_class: ClassVersion,
    came: int,
    of: int,
    *,
    weeks: int = 10,
    people: tuple[Person, ...] = (),
) -> Roll:
    """An event so many weeks before now: of those who had accepted a month before it so many came, `people` first of all."""
    start = NOW - weeks * WEEK
    event = make_event(owner, class_version=of_class, starts_at=start, ends_at=start + DAY)
    roll = make_roll(event, None)
    for number in range(of):
        person = people[number] if number < len(people) else None
        row = make_registration(event, f"Past {number}", person=person)
        is_in = number < came
        Seat.objects.create(
            roll=roll,
            registration=row,
            state=SeatState.CHECKED_IN if is_in else SeatState.NO_SHOW,
            answered_at=start - 4 * WEEK,
            checked_in_at=start if is_in else None,
        )
    return roll


def ahead(owner: Person, of_class: ClassVersion, coming: int) -> Roll:
    """make_event's, two weeks from now, with so many confirmed."""
    event = make_event(owner, class_version=of_class)
    roll = make_roll(event, None)
    for number in range(coming):
        put_on(event, f"Guest {number}")
    return roll


def test_the_share_of_those_who_came_to_the_same_class_is_what_is_expected() -> None:
    owner, plain, gala = alice(), make_class(), make_class("gala")
    past(owner, plain, 24, 30)
    past(owner, gala, 0 + 1, 40)
    roll = ahead(owner, plain, 20)
    found = forecast_for(SYSTEM, roll.pk, NOW)
    assert found is not None
    assert (found.likely, found.seats, found.events, found.people) == (16, 20, 1, 30)
    assert found.low < 16 < found.high < 20


def test_a_past_at_which_nobody_was_checked_in_is_no_past() -> None:
    owner, plain = alice(), make_class()
    past(owner, plain, 0, 50)
    roll = ahead(owner, plain, 5)
    assert forecast_for(SYSTEM, roll.pk, NOW) is None


def test_an_event_that_is_not_over_is_no_past() -> None:
    owner, plain = alice(), make_class()
    past(owner, plain, 20, 25, weeks=0)
    assert forecast_for(SYSTEM, ahead(owner, plain, 5).pk, NOW) is None


def test_who_cancelled_later_counts_as_much_as_the_time_that_is_left() -> None:
    """Of thirty who had accepted two weeks before, fifteen cancelled in the week before: near the day, that is behind us."""
    owner, plain = alice(), make_class()
    before = past(owner, plain, 30, 60)
    start = before.event.starts_at
    assert start is not None
    late = list(Seat.objects.filter(roll=before, state=SeatState.NO_SHOW).values_list("pk", flat=True))
    Seat.objects.filter(pk__in=late).update(state=SeatState.CANCELLED, ended_at=start - 3 * DAY)
    roll = ahead(owner, plain, 20)
    early = forecast_for(SYSTEM, roll.pk, NOW)
    assert roll.event.starts_at is not None
    close = forecast_for(SYSTEM, roll.pk, roll.event.starts_at - DAY)
    assert early is not None
    assert close is not None
    assert (early.likely, early.people) == (10, 60)
    assert (close.likely, close.people) == (19, 30)


def test_how_a_seat_stood_then_decides_what_it_is_compared_with() -> None:
    owner, plain = alice(), make_class()
    before = past(owner, plain, 30, 40)
    start = before.event.starts_at
    assert start is not None
    for number in range(40):  # invited, of whom one in four came without an answer
        Seat.objects.create(
            roll=before,
            registration=make_registration(before.event, f"Asked {number}"),
            state=SeatState.CHECKED_IN if number < 10 else SeatState.INVITED,
            invited_at=start - 4 * WEEK,
            checked_in_at=start if number < 10 else None,
        )
    event = make_event(owner, class_version=plain)
    roll = make_roll(event, None)
    for number in range(40):
        put_on(event, f"Guest {number}", state=SeatState.INVITED)
    found = forecast_for(SYSTEM, roll.pk, NOW)
    assert found is not None
    assert found.likely == pytest.approx(10, abs=1)


def test_a_persons_own_past_counts_whatever_the_class() -> None:
    owner, plain, gala = alice(), make_class(), make_class("gala")
    faithful = tuple(PersonFactory.create_batch(10))
    past(owner, plain, 15, 30)
    for weeks in range(2, 12):
        past(owner, gala, 10, 20, weeks=weeks, people=faithful)
    event = make_event(owner, class_version=plain)
    roll = make_roll(event, None)
    for number in range(10):
        put_on(event, f"Guest {number}")
    strangers = forecast_for(SYSTEM, roll.pk, NOW)
    for person in faithful:
        put_on(event, "x", who=Who(person_id=person.pk))
    both = forecast_for(SYSTEM, roll.pk, NOW)
    assert strangers is not None
    assert both is not None
    assert strangers.likely == 5
    assert both.likely - strangers.likely >= 8


def test_who_is_in_is_certain_and_a_roll_without_a_time_has_no_forecast() -> None:
    owner, plain = alice(), make_class()
    past(owner, plain, 24, 30)
    roll = ahead(owner, plain, 5)
    Seat.objects.filter(roll=roll).update(state=SeatState.CHECKED_IN)
    found = forecast_for(SYSTEM, roll.pk, NOW)
    assert found is not None
    assert (found.low, found.high) == (5, 5)
    Event.objects.filter(pk=roll.event_id).update(state="enquiry", starts_at=None, ends_at=None)
    assert forecast_for(SYSTEM, roll.pk, NOW) is None


def test_the_number_of_queries_does_not_grow_with_the_past() -> None:
    owner, plain = alice(), make_class()
    people = tuple(PersonFactory.create_batch(3))
    roll = ahead(owner, plain, 3)
    for person in people:
        put_on(roll.event, "x", who=Who(person_id=person.pk))
    counted = []
    for weeks in (2, 3, 4):
        past(owner, plain, 20, 30, weeks=weeks, people=people)
        with CaptureQueriesContext(connection) as queries:
            assert forecast_for(SYSTEM, roll.pk, NOW) is not None
        counted.append(len(queries))
    assert counted == [counted[0]] * 3


def test_it_is_for_who_reads_the_roll() -> None:
    owner, plain = alice(), make_class()
    past(owner, plain, 24, 30)
    roll = ahead(owner, plain, 5)
    assert forecast_for(actor_of(owner), roll.pk, NOW) is not None
    with pytest.raises(Refused):
        forecast_for(actor_of(bob()), roll.pk, NOW)
    with pytest.raises(Roll.DoesNotExist):
        forecast_for(actor_of(charlie()), roll.pk, NOW)
