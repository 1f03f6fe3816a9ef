"""The rooms that would fit a roll at its time, and why others wouldn't."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.attendance.enums import SeatState
from convenor.attendance.models import Roll
from convenor.attendance.queries.refit import rooms_that_fit
from convenor.attendance.rules.refit import Fit
from convenor.base.actor import Refused
from convenor.people.models import Person
from convenor.scheduling.rules.room_fit import Shortage
from convenor.venues.enums import SetupStyle
from convenor.venues.models import Room, RoomSetup, Site
from tests.factories import cast
from tests.factories.attendance import make_roll, make_seat
from tests.factories.cast import actor_of
from tests.factories.events import NOW, make_event, make_function
from tests.factories.scheduling import local, make_meeting
from tests.factories.venues import BookableUnitFactory, RoomFactory, RoomSetupFactory, SiteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Person:
    return cast.alice()


@pytest.fixture
def site() -> Site:
    made: Site = SiteFactory.create()
    return made


def room(site: Site, code: str, capacity: int, **fields: object) -> Room:
    made: Room = RoomFactory.create(site=site, code=code, capacity=capacity, **fields)
    return made


def roll_in(alice: Person, place: Room, seats: int, state: SeatState = SeatState.WAITLISTED) -> Roll:
    """The roll of a function in that room, with so many seats."""
    event = make_event(alice)
    function = make_function(event, meeting={"room": place})
    roll = make_roll(event, None, function=function, follows_room=True)
    for _each in range(seats):
        make_seat(roll, state)
    return roll


def codes(options: tuple[object, ...]) -> list[str]:
    return [each.room.code for each in options]  # type: ignore[attr-defined]  # options


def test_larger_rooms_of_the_site_the_tightest_first(alice: Person, site: Site) -> None:
    small = room(site, "SMALL", 4)
    for code, capacity in (("HUGE", 50), ("NEXT", 6), ("FIVE", 5)):
        room(site, code, capacity)
    room(SiteFactory.create(), "ELSEWHERE", 10)
    roll = roll_in(alice, small, 6)
    found = rooms_that_fit(actor_of(alice), roll.pk, now=NOW)
    assert (found.fit, found.seats, found.wanted) == (Fit.OUTGROWN, 4, 6)
    assert codes(found.options) == ["NEXT", "HUGE"]
    assert found.options[0].spare == 0


def test_what_is_taken_is_named_with_its_reason(alice: Person, site: Site) -> None:
    small, next_one = room(site, "SMALL", 2), room(site, "NEXT", 6)
    roll = roll_in(alice, small, 6)
    make_meeting(cast.bob(), room=next_one, title="Choir", local_start=local("2026-12-07 10:30"))
    found = rooms_that_fit(actor_of(alice), roll.pk, now=NOW)
    assert found.options == ()
    (option,) = found.blocked
    (trouble,) = option.troubles
    assert trouble.kind is Shortage.TAKEN
    assert trouble.values[2] == "Choir"


def test_a_hall_isnt_taken_by_the_part_that_we_have_ourselves(alice: Person, site: Site) -> None:
    units = BookableUnitFactory.create_batch(2, site=site)
    part = room(site, "HALL-A", 2, units=units[:1])
    room(site, "HALL", 10, units=units)
    found = rooms_that_fit(actor_of(alice), roll_in(alice, part, 6).pk, now=NOW)
    assert codes(found.options) == ["HALL"]


def test_the_room_itself_in_another_set_up_comes_first(alice: Person, site: Site) -> None:
    here = room(site, "HERE", 4)
    RoomSetupFactory.create(room=here, style=SetupStyle.THEATRE, capacity=12, is_default=False)
    room(site, "OTHER", 6)
    found = rooms_that_fit(actor_of(alice), roll_in(alice, here, 6).pk, now=NOW)
    assert [(each.room.code, each.style) for each in found.options] == [("HERE", "theatre"), ("OTHER", "")]


def test_a_shrunk_roll_is_offered_clearly_smaller_rooms_only(alice: Person, site: Site) -> None:
    large = room(site, "LARGE", 12)
    for code, capacity in (("NINE", 9), ("EIGHT", 8), ("FOUR", 4)):
        room(site, code, capacity)
    roll = roll_in(alice, large, 6, SeatState.CONFIRMED)
    actor = actor_of(alice)
    assert rooms_that_fit(actor, roll.pk, now=NOW).fit is Fit.GOOD  # still filling, for all we know
    make_seat(roll, SeatState.CANCELLED)
    found = rooms_that_fit(actor, roll.pk, now=NOW)
    assert found.fit is Fit.SHRUNK
    assert codes(found.options) == ["EIGHT"]


def test_an_events_own_roll_is_about_its_functions_for_everybody(alice: Person, site: Site) -> None:
    small, hall, taken = room(site, "SMALL", 2), room(site, "HALL", 9), room(site, "TAKEN", 8)
    event = make_event(alice)
    times = ("2026-12-07 10:00", "2026-12-07 14:00")
    functions = [
        make_function(event, is_for_all=True, meeting={"room": small, "local_start": local(at)})
        for at in times
    ]
    make_function(event, meeting={"room": small, "local_start": local("2026-12-07 16:00")})
    make_meeting(cast.bob(), room=taken, local_start=local("2026-12-07 14:00"))
    roll = make_roll(event, None, follows_room=True)
    for _each in range(5):
        make_seat(roll)
    found = rooms_that_fit(actor_of(alice), roll.pk, now=NOW)
    assert {each.function_id for each in found.targets} == {each.pk for each in functions}
    assert (codes(found.options), codes(found.blocked)) == (["HALL"], ["TAKEN"])
    assert hall.code == "HALL"


def test_only_who_keeps_the_roll_looks_for_rooms(alice: Person, site: Site) -> None:
    roll = roll_in(alice, room(site, "SMALL", 2), 3)
    with pytest.raises(Refused):
        rooms_that_fit(actor_of(cast.bob()), roll.pk, now=NOW)
    with pytest.raises(Roll.DoesNotExist):
        rooms_that_fit(actor_of(cast.charlie()), roll.pk, now=NOW)


def test_without_a_room_nothing_is_outgrown(alice: Person) -> None:
    event = make_event(alice)
    roll = make_roll(event, 1)
    make_seat(roll)
    found = rooms_that_fit(actor_of(alice), roll.pk, now=NOW)
    assert (found.fit, found.targets, found.options) == (Fit.GOOD, (), ())


def test_as_many_queries_for_three_rooms_and_functions_as_for_one(alice: Person, site: Site) -> None:
    small = room(site, "SMALL", 2)
    event = make_event(alice)
    roll = make_roll(event, None, follows_room=True)
    for _each in range(4):
        make_seat(roll)
    counts, actor = [], actor_of(alice)
    for hours in ((9,), (11, 13)):
        for hour in hours:
            make_function(
                event,
                is_for_all=True,
                meeting={"room": small, "local_start": local(f"2026-12-07 {hour:02}:00")},
            )
            room(site, f"R{hour}", 10)
        with CaptureQueriesContext(connection) as captured:
            found = rooms_that_fit(actor, roll.pk, now=NOW)
        counts.append(len(captured))
    assert (len(found.targets), len(found.options)) == (3, 3)
    assert counts[0] == counts[1]
    assert RoomSetup.objects.count() == 4
