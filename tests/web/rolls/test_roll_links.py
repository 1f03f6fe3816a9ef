"""Where rolls are spoken of elsewhere: Today, the search box, a person, a function, the programme."""

from __future__ import annotations

from datetime import timedelta

import pytest

from convenor.attendance.enums import SeatState
from convenor.attendance.models import Roll
from convenor.base import clock
from convenor.events.models import Event, Function
from convenor.people.models import Person
from tests.factories import cast
from tests.factories.attendance import make_registration, make_roll, make_seat
from tests.factories.events import make_event, make_function
from tests.factories.people import PersonFactory
from tests.web.browsing import page, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Person:
    return cast.alice()


@pytest.fixture
def event(alice: Person) -> Event:
    """Next week, whenever that is."""
    starts = clock.now() + timedelta(days=7)
    return make_event(alice, starts_at=starts, ends_at=starts + timedelta(days=1))


def test_today_names_what_my_rolls_want(alice: Person, event: Event) -> None:
    roll = make_roll(event, 9, guarantee_due=clock.now())
    make_seat(roll, SeatState.OFFERED, offer_expires_at=clock.now() + timedelta(hours=1))
    shown = page(signed_in(alice), "/")
    assert "1 offer lapses within a day" in shown
    assert "The guaranteed count is due; 0 people are coming" in shown
    for person in (cast.bob(), cast.charlie()):
        assert "My rolls" not in page(signed_in(person), "/")
    for number in range(8):
        make_roll(
            make_event(alice, key=f"e{number}", starts_at=event.starts_at, ends_at=event.ends_at),
            1,
            guarantee_due=clock.now(),
        )
    assert "and 4 more" in page(signed_in(alice), "/")


def test_the_search_box_finds_who_is_on_a_roll(alice: Person, event: Event) -> None:
    registration = make_registration(event, "Ștefan Țurcanu", search="stefan turcanu")
    make_seat(make_roll(event), registration=registration)
    address = "/search?q=turcanu"
    shown = page(signed_in(alice), address)
    assert f"/registrations/{registration.pk}/" in shown
    assert "On a roll" in shown
    for person in (cast.bob(), cast.charlie()):
        assert "Țurcanu" not in page(signed_in(person), address)


def test_a_persons_page_shows_their_doubles_to_who_sees_both_rolls(alice: Person, event: Event) -> None:
    somebody = PersonFactory.create()
    fair = make_event(alice, title="Fair", starts_at=event.starts_at, ends_at=event.ends_at)
    for each in (event, fair):
        registration = make_registration(each, person=somebody, email=f"at{each.pk}@x.example")
        make_seat(make_roll(each), registration=registration)
    address = f"/people/{somebody.pk}/"
    assert "On two rolls at the same time" in page(signed_in(alice), address)
    assert "On two rolls" not in page(signed_in(cast.bob()), address)


def test_a_function_and_the_programme_lead_to_its_roll(alice: Person) -> None:
    event = make_event(alice)
    function: Function = make_function(event, meeting={"title": "Gala"})
    client, bob = signed_in(alice), signed_in(cast.bob())
    address = f"/events/functions/{function.pk}/"
    assert f"{address}roll/open/" in page(client, address)
    roll = make_roll(event, 8, function=function)
    make_seat(roll)
    make_seat(roll, SeatState.WAITLISTED)
    for where in (address, f"/events/{event.pk}/programme/"):
        shown = page(client, where)
        assert f"/rolls/{roll.pk}/" in shown
        assert "1 of 8 coming, 1 waiting" in shown
        assert "/rolls/" not in page(bob, where)
    Roll.objects.update(capacity=None, limit=None)
    assert "1 coming, 1 waiting" in page(client, address)
