"""Moving, postponing, resuming, cancelling and cloning an event on screen: first every effect, then the deed."""

from __future__ import annotations

import re

import pytest

from convenor.events.enums import Confidentiality
from convenor.events.models import Event
from convenor.people.models import Person
from convenor.scheduling.models import Claim
from tests.factories import cast
from tests.factories.events import make_class, make_event, make_function
from tests.factories.people import PersonFactory
from tests.factories.scheduling import check_house, local, make_meeting, utc
from tests.factories.venues import RoomFactory, SiteFactory
from tests.web.browsing import page, queries_of, sent, signed_in

pytestmark = pytest.mark.django_db
YEAR = "2030"
MONDAY, NEXT = f"{YEAR}-12-09T09:00", f"{YEAR}-12-16T09:00"
PAGES = ("move/", "postpone/", "resume/", "cancel/", "clone/")


@pytest.fixture
def alice() -> Person:
    return cast.alice()


@pytest.fixture
def event(alice: Person) -> Event:
    site = SiteFactory()
    starts, ends = (utc(f"{YEAR}-12-{day} 07:00") for day in ("09", "10"))
    event = make_event(alice, site=site, starts_at=starts, ends_at=ends)
    make_function(
        event,
        meeting={
            "title": "Plenary",
            "room": RoomFactory(site=site, capacity=20),
            "people": [PersonFactory()],
            "local_start": local(f"{YEAR}-12-09 10:00"),
        },
    )
    return event


def test_moving_shows_every_effect_and_then_does_it(alice: Person, event: Event) -> None:
    client, where = signed_in(alice), f"/events/{event.pk}/move/"
    assert f'value="{MONDAY}"' in page(client, where)
    shown = page(client, f"{where}?starts={NEXT}")
    for text in ("Plenary", "Come along as they are", "1 person asked to its functions", "Move it"):
        assert text in shown
    event.refresh_from_db()
    assert event.version == 1
    said = sent(client, where, {"starts": NEXT, "version": 1})
    assert "“Away day” has its new dates; 1 function came along." in said
    event.refresh_from_db()
    assert event.starts_at is not None
    assert (event.starts_at.day, event.version) == (16, 2)
    check_house()


def test_a_room_that_is_taken_is_chosen_anew(alice: Person, event: Event) -> None:
    booked = Claim.objects.get().booking
    spare = RoomFactory(site=event.site, capacity=20, name="Spare")
    make_meeting(
        PersonFactory(), room=booked.room, title="In the way", local_start=local(f"{YEAR}-12-16 10:00")
    )
    client, where = signed_in(alice), f"/events/{event.pk}/move/"
    shown = page(client, f"{where}?starts={NEXT}")
    assert "1 booking can’t come along" in shown
    assert "In the way" in shown
    assert re.search(rf'name="booking-{booked.pk}" value="{spare.pk}" checked', shown)
    refused = client.post(where, {"starts": NEXT, "version": 1})
    assert refused.status_code == 422
    assert Event.objects.get().version == 1
    sent(client, where, {"starts": NEXT, "version": 1, f"booking-{booked.pk}": spare.pk, "booking-x": "y"})
    check_house()
    assert (
        Claim.objects.get(is_active=True, booking__occurrence__function__event=event).booking.room_id
        == spare.pk
    )


@pytest.mark.parametrize(
    ("starts", "words"),
    [
        (f"{YEAR}-12-25T09:00", "public holiday"),
        ("2020-01-01T09:00", "into the past"),
        ("tomorrow", "Write a date and a time"),
        ("", "required"),
    ],
)
def test_a_start_that_cannot_be_is_said_before(alice: Person, event: Event, starts: str, words: str) -> None:
    client, where = signed_in(alice), f"/events/{event.pk}/move/"
    shown = client.get(where, {"starts": starts})
    assert shown.status_code == 422
    assert words in shown.content.decode()
    assert "Move it" not in shown.content.decode()
    assert client.post(where, {"starts": starts, "version": 1}).status_code == 422
    assert Event.objects.get().version == 1


