"""Who comes from outside to a site on a day."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from io import StringIO

import pytest
import time_machine
from django.urls import reverse

from convenor.base.actor import Refused
from convenor.events.enums import EventState, PartyRole
from convenor.events.models import Event, Party
from convenor.events.queries.visitors import visitors_for
from convenor.people.models import Person
from convenor.scheduling.enums import PartStat
from convenor.scheduling.models import Participation
from convenor.venues.models import Room, Site
from tests.factories import cast
from tests.factories.events import make_event, make_function
from tests.factories.people import (
    OrganisationFactory,
    OutsiderFactory,
    PersonFactory,
    PersonNeedsFactory,
)
from tests.factories.scheduling import NOW, local, make_meeting
from tests.factories.venues import RoomFactory, SiteFactory
from tests.web.browsing import page, queries_of, signed_in

DAY = date(2026, 12, 7)


@pytest.fixture(autouse=True)
def _at_eight(db: None) -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def site() -> Site:
    made = SiteFactory.create(code="BUC", name="Bucharest")
    assert isinstance(made, Site)
    return made


@pytest.fixture
def room(site: Site) -> Room:
    made = RoomFactory.create(site=site, code="A1", name="Atlas")
    assert isinstance(made, Room)
    return made


@pytest.fixture
def alice() -> Person:
    return cast.alice()


def guest(name: str = "Ines") -> Person:
    made = OutsiderFactory.create(
        email=f"{name.lower()}@grid.example",
        name=name,
        organisation=OrganisationFactory.create(name="Grid GmbH", is_own=False),
    )
    assert isinstance(made, Person)
    return made


def names(alice: Person, site: Site, day: date = DAY) -> list[str]:
    return [each.name for each in visitors_for(cast.actor_of(alice), site.pk, day)]


def test_what_reception_must_know(alice: Person, site: Site, room: Room) -> None:
    ines, host = guest(), PersonFactory.create(name="Dan")
    PersonNeedsFactory.create(person=ines, dietary="No nuts", access="Hearing loop", step_free=True)
    event = make_event(alice, title="Audit", site=site)
    make_function(event, meeting={"room": room, "people": [ines, PersonFactory.create(name="Own")]})
    make_function(
        event,
        meeting={"room": room, "people": [ines], "local_start": local("2026-12-07 14:00"), "title": "Lunch"},
    )
    Party.objects.create(
        event=event,
        person=ines,
        role=PartyRole.GUEST,
        host=host,
        arrives_at=datetime(2026, 12, 7, 7, 30, tzinfo=UTC),
        needs_badge=True,
        note="Comes by car",
    )
    (visitor,) = visitors_for(cast.actor_of(alice), site.pk, DAY)
    assert (visitor.name, visitor.organisation, visitor.host) == ("Ines", "Grid GmbH", "Dan")
    assert (visitor.what, visitor.rooms) == (("Audit",), ("A1 Atlas",))
    assert visitor.arrives_at == datetime(2026, 12, 7, 7, 30, tzinfo=UTC)
    assert visitor.until == datetime(2026, 12, 7, 13, tzinfo=UTC)
    assert (visitor.needs_badge, visitor.access, visitor.step_free) == (True, "Hearing loop", True)
    assert (visitor.note, visitor.is_certain) == ("Comes by car", False)
    html = page(signed_in(alice), f"{reverse('visitors')}?site={site.pk}&day=2026-12-07")
    for words in ("Ines", "Dan", "09:30", "Hearing loop", "Step-free", "Comes by car", "not accepted yet"):
        assert words in html
    assert "No nuts" not in html


def test_who_comes_to_an_ordinary_meeting_comes_too(alice: Person, site: Site, room: Room) -> None:
    ines = guest()
    make_meeting(alice, people=[ines], room=room, title="Sales call")
    (visitor,) = visitors_for(cast.actor_of(alice), site.pk, DAY)
    assert (visitor.what, visitor.host) == (("Sales call",), "Alice")
    Participation.objects.filter(person=ines).update(partstat=PartStat.ACCEPTED)
    assert visitors_for(cast.actor_of(alice), site.pk, DAY)[0].is_certain


def test_who_does_not_come(alice: Person, site: Site, room: Room) -> None:
    elsewhere = RoomFactory.create(site=SiteFactory.create())
    make_meeting(alice, people=[guest("Declined")], room=room)
    Participation.objects.update(partstat=PartStat.DECLINED)
    make_meeting(alice, people=[guest("Tomorrow")], room=room, local_start=local("2026-12-08 10:00"))
    make_meeting(alice, people=[guest("Elsewhere")], room=elsewhere)
    make_meeting(alice, people=[guest("Remote")], local_start=local("2026-12-07 15:00"))
    make_meeting(
        alice, people=[PersonFactory.create(name="Own")], room=room, local_start=local("2026-12-07 17:00")
    )
    off = make_event(alice, state=EventState.CANCELLED, site=site)
    Party.objects.create(event=off, person=guest("Off"), arrives_at=datetime(2026, 12, 7, 8, tzinfo=UTC))
    assert names(alice, site) == []


def test_who_is_said_to_arrive_comes_without_a_function(alice: Person, site: Site) -> None:
    event = make_event(alice, site=site, title="Fair")
    for name, hour in (("Late", 12), ("Early", 6)):
        arrives = datetime(2026, 12, 7, hour, tzinfo=UTC)
        Party.objects.create(event=event, person=guest(name), arrives_at=arrives)
    Party.objects.create(event=event, person=guest("Night"), arrives_at=datetime(2026, 12, 7, 23, tzinfo=UTC))
    assert names(alice, site) == ["Early", "Late"]
    assert names(alice, site, date(2026, 12, 8)) == ["Night"]


def test_it_is_for_coordinators(alice: Person, site: Site, room: Room) -> None:
    make_meeting(alice, people=[guest()], room=room)
    for person in (cast.bob(), cast.charlie()):
        with pytest.raises(Refused):
            visitors_for(cast.actor_of(person), site.pk, DAY)
        page(signed_in(person), reverse("visitors"), 403)
    with pytest.raises(Site.DoesNotExist):
        visitors_for(cast.actor_of(alice), site.pk + 1_000, DAY)
    page(signed_in(alice), f"{reverse('visitors')}?site=999999", 404)
    page(signed_in(alice), f"{reverse('visitors')}?site=x&day=y")


def test_as_a_file_that_no_spreadsheet_reckons(alice: Person, site: Site, room: Room) -> None:
    make_meeting(alice, people=[guest("=HYPERLINK(1)")], room=room, title="Știri, “azi”")
    answer = signed_in(alice).get(f"{reverse('visitors')}?site={site.pk}&day=2026-12-07&format=csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="buc-2026-12-07.csv"' in answer.headers["Content-Disposition"]
    head, row = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert head[:3] == ["Arrives", "Until", "Name"]
    assert row[:6] == ["10:00", "11:00", "'=HYPERLINK(1)", "Grid GmbH", "Alice", "Știri, “azi”"]


def test_without_sites_there_is_nobody(alice: Person) -> None:
    Event.objects.all().delete()
    Person.objects.update(home_site=None)
    Site.objects.all().delete()
    assert "Nobody from outside" in page(signed_in(alice), reverse("visitors"))


def test_three_visitors_cost_what_one_costs(alice: Person, site: Site, room: Room) -> None:
    client, address = signed_in(alice), f"{reverse('visitors')}?site={site.pk}&day=2026-12-07"
    event = make_event(alice, site=site)

    def more(name: str, hour: int) -> None:
        ines = guest(name)
        meeting = {"room": room, "people": [ines], "local_start": local(f"2026-12-07 {hour}:00")}
        make_function(event, meeting=meeting)
        Party.objects.create(event=event, person=ines, host=alice)
        PersonNeedsFactory.create(person=ines)

    more("One", 10)
    one = queries_of(client, address)
    more("Two", 12)
    more("Three", 14)
    assert queries_of(client, address) == one
