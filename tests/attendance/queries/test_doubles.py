"""Two rolls at one time: found on the roll, of a registration and of a person, and only by who may see both."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.attendance.enums import SeatState
from convenor.attendance.models import Registration
from convenor.attendance.queries.doubles import doubles_of, doubles_of_person, doubles_on
from convenor.events.enums import EventState
from convenor.events.models import Event
from convenor.people.models import Person
from tests.factories import cast
from tests.factories.attendance import make_registration, make_roll, make_seat
from tests.factories.cast import actor_of
from tests.factories.events import NOW, make_event, make_function
from tests.factories.people import PersonFactory
from tests.factories.scheduling import local

pytestmark = pytest.mark.django_db


def known(event: Event, person: Person) -> Registration:
    """Somebody of the directory who gave another address at each event."""
    return make_registration(event, person=person, email=f"at{event.pk}@partner.example")


def test_somebody_on_two_rolls_is_shown_on_both_and_on_their_page() -> None:
    alice, somebody = cast.alice(), PersonFactory.create()
    first, second = make_event(alice, title="Away day"), make_event(alice, title="Fair")
    here, there = make_roll(first), make_roll(second)
    mine = make_seat(here, registration=known(first, somebody))
    make_seat(there, registration=known(second, somebody))
    make_seat(here)
    actor = actor_of(alice)
    (found,) = doubles_on(actor, here)
    assert (found.here.seat_id, found.here.title, found.there.title) == (mine.pk, "Away day", "Fair")
    assert [each.there.title for each in doubles_on(actor, there)] == ["Away day"]
    assert [each.there.title for each in doubles_of(actor, mine.registration)] == ["Fair"]
    (double,) = doubles_of_person(actor, somebody.pk, somebody.email, now=NOW)
    assert {double.here.title, double.there.title} == {"Away day", "Fair"}


def test_a_stranger_is_known_by_their_address() -> None:
    alice = cast.alice()
    first, second = make_event(alice), make_event(alice)
    here = make_roll(first)
    make_seat(here, registration=make_registration(first, email="dan@partner.example"))
    make_seat(
        make_roll(second), SeatState.HELD, registration=make_registration(second, email="dan@partner.example")
    )
    assert len(doubles_on(actor_of(alice), here)) == 1


def test_only_who_holds_a_place_counts_and_only_what_takes_place() -> None:
    alice, somebody = cast.alice(), PersonFactory.create()
    first, second, third = make_event(alice), make_event(alice), make_event(alice, state=EventState.CANCELLED)
    here = make_roll(first)
    make_seat(here, registration=known(first, somebody))
    for event, state in ((second, SeatState.WAITLISTED), (third, SeatState.CONFIRMED)):
        make_seat(make_roll(event), state, registration=known(event, somebody))
    assert doubles_on(actor_of(alice), here) == []


def test_functions_at_one_time_and_at_others() -> None:
    alice = cast.alice()
    event = make_event(alice)
    registration = make_registration(event)
    whole = make_roll(event)
    make_seat(whole, registration=registration)
    keys = []
    for hour in ("10:00", "10:30", "15:00"):
        function = make_function(event, meeting={"local_start": local(f"2026-12-07 {hour}")})
        roll = make_roll(event, function=function)
        make_seat(roll, registration=registration)
        keys.append(roll)
    actor = actor_of(alice)
    assert [each.there.roll_id for each in doubles_on(actor, keys[0])] == [keys[1].pk]
    assert doubles_on(actor, keys[2]) == doubles_on(actor, whole) == []
    assert len(doubles_of(actor, registration)) == 1


def test_only_who_may_see_both_rolls_is_told() -> None:
    alice, bob, somebody = cast.alice(), cast.bob(), PersonFactory.create()
    mine, theirs = make_event(bob), make_event(alice)
    here = make_roll(mine)
    make_seat(here, registration=known(mine, somebody))
    make_seat(make_roll(theirs), registration=known(theirs, somebody))
    assert doubles_on(actor_of(bob), here) == []
    for other in (bob, cast.charlie()):
        assert doubles_of_person(actor_of(other), somebody.pk, somebody.email, now=NOW) == []
    assert len(doubles_on(actor_of(alice), here)) == 1
    assert len(doubles_of_person(actor_of(alice), somebody.pk, somebody.email, now=NOW)) == 1


def test_what_is_over_is_left_out_of_the_persons_page() -> None:
    alice, somebody = cast.alice(), PersonFactory.create()
    events: list[Event] = [make_event(alice), make_event(alice)]
    for event in events:
        make_seat(make_roll(event), registration=known(event, somebody))
    assert events[0].ends_at is not None
    later = events[0].ends_at + timedelta(hours=1)
    assert doubles_of_person(actor_of(alice), somebody.pk, somebody.email, now=later) == []


def test_as_many_queries_for_three_as_for_one() -> None:
    alice = cast.alice()
    first, second = make_event(alice), make_event(alice)
    here, there = make_roll(first), make_roll(second)

    def add(name: str) -> None:
        for roll, event in ((here, first), (there, second)):
            make_seat(roll, registration=make_registration(event, email=f"{name}@partner.example"))

    counts = []
    for names in ("a", "bc"):
        for name in names:
            add(name)
        with CaptureQueriesContext(connection) as captured:
            found = doubles_on(actor_of(alice), here)
        counts.append(len(captured))
    assert len(found) == 3
    assert counts[0] == counts[1]