def test_a_holiday_can_be_meant(alice: Person, event: Event) -> None:
    client, where = signed_in(alice), f"/events/{event.pk}/move/"
    asked = {"starts": f"{YEAR}-12-25T09:00", "despite_holiday": "on"}
    shown = page(client, f"{where}?starts={YEAR}-12-25T09:00&despite_holiday=on")
    assert 'name="despite_holiday" value="on"' in shown
    assert "A public holiday at" in shown
    sent(client, where, asked | {"version": 1})
    assert Event.objects.get().version == 2


def test_what_others_changed_meanwhile_is_said(alice: Person, event: Event) -> None:
    Event.objects.update(version=2)
    answer = signed_in(alice).post(f"/events/{event.pk}/move/", {"starts": NEXT, "version": 1})
    assert answer.status_code == 422
    assert "Somebody else has changed" in answer.content.decode()


def test_postponing_and_resuming(alice: Person, event: Event) -> None:
    client, where = signed_in(alice), f"/events/{event.pk}/"
    shown = page(client, f"{where}postpone/")
    assert "Plenary" in shown
    assert "1 booking is let go." in shown
    assert client.post(f"{where}postpone/", {"reason": "", "version": 1}).status_code == 422
    sent(client, f"{where}postpone/", {"reason": "Flood", "version": 1})
    shown = page(client, f"{where}progress/")
    assert shown.count("Resume…") == 1
    assert "Move…" not in shown
    assert "Resume it" in page(client, f"{where}resume/?starts={NEXT}")
    sent(client, f"{where}resume/", {"starts": NEXT, "version": 2})
    event.refresh_from_db()
    assert event.state == "planning"
    assert Claim.objects.filter(is_active=True).count() == 1
    check_house()


def test_cancelling(alice: Person, event: Event) -> None:
    event.tasks.create(key="book", title="Book the band")
    client, where = signed_in(alice), f"/events/{event.pk}/cancel/"
    assert "Book the band" in page(client, where)
    sent(client, where, {"reason": "No money", "version": 1})
    event.refresh_from_db()
    assert event.state == "cancelled"
    shown = page(client, f"/events/{event.pk}/")
    assert "Clone…" in shown
    assert "Move…" not in shown
    assert client.post(where, {"reason": "Again", "version": 2}).status_code == 422


def test_cloning(alice: Person, event: Event) -> None:
    make_class()
    client, where = signed_in(alice), f"/events/{event.pk}/clone/"
    assert "Show what is taken over" in page(client, where)
    asked = {"title": "Away again", "starts": NEXT, "with_people": "on", "with_rooms": "on"}
    shown = client.get(where, asked).content.decode()
    assert "version 2 of its class" in shown
    assert "Plenary" in shown
    assert "“Away again” is made, as an enquiry." in sent(client, where, asked)
    made = Event.objects.get(title="Away again")
    assert made.functions.count() == 1
    refused = client.get(where, asked | {"starts": f"{YEAR}-12-25T09:00"})
    assert refused.status_code == 422


def test_who_may_open_the_pages(event: Event) -> None:
    bob, charlie = signed_in(cast.bob()), signed_in(cast.charlie())
    for name in PAGES:
        status = 200 if name == "clone/" else 403
        assert bob.get(f"/events/{event.pk}/{name}").status_code == status
        assert charlie.get(f"/events/{event.pk}/{name}").status_code == 404
    shown = page(bob, f"/events/{event.pk}/")
    assert "Clone…" in shown
    assert "Cancel…" not in shown
    Event.objects.update(confidentiality=Confidentiality.CONFIDENTIAL)
    for name in PAGES:
        assert bob.get(f"/events/{event.pk}/{name}").status_code == 404


def test_a_preview_of_more_functions_takes_no_more_queries(alice: Person, event: Event) -> None:
    client, where = signed_in(alice), f"/events/{event.pk}/move/?starts={NEXT}"
    page(client, where)
    one = queries_of(client, where)
    for _ in range(2):
        room = RoomFactory(site=event.site, capacity=9)
        make_function(
            event, meeting={"room": room, "people": [alice], "local_start": local(f"{YEAR}-12-09 11:00")}
        )
    assert queries_of(client, where) == one
