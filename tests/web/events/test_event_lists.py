"""The list, the board and the calendar of events."""

import re
from datetime import UTC, datetime

import pytest

from convenor.events.enums import Confidentiality, EventState
from convenor.events.models import Event, Party, SavedView
from convenor.people.models import Person
from tests.factories import cast
from tests.factories.events import make_class, make_event, make_function
from tests.factories.people import DepartmentFactory
from tests.web.browsing import page, queries_of, sent, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Person:
    return cast.alice()


def titles(shown: str) -> list[str]:
    return re.findall(r'<th scope="row"[^>]*><a href="/events/\d+/">([^<]+)', shown)


def cards(shown: str) -> dict[str, list[str]]:
    columns = re.findall(r'data-state="(\w+)"(.*?)</section>', shown, re.DOTALL)
    return {state: re.findall(r'card-title" href="/events/[0-9]+/">([^<]+)', text) for state, text in columns}


def test_what_is_asked_for_is_shown(alice: Person) -> None:
    bob = cast.bob()
    parent = DepartmentFactory.create(name="Engineering")
    child = DepartmentFactory.create(name="Platform", parent=parent)
    make_event(alice, title="Offsite", state=EventState.ENQUIRY, starts_at=None, ends_at=None)
    make_event(bob, title="Audit", confidentiality=Confidentiality.RESTRICTED, host_department=child)
    town_hall = make_event(alice, title="Town hall", class_version=make_class("town-hall"))
    town_hall.departments.add(parent)
    make_event(
        alice,
        title="Last year",
        state=EventState.CLOSED,
        starts_at=datetime(2025, 5, 5, tzinfo=UTC),
        ends_at=datetime(2025, 5, 6, tzinfo=UTC),
    )
    Party.objects.create(event=town_hall, person=bob)
    client = signed_in(alice)
    for query, found in (
        ("", ["Offsite", "Audit", "Town hall"]),
        ("state=any", ["Offsite", "Last year", "Audit", "Town hall"]),
        ("state=closed", ["Last year"]),
        ("q=hall+town", ["Town hall"]),
        ("class_code=town-hall", ["Town hall"]),
        (f"owner={bob.pk}", ["Audit"]),
        (f"department={parent.pk}", ["Audit", "Town hall"]),
        (f"department={child.pk}", ["Audit"]),
        ("confidentiality=3", ["Audit"]),
        ("first=2026-12-08&last=2026-12-09", ["Audit", "Town hall"]),
        ("last=2026-12-06&state=any", ["Last year"]),
        ("sort=-title", ["Town hall", "Offsite", "Audit"]),
        ("owner=nonsense&sort=nonsense&first=nonsense&state=nonsense", ["Offsite", "Audit", "Town hall"]),
        ("q=nothing", []),
    ):
        assert titles(page(client, f"/events/?{query}")) == found, query
    assert titles(page(signed_in(bob), "/events/?mine=on")) == ["Audit", "Town hall"]
    assert "<html" not in page(client, "/events/?q=hall", target="found")


def test_nobody_finds_what_they_may_not_see(alice: Person) -> None:
    make_event(alice, title="Secret", confidentiality=Confidentiality.CONFIDENTIAL)
    make_event(alice, title="Known")
    bob, charlie = signed_in(cast.bob()), signed_in(cast.charlie())
    for address in ("/events/", "/events/board/", "/events/calendar/?at=2026-12", "/events/?q=Sec"):
        assert "Secret" not in page(bob, address)
        assert charlie.get(address).status_code == 403


def test_filters_are_kept_by_name_for_oneself(alice: Person) -> None:
    client, query = signed_in(alice), "state=planning&mine=on"
    assert "The filter is kept." in sent(client, "/events/views/", {"name": "My planning", "query": query})
    assert "My planning" in page(client, f"/events/?{query}")
    assert "My planning" not in page(signed_in(cast.bob()), "/events/")
    sent(client, "/events/views/", {"name": "My planning", "query": "mine=on"})
    view = SavedView.objects.get()
    assert view.query == "mine=on"
    assert (
        signed_in(cast.bob(email="b2@example.org")).post(f"/events/views/{view.pk}/drop/").status_code == 404
    )
    assert "The filter is gone." in sent(client, f"/events/views/{view.pk}/drop/", {})
    assert "This field is required." in sent(client, "/events/views/", {"name": " ", "query": ""})


def test_a_filter_leads_nowhere_else(alice: Person) -> None:
    client = signed_in(alice)
    sent(client, "/events/views/", {"name": "Odd", "query": '//elsewhere.example/"><script>'})
    assert "<script>" not in page(client, "/events/").split("</head>")[1].replace('<script type="module"', "")


def test_the_board_has_a_column_for_each_state(alice: Person) -> None:
    planned = make_event(alice, title="Planned")
    make_function(planned)
    make_event(alice, title="Asked", state=EventState.ENQUIRY)
    make_event(alice, title="Over", state=EventState.CLOSED)
    client = signed_in(alice)
    shown = cards(page(client, "/events/board/"))
    assert (shown["planning"], shown["enquiry"]) == (["Planned"], ["Asked"])
    assert "closed" not in shown
    assert cards(page(client, "/events/board/?state=any"))["closed"] == ["Over"]
    data = {"to": "confirmed", "version": 1, "back": "board"}
    said = sent(client, f"/events/{planned.pk}/state/", data)
    assert cards(said)["confirmed"] == ["Planned"]
    assert "data-card" not in page(signed_in(cast.bob()), "/events/board/")


def test_a_refused_drop_says_why(alice: Person) -> None:
    event = make_event(alice)
    data = {"to": "confirmed", "version": 1, "back": "board"}
    said = sent(signed_in(alice), f"/events/{event.pk}/state/", data)
    assert "Its programme is empty" in said
    assert cards(said)["planning"] == ["Away day"]


def test_the_calendar_shows_events_as_bars(alice: Person) -> None:
    make_event(alice)
    client = signed_in(alice)
    month = page(client, "/events/calendar/?at=2026-12")
    assert "cal-bar from-1 span-2 " in month.replace("bar-planning", "")
    assert "Away day" not in page(client, "/events/calendar/?at=2026-10")
    year = page(client, "/events/calendar/?at=2026-03&by=year")
    assert "cal-bar from-12 span-1 " in year.replace("bar-planning", "")
    assert "Away day" not in page(client, "/events/calendar/?at=2027-03&by=year")
    assert page(client, "/events/calendar/?at=nonsense")


def test_as_many_queries_whatever_the_number(alice: Person) -> None:
    client = signed_in(alice)
    addresses = ("/events/", "/events/board/", "/events/calendar/?at=2026-12")
    version = make_class()

    def one() -> None:
        make_function(make_event(alice, class_version=version, host_department=DepartmentFactory.create()))

    one()
    few = [queries_of(client, address) for address in addresses]
    one()
    one()
    assert [queries_of(client, address) for address in addresses] == few
    assert Event.objects.count() == 3
