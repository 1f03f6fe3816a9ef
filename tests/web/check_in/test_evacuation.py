"""Who is in which building now."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine

from convenor.attendance.enums import AccessNeed, ScanKind
from convenor.attendance.models import RegistrationNeeds, Roll, Seat
from convenor.attendance.queries.evacuation import evacuation_for
from convenor.attendance.sentences.evacuation import evacuation_data, evacuation_pdf
from convenor.base.actor import Refused
from convenor.events.enums import EventState, PartyRole
from convenor.events.models import Event
from convenor.people.models import Person
from tests.factories.attendance import make_registration, make_roll, make_seat
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.door import OPENS, at_door, back, scan
from tests.factories.events import make_event
from tests.factories.functions import one
from tests.factories.pdf import texts_of
from tests.factories.venues import RoomFactory, SiteFactory
from tests.web.browsing import page, signed_in

pytestmark = pytest.mark.django_db

NOON = OPENS + timedelta(hours=5)


@pytest.fixture
def owner() -> Person:
    return alice()


@pytest.fixture
def roll(owner: Person) -> Roll:
    return make_roll(make_event(owner, site=SiteFactory.create(name="North")), 50)


def named(roll: Roll, name: str, **fields: object) -> Seat:
    return make_seat(roll, registration=make_registration(roll.event, name, **fields))


def inside(owner: Person, now: datetime = NOON, event: int | None = None) -> dict[str, list[str]]:
    found = evacuation_for(actor_of(owner), now, event)
    return {each.name: [person.name for person in each.people] for each in found}


def test_who_came_in_and_has_not_gone_out(owner: Person, roll: Roll) -> None:
    ana, dan, mia, _nobody = (named(roll, name) for name in ("Ana", "Dan", "Mia", "Absent"))
    mistake = scan(mia, 3)
    at_door(roll, scan(ana, 1), scan(dan, 2), scan(dan, 60, ScanKind.OUT), mistake, back(mistake, 4))
    assert inside(owner) == {"North": ["Ana"]}
    at_door(roll, scan(dan, 90))
    assert inside(owner) == {"North": ["Ana", "Dan"]}


def test_a_function_elsewhere_is_where_they_came_last(owner: Person, roll: Roll) -> None:
    room = RoomFactory.create(site=SiteFactory.create(name="South"), code="S1", name="Atlas")
    part = make_roll(roll.event, function=one(roll.event, room_ids=(room.pk,)))
    ana, dan = named(roll, "Ana"), named(roll, "Dan")
    at_door(roll, scan(ana, 1), scan(dan, 1))
    here = make_seat(part, registration=ana.registration)
    at_door(part, scan(here, 60))
    assert inside(owner) == {"North": ["Dan"], "South": ["Ana"]}
    at_door(part, scan(here, 120, ScanKind.OUT))
    assert inside(owner) == {"North": ["Ana", "Dan"]}
    at_door(part, scan(here, 130))
    at_door(roll, scan(ana, 140, ScanKind.OUT))  # out of the event is out of its functions
    assert inside(owner) == {"North": ["Dan"]}


@pytest.mark.parametrize(
    ("at", "names"),
    [
        (OPENS + timedelta(hours=15, minutes=59), ["Ana"]),
        (OPENS + timedelta(hours=16), []),  # gone home, without going out by the door
    ],
)
def test_nobody_stays_for_ever(owner: Person, roll: Roll, at: datetime, names: list[str]) -> None:
    at_door(roll, scan(named(roll, "Ana"), 0))
    assert [name for found in inside(owner, at).values() for name in found] == names


def test_nobody_is_looked_for_at_what_is_long_over_or_cancelled(owner: Person, roll: Roll) -> None:
    at_door(roll, scan(named(roll, "Ana"), 0))
    Event.objects.update(ends_at=OPENS + timedelta(hours=3))
    assert inside(owner, OPENS + timedelta(hours=4, minutes=59)) == {"North": ["Ana"]}
    assert inside(owner, OPENS + timedelta(hours=5)) == {}
    Event.objects.update(ends_at=OPENS + timedelta(hours=8), state=EventState.CANCELLED)
    assert inside(owner) == {}


def test_one_person_at_two_events_is_looked_for_once(owner: Person, roll: Roll) -> None:
    other = make_roll(make_event(owner, site=SiteFactory.create(name="South")), 5)
    first = make_seat(roll, registration=make_registration(roll.event, "Ana", person=owner))
    second = make_seat(other, registration=make_registration(other.event, "Ana", person=owner))
    at_door(roll, scan(first, 1))
    at_door(other, scan(second, 30))
    assert inside(owner) == {"South": ["Ana"]}


def test_who_needs_help_is_told_to_those_who_may_know(owner: Person, roll: Roll) -> None:
    seat = named(roll, "Ana")
    RegistrationNeeds.objects.create(registration=seat.registration, access=[AccessNeed.WHEELCHAIR])
    at_door(roll, scan(seat, 1))
    helper = bob()
    roll.event.parties.create(person=helper, role=PartyRole.STAFF)
    (building,) = evacuation_for(actor_of(owner), NOON)
    assert building.people[0].needs_help
    (building,) = evacuation_for(actor_of(helper), NOON, roll.event_id)
    assert not building.people[0].needs_help


def test_who_may(roll: Roll) -> None:
    named(roll, "Ana")
    helper = bob()
    with pytest.raises(Refused):
        evacuation_for(actor_of(helper), NOON)
    with pytest.raises(Refused):
        evacuation_for(actor_of(helper), NOON, roll.event_id)
    with pytest.raises(Event.DoesNotExist):
        evacuation_for(actor_of(charlie()), NOON, roll.event_id)
    stranger, colleague = signed_in(Person.objects.get(name="Charlie")), signed_in(helper)
    for path in ("/evacuation/", "/evacuation/pdf/"):
        assert stranger.get(path).status_code == colleague.get(path).status_code == 403
    assert stranger.get(f"/evacuation/?event={roll.event_id}").status_code == 404


def test_the_page_and_the_paper(owner: Person, roll: Roll) -> None:
    seat = named(roll, "Ștefan Țurcanu", organisation="Partner")
    RegistrationNeeds.objects.create(registration=seat.registration, access=[AccessNeed.STEP_FREE])
    at_door(roll, scan(seat, 1))
    found = evacuation_for(actor_of(owner), NOON)
    (paper,) = texts_of(evacuation_pdf(found, now=NOON))
    for text in ("North", "1 person is inside.", "Ștefan Țurcanu", "Partner", "Needs help on the stairs"):
        assert text in paper
    assert evacuation_data([], now=NOON)["buildings"] == []
    with time_machine.travel(NOON, tick=False):
        client = signed_in(owner)
        text = page(client, "/evacuation/")
        assert client.get("/evacuation/pdf/").headers["Content-Type"] == "application/pdf"
    for each in ("North", "1 person is inside.", "Ștefan Țurcanu", "Needs help on the stairs"):
        assert each in text
    with time_machine.travel(NOON + timedelta(days=3), tick=False):
        assert "Nobody is inside" in page(signed_in(owner), "/evacuation/")
