"""The roll on screen: its numbers, what to look after, its list, and who sees it."""

from __future__ import annotations

import pytest

from convenor.attendance.enums import SeatState, WaitlistRule
from convenor.attendance.models import Roll
from convenor.events.enums import PartyRole
from convenor.events.models import Event, Party
from convenor.people.models import Person
from tests.factories import cast
from tests.factories.attendance import make_allotment, make_registration, make_roll, make_seat
from tests.factories.events import NOW, make_event, make_function
from tests.factories.people import DepartmentFactory, PersonFactory
from tests.web.browsing import page, queries_of, sent, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Person:
    return cast.alice()


@pytest.fixture
def event(alice: Person) -> Event:
    return make_event(alice)


@pytest.fixture
def roll(event: Event) -> Roll:
    return make_roll(event, 10)


def named(roll: Roll, name: str, state: SeatState = SeatState.CONFIRMED, **fields: object) -> None:
    registration = make_registration(roll.event, name, **fields)
    waits = {"waitlisted_at": NOW} if state == SeatState.WAITLISTED else {}
    make_seat(roll, state, registration=registration, **waits)


def test_an_event_without_a_roll_shows_the_way_to_one(alice: Person, event: Event) -> None:
    function = make_function(event)
    shown = page(signed_in(alice), f"/events/{event.pk}/roll/")
    assert f"/events/{event.pk}/roll/open/" in shown
    assert f"/events/functions/{function.pk}/roll/open/" in shown


def test_the_tab_says_how_full_it_is(alice: Person, roll: Roll) -> None:
    make_allotment(roll, 3)
    for state in (SeatState.CONFIRMED, SeatState.HELD, SeatState.INVITED):
        make_seat(roll, state)
    shown = page(signed_in(alice), f"/events/{roll.event_id}/roll/")
    assert "5 of 10 taken" in shown
    assert 'aria-label="Capacity 10: 1 confirmed, 1 held, 3 set apart, 5 free"' in shown
    assert "No forecast:" in shown


def test_counts_are_links_that_filter(alice: Person, roll: Roll) -> None:
    named(roll, "Ana Ionescu")
    named(roll, "Bob Marin", SeatState.INVITED)
    client, address = signed_in(alice), f"/events/{roll.event_id}/roll/"
    shown = page(client, address)
    assert "?state=invited" in shown
    shown = page(client, f"{address}?state=invited", target="found")
    assert "Bob Marin" in shown
    assert "Ana Ionescu" not in shown
    assert "<html" not in shown


def test_searching_is_without_accents_and_in_any_part(alice: Person, roll: Roll) -> None:
    named(roll, "Ștefan Țurcanu", search="stefan turcanu stefan@x.example")
    named(roll, "Ana Ionescu", search="ana ionescu")
    client, address = signed_in(alice), f"/events/{roll.event_id}/roll/"
    for words in ("ȚURC", "stefan tur", "x.example"):
        shown = page(client, f"{address}?q={words}", target="found")
        assert "Ștefan Țurcanu" in shown
        assert "Ana Ionescu" not in shown
    assert "Nobody found" in page(client, f"{address}?q=%25", target="found")
    assert "Nobody found" in page(client, f"{address}?q=zzz")


def test_filters_by_department_and_way_and_sorting(alice: Person, roll: Roll) -> None:
    platform = DepartmentFactory.create(name="Platform")
    named(roll, "Zoe", department=platform)
    named(roll, "Adam", SeatState.WAITLISTED, source="import")
    client, address = signed_in(alice), f"/events/{roll.event_id}/roll/"
    shown = page(client, f"{address}?department={platform.pk}", target="found")
    assert "Zoe" in shown
    assert "Adam" not in shown
    shown = page(client, f"{address}?source=import", target="found")
    assert "Adam" in shown
    assert "Zoe" not in shown
    for sort, first in (("state", "Zoe"), ("name", "Adam"), ("waitlist", "Adam"), ("nonsense", "Zoe")):
        shown = page(client, f"{address}?sort={sort}", target="found")
        assert (shown.index("Zoe") < shown.index("Adam")) == (first == "Zoe"), sort
    assert page(client, f"{address}?department=nonsense&source=x&state=y&page=99")


def test_who_waits_is_told_their_turn_and_why(alice: Person, roll: Roll) -> None:
    named(roll, "Ana", SeatState.WAITLISTED, priority=1)
    named(roll, "Bob", SeatState.WAITLISTED, priority=5)
    client, address = signed_in(alice), f"/events/{roll.event_id}/roll/?sort=name"
    Roll.objects.update(waitlist_rule=WaitlistRule.PRIORITY)
    shown = page(client, address, target="found")
    assert "2. in turn: priority group 1" in shown
    assert "1. in turn: priority group 5" in shown
    Roll.objects.update(waitlist_rule=WaitlistRule.BALANCE)
    assert "their department has 0 seats" in page(client, address, target="found")


