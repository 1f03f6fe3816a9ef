"""Opening a roll, its rules, its allotments: what the forms send and what they refuse."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from convenor.attendance.enums import SeatState, WaitlistRule
from convenor.attendance.models import Allotment, Roll
from convenor.events.models import Event
from convenor.people.models import Person
from tests.factories import cast
from tests.factories.attendance import make_allotment, make_roll, make_seat
from tests.factories.events import NOW, make_event, make_function
from tests.factories.people import DepartmentFactory, OrganisationFactory
from tests.factories.venues import RoomFactory
from tests.web.browsing import page, sent, signed_in

pytestmark = pytest.mark.django_db
RULES = {"waitlist_rule": "order", "offer_hours": "24", "has_waitlist": "on"}


@pytest.fixture
def alice() -> Person:
    return cast.alice()


@pytest.fixture
def event(alice: Person) -> Event:
    return make_event(alice)


def test_opening_a_roll(alice: Person, event: Event) -> None:
    client, address = signed_in(alice), f"/events/{event.pk}/roll/open/"
    shown = page(client, address)
    assert "is_choosable" not in shown
    data = RULES | {"capacity": "40", "rsvp_by": "2026-12-01T18:00", "no_show_minutes": "20"}
    assert "The roll is open." in sent(client, address, data)
    roll = Roll.objects.get()
    assert (roll.capacity, roll.limit, roll.follows_room, roll.no_show_minutes) == (40, 40, False, 20)
    assert roll.rsvp_by == datetime(2026, 12, 1, 16, tzinfo=UTC)  # Bucharest is two hours ahead
    assert "There is a roll for it already." in sent(client, address, data, status=422)


def test_opening_a_functions_roll_as_its_room_holds(alice: Person, event: Event) -> None:
    function = make_function(event, meeting={"room": RoomFactory.create(capacity=14)})
    client, address = signed_in(alice), f"/events/functions/{function.pk}/roll/open/"
    assert "is_choosable" in page(client, address)
    sent(client, address, RULES | {"follows_room": "on", "is_choosable": "on"})
    roll = Roll.objects.get()
    assert (roll.function_id, roll.capacity, roll.is_choosable) == (function.pk, 14, True)


def test_changing_the_rules(alice: Person, event: Event) -> None:
    roll = make_roll(event, 10)
    client, address = signed_in(alice), f"/rolls/{roll.pk}/edit/"
    assert 'value="10"' in page(client, address)
    data = RULES | {"version": "1", "capacity": "12", "waitlist_rule": "balance", "offer_hours": "0"}
    assert "Saved." in sent(client, address, data)
    roll.refresh_from_db()
    assert (roll.capacity, roll.waitlist_rule, roll.offer_hours) == (12, WaitlistRule.BALANCE, 0)
    assert "Somebody else has changed this roll" in sent(client, address, data, status=422)
    late = data | {"version": "2", "guarantee_due": "2026-12-09T09:00"}
    assert "That is after it has begun." in sent(client, address, late, status=422)


def test_a_smaller_capacity_takes_nobodys_seat(alice: Person, event: Event) -> None:
    roll = make_roll(event, 3)
    for _each in range(3):
        make_seat(roll)
    client = signed_in(alice)
    said = sent(client, f"/rolls/{roll.pk}/edit/", RULES | {"version": "1", "capacity": "1"})
    assert "2 seats more are taken than there are." in said
    assert roll.seats.filter(state=SeatState.CONFIRMED).count() == 3


def test_allotments(alice: Person, event: Event) -> None:
    roll, platform = make_roll(event, 10), DepartmentFactory.create(name="Platform")
    partner = OrganisationFactory.create(name="Partner SRL", is_own=False)
    client, address = signed_in(alice), f"/rolls/{roll.pk}/allotments/"
    data = {
        "owner_0": f"d{platform.pk}",
        "size_0": "4",
        "release_at_0": "2026-12-01T12:00",
        "owner_1": f"o{partner.pk}",
        "size_1": "2",
    }
    shown = sent(client, address, data)
    for text in ("Platform", "0 of 4", "Partner SRL", "0 of 2"):
        assert text in shown
    first = Allotment.objects.get(department=platform)
    assert first.release_at == datetime(2026, 12, 1, 10, tzinfo=UTC)
    assert f'value="d{platform.pk}" selected' in page(client, address)
    sent(client, address, {"owner_0": f"d{platform.pk}", "size_0": "5"})
    assert list(Allotment.objects.values_list("size", flat=True)) == [5]


def test_allotments_that_cant_be(alice: Person, event: Event) -> None:
    roll = make_roll(event, 3)
    row = make_allotment(roll, 2)
    make_seat(roll, allotment=row)
    client, address = signed_in(alice), f"/rolls/{roll.pk}/allotments/"
    owner = f"d{row.department_id}"
    assert "Say how many seats." in sent(client, address, {"owner_0": owner}, status=422)
    assert "are taken already" in sent(client, address, {"owner_0": owner, "size_0": "0"}, status=422)
    assert "come to 9" in sent(client, address, {"owner_0": owner, "size_0": "9"}, status=422)
    twice = {"owner_0": owner, "size_0": "1", "owner_1": owner, "size_1": "1"}
    assert "has one allotment" in sent(client, address, twice, status=422)
    assert Allotment.objects.get().size == 2


def test_refitting_by_the_screen(alice: Person, event: Event) -> None:
    small = RoomFactory.create(code="FOUR", capacity=4)
    large = RoomFactory.create(site=small.site, code="TEN", capacity=10)
    roll = make_roll(event, 4, function=make_function(event, meeting={"room": small}), follows_room=True)
    for _each in range(6):
        make_seat(roll, SeatState.WAITLISTED, waitlisted_at=NOW)
    client, address = signed_in(alice), f"/rolls/{roll.pk}/refit/"
    shown = page(client, f"/rolls/{roll.pk}/")
    assert "The roll has outgrown its room: 2 seats are missing" in shown
    assert address in shown
    shown = page(client, address)
    assert "6 want to come, the room holds 4." in shown
    assert "4 seats to spare" in shown
    assert client.post(address, {"choice": "nonsense"}).status_code == 422
    gone = sent(client, address, {"choice": f"{small.pk}:"}, status=422)
    assert "doesn&#x27;t fit the roll" in gone
    assert "It takes place in TEN" in sent(client, address, {"choice": f"{large.pk}:"})
    assert Roll.objects.get().capacity == 10
    assert "The room fits." in page(client, address)
