"""Refitting carries booking, set-up, function sheet and capacity along, or nothing at all."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from convenor.attendance.actions.refit import refit
from convenor.attendance.enums import SeatState
from convenor.attendance.models import Roll
from convenor.base.actor import Refused
from convenor.base.models import AuditEntry
from convenor.events.actions.sheet import issue_sheets
from convenor.events.enums import EventState, Service
from convenor.events.models import Event, Function, Sheet
from convenor.people.models import Person
from convenor.scheduling.enums import BookingState
from convenor.scheduling.models import Booking
from convenor.venues.enums import SetupStyle
from convenor.venues.models import Room
from tests.factories import cast
from tests.factories.attendance import make_roll, make_seat
from tests.factories.cast import actor_of
from tests.factories.events import NOW, make_event, make_function
from tests.factories.scheduling import local, make_meeting
from tests.factories.sheets import make_contact
from tests.factories.venues import RoomFactory, RoomSetupFactory, SiteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Person:
    return cast.alice()


@pytest.fixture
def rooms() -> tuple[Room, Room]:
    """One for four and one for ten."""
    site = SiteFactory.create()
    return RoomFactory.create(site=site, code="FOUR", capacity=4), RoomFactory.create(
        site=site, code="TEN", capacity=10
    )


@pytest.fixture
def roll(alice: Person, rooms: tuple[Room, Room]) -> Roll:
    """Of a function in the room for four: four come, two wait."""
    event = make_event(alice)
    function = make_function(event, meeting={"room": rooms[0]}, catering="Coffee")
    made = make_roll(event, 4, function=function, follows_room=True)
    for state in [SeatState.CONFIRMED] * 4 + [SeatState.WAITLISTED] * 2:
        make_seat(made, state, waitlisted_at=NOW)
    return made


def rooms_of(function: Function) -> list[str]:
    live = Booking.objects.filter(occurrence=function.occurrence_id, room__isnull=False)
    return list(live.exclude(state=BookingState.RELEASED).values_list("room__code", flat=True))


def test_the_room_and_the_capacity_follow_and_who_waited_is_offered_a_seat(
    alice: Person, roll: Roll, rooms: tuple[Room, Room]
) -> None:
    done = refit(actor=actor_of(alice), roll_id=roll.pk, room_id=rooms[1].pk, now=NOW)
    assert done.option.seats == 10
    assert rooms_of(Function.objects.get()) == ["TEN"]
    roll.refresh_from_db()
    assert (roll.capacity, roll.limit, roll.follows_room) == (10, 10, True)
    assert roll.seats.filter(state=SeatState.OFFERED).count() == 2
    entry = AuditEntry.objects.get(action="roll.refitted")
    key = str(roll.function_id)
    assert (entry.before, entry.after) == ({"rooms": {key: "FOUR"}}, {"rooms": {key: "TEN"}, "seats": 10})
    assert Sheet.objects.count() == 0  # none had been issued


def test_a_sheet_that_was_issued_gets_its_next_revision(
    alice: Person, roll: Roll, rooms: tuple[Room, Room]
) -> None:
    actor = actor_of(alice)
    make_contact(roll.event, Service.CATERING, "Carla")
    issue_sheets(actor=actor, event_id=roll.event_id, function_ids=None, now=NOW)
    done = refit(actor=actor, roll_id=roll.pk, room_id=rooms[1].pk, now=NOW)
    assert [sheet.revision for sheet in done.sheets] == [2]
    assert list(Sheet.objects.order_by("revision").values_list("revision", flat=True)) == [1, 2]


def test_a_capacity_set_by_hand_gives_way_to_the_rooms(
    alice: Person, roll: Roll, rooms: tuple[Room, Room]
) -> None:
    Roll.objects.update(follows_room=False)
    refit(actor=actor_of(alice), roll_id=roll.pk, room_id=rooms[1].pk, now=NOW)
    roll.refresh_from_db()
    assert (roll.capacity, roll.follows_room) == (10, True)


def test_the_set_up_and_the_head_count_come_along(alice: Person, rooms: tuple[Room, Room]) -> None:
    small = rooms[0]
    RoomSetupFactory.create(room=small, style=SetupStyle.THEATRE, capacity=9, is_default=False)
    event = make_event(alice)
    function = make_function(event, meeting={"room": small, "headcount": 4})
    roll = make_roll(event, 4, function=function, follows_room=True)
    for _each in range(7):
        make_seat(roll, SeatState.WAITLISTED, waitlisted_at=NOW)
    refit(actor=actor_of(alice), roll_id=roll.pk, room_id=small.pk, setup_style="theatre", now=NOW)
    meeting = Function.objects.get().occurrence.meeting
    assert (meeting.setup_style, meeting.headcount) == ("theatre", 7)
    assert Roll.objects.get().capacity == 9


def test_a_room_that_was_taken_meanwhile_is_refused_and_nothing_changes(
    alice: Person, roll: Roll, rooms: tuple[Room, Room]
) -> None:
    make_meeting(cast.bob(), room=rooms[1], local_start=local("2026-12-07 10:00"))
    with pytest.raises(ValidationError, match="can't be had any more"):
        refit(actor=actor_of(alice), roll_id=roll.pk, room_id=rooms[1].pk, now=NOW)
    assert rooms_of(Function.objects.get()) == ["FOUR"]
    assert Roll.objects.get().version == roll.version


def test_only_who_runs_an_event_that_isnt_over(alice: Person, roll: Roll, rooms: tuple[Room, Room]) -> None:
    for person, error in ((cast.bob(), Refused), (cast.charlie(), Roll.DoesNotExist)):
        with pytest.raises(error):
            refit(actor=actor_of(person), roll_id=roll.pk, room_id=rooms[1].pk, now=NOW)
    Event.objects.update(state=EventState.CLOSED)
    with pytest.raises(ValidationError, match="can't be changed any more"):
        refit(actor=actor_of(alice), roll_id=roll.pk, room_id=rooms[1].pk, now=NOW)