def test_what_to_look_after_comes_with_a_way_out(alice: Person, roll: Roll) -> None:
    named(roll, "Ana", SeatState.WAITLISTED)
    client = signed_in(alice)
    assert "1 seat is free while somebody waits for it." in page(client, f"/events/{roll.event_id}/roll/")
    said = sent(client, f"/rolls/{roll.pk}/offer/", {})
    assert "1 seat is offered." in said
    assert roll.seats.get().state == SeatState.OFFERED
    assert "Nobody who waits fits" in sent(client, f"/rolls/{roll.pk}/offer/", {})


def test_doubles_stand_on_the_roll(alice: Person, roll: Roll) -> None:
    other = make_event(alice, title="Fair")
    somebody = PersonFactory.create()
    named(roll, "Dan Dumitru", person=somebody)
    make_seat(make_roll(other), registration=make_registration(other, person=somebody, email="d@x.example"))
    shown = page(signed_in(alice), f"/events/{roll.event_id}/roll/")
    assert "1 person is on another roll at the same time." in shown
    assert "Fair" in shown


def test_a_functions_roll_has_a_page_of_its_own(alice: Person, event: Event) -> None:
    function = make_function(event, meeting={"title": "Gala dinner"})
    own = make_roll(event, 8, function=function)
    named(own, "Ana Ionescu")
    client = signed_in(alice)
    shown = page(client, f"/rolls/{own.pk}/")
    assert "Roll: Gala dinner" in shown
    assert "Ana Ionescu" in shown
    assert f"/rolls/{own.pk}/" in page(client, f"/events/{event.pk}/roll/")
    whole = make_roll(event, 8)
    assert client.get(f"/rolls/{whole.pk}/?q=a").headers["Location"] == f"/events/{event.pk}/roll/?q=a"
    assert "1 / 8" in page(client, f"/events/{event.pk}/roll/").replace('<span class="tertiary">', "")


def test_the_guaranteed_count(alice: Person, roll: Roll) -> None:
    client = signed_in(alice)
    assert "12 guaranteed" in sent(client, f"/rolls/{roll.pk}/guarantee/", {"count": "12"})
    sent(client, f"/rolls/{roll.pk}/guarantee/", {"count": "many"})
    assert Roll.objects.get().guaranteed == 12


def test_staff_at_work_look_colleagues_and_outsiders_see_nothing(alice: Person, roll: Roll) -> None:
    named(roll, "Ana Ionescu")
    bob, dan, charlie = cast.bob(), cast.bob(email="dan@example.org"), cast.charlie()
    Party.objects.create(event=roll.event, person=dan, role=PartyRole.STAFF)
    Party.objects.create(event=roll.event, person=charlie, role=PartyRole.GUEST)
    addresses = (f"/events/{roll.event_id}/roll/", f"/registrations/{roll.seats.get().registration_id}/")
    for address in addresses:
        assert "Ana Ionescu" in page(signed_in(dan), address)
        for person in (bob, charlie):
            response = signed_in(person).get(address)
            assert response.status_code in {403, 404}
            assert b"Ana Ionescu" not in response.content
    assert "/roll/" not in page(signed_in(bob), f"/events/{roll.event_id}/")
    shown = page(signed_in(dan), addresses[0])
    assert 'name="seat"' not in shown
    assert "/edit/" not in shown
    for name in ("edit", "allotments", "invite", "refit"):
        for person in (bob, dan, charlie):
            assert signed_in(person).get(f"/rolls/{roll.pk}/{name}/").status_code in {403, 404}
    for name in ("offer", "guarantee", "seats"):
        for person in (bob, dan, charlie):
            assert signed_in(person).post(f"/rolls/{roll.pk}/{name}/").status_code in {403, 404}


def test_three_seats_take_as_many_queries_as_one(alice: Person, roll: Roll) -> None:
    client, address = signed_in(alice), f"/events/{roll.event_id}/roll/"

    def add(name: str) -> None:
        host = make_registration(roll.event, name, department=DepartmentFactory.create())
        make_seat(roll, SeatState.WAITLISTED, registration=host, waitlisted_at=NOW)
        guest = make_registration(roll.event, f"{name} junior", email="", guest_of=host)
        make_seat(roll, allotment=make_allotment(roll, 1), registration=guest)
        make_roll(roll.event, 4, function=make_function(roll.event))

    add("Ana")
    one = queries_of(client, address)
    add("Bob")
    add("Carla")
    assert queries_of(client, address) == one
