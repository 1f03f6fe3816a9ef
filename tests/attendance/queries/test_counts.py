"""Expected, guaranteed, actual: by roll and by event."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.attendance.drafts import Who
from convenor.attendance.enums import SeatState
from convenor.attendance.models import Seat
from convenor.attendance.queries.counts import Counts, counts_of
from tests.factories.attendance import make_allotment, make_roll, make_seat
from tests.factories.cast import alice
from tests.factories.events import NOW, make_event, make_function
from tests.factories.rolls import put_on

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_each_state_counts_where_it_should() -> None:
    event = make_event(alice())
    roll = make_roll(event, 20, rsvp_by=NOW + HOUR, guaranteed=7)
    make_allotment(roll, size=3)
    for state in SeatState:
        make_seat(roll, state)
    gone_again = make_seat(roll, SeatState.CHECKED_IN)
    Seat.objects.filter(state=SeatState.CHECKED_IN).update(checked_in_at=NOW)
    Seat.objects.filter(pk=gone_again.pk).update(checked_out_at=NOW)
    found = counts_of([event.pk], NOW)[event.pk]
    of_roll = found.rolls[roll.pk]
    # held, confirmed, checked in twice; with the offer and the invitation; 20 less 5 taken and 3 set apart
    assert (of_roll.coming, of_roll.taken, of_roll.expected, of_roll.free) == (4, 5, 6, 12)
    assert (of_roll.invited, of_roll.offered, of_roll.waitlisted) == (1, 1, 1)
    assert (of_roll.guaranteed, of_roll.actual, of_roll.allotted) == (7, 2, 3)
    assert of_roll.states == {state.value: 1 for state in SeatState} | {"checked_in": 2}
    assert (found.capacity, found.taken, found.coming, found.expected) == (20, 5, 4, 6)
    assert (found.guaranteed, found.actual) == (7, 2)


def test_who_was_invited_is_expected_only_until_answers_are_due() -> None:
    event = make_event(alice())
    roll = make_roll(event, rsvp_by=NOW)
    put_on(event, "Ana", state=SeatState.INVITED)
    for now, expected in ((NOW - HOUR, 1), (NOW, 0)):
        found = counts_of([event.pk], now)[event.pk]
        assert (found.expected, found.rolls[roll.pk].expected, found.invited) == (expected, expected, 1)


def test_an_event_counts_each_registration_once() -> None:
    event = make_event(alice())
    one, two = make_function(event), make_function(event)
    for each in (None, one, two):
        make_roll(event, function=each)
    put_on(event, "Ana", function_ids=(one.pk, two.pk), guests=(Who("Plus one"),))
    put_on(event, "Ion", function_ids=(one.pk,), on_event=False)
    found = counts_of([event.pk], NOW)[event.pk]
    assert (found.coming, found.expected) == (3, 3)
    assert sorted(each.coming for each in found.rolls.values()) == [2, 2, 3]


def test_many_events_take_as_many_queries_as_one_and_one_without_a_roll_has_none() -> None:
    owner = alice()
    events = [make_event(owner) for _ in range(3)]
    for event in events:
        make_roll(event)
        make_roll(event, function=make_function(event))
        put_on(event, "Ana")
    bare = make_event(owner)
    counted = []
    for keys in ([events[0].pk], [*(event.pk for event in events), bare.pk]):
        with CaptureQueriesContext(connection) as queries:
            found = counts_of(keys, NOW)
        counted.append(len(queries))
        assert set(found) == set(keys)
    assert counted == [3, 3]
    assert found[bare.pk] == Counts(None, 0, 0, 0, 0, 0, None, 0, {})


def test_removed_functions_do_not_count() -> None:
    event = make_event(alice())
    function = make_function(event)
    make_roll(event, function=function)
    put_on(event, "Ana", function_ids=(function.pk,), on_event=False)
    function.removed_at = NOW
    function.save()
    assert counts_of([event.pk], NOW)[event.pk].coming == 0
