"""Settings → Calendars and Feeds: mine, and nobody else's."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from convenor.people.models import Person
from convenor.scheduling.models import CalendarSource, ExternalBusy, Feed
from tests.factories.cast import alice, bob, charlie
from tests.factories.venues import RoomFactory
from tests.web.test_schedule import number_of_queries, signed_in

pytestmark = pytest.mark.django_db
ICS = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VEVENT\r
UID:dentist@example.org\r
DTSTART:20270112T090000Z\r
DTEND:20270112T100000Z\r
SUMMARY:Dentist\r
END:VEVENT\r
END:VCALENDAR\r
"""
CALENDARS, FEEDS = "/settings/calendars/", "/settings/feeds/"


def subscribe(client: Client, url: str) -> int:
    return client.post(CALENDARS, {"name": "", "url": url}).status_code


def test_a_subscription_is_added_hurried_and_removed() -> None:
    person = bob()
    client = signed_in(person)
    assert subscribe(client, "webcal://calendar.example.org/bob.ics") == 302
    source = CalendarSource.objects.get(person=person)
    assert source.url == "https://calendar.example.org/bob.ics"
    assert source.url in client.get(CALENDARS).content.decode()
    assert client.post(f"{CALENDARS}{source.pk}/refresh/").status_code == 302
    assert client.post(f"{CALENDARS}{source.pk}/remove/").status_code == 302
    assert not CalendarSource.objects.exists()


def test_a_file_counts_as_busy_time() -> None:
    person = bob()
    file = SimpleUploadedFile("mine.ics", ICS, "text/calendar")
    assert signed_in(person).post(CALENDARS, {"name": "Mine", "url": "", "file": file}).status_code == 302
    assert ExternalBusy.objects.get().title == "Dentist"


@pytest.mark.parametrize(
    "fields",
    [
        {"url": ""},
        {"url": "ftp://calendar.example.org/x.ics"},
        {"url": "https://user:secret@calendar.example.org/x.ics"},
        {"url": "not an address"},
        {"url": "https://calendar.example.org/x.ics", "name": "\0"},
        {"url": "", "file": SimpleUploadedFile("x.ics", b"\x89PNG")},
    ],
)
def test_what_cannot_be_a_calendar_is_refused_with_a_sentence(fields: dict[str, object]) -> None:
    answer = signed_in(bob()).post(CALENDARS, fields)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert not CalendarSource.objects.exists()


def test_nobody_touches_anothers_calendar() -> None:
    subscribe(signed_in(alice()), "https://calendar.example.org/alice.ics")
    source = CalendarSource.objects.get()
    for person in (bob(), charlie()):
        client = signed_in(person)
        assert "alice.ics" not in client.get(CALENDARS).content.decode()
        assert client.post(f"{CALENDARS}{source.pk}/remove/").status_code in {403, 404}
    assert CalendarSource.objects.count() == 1


def make_feed(person: Person, about: str) -> Feed:
    assert signed_in(person).post(FEEDS, {"about": about}).status_code == 302
    return Feed.objects.order_by("-pk")[0]


def test_a_feed_is_made_read_renewed_and_ended() -> None:
    person = bob()
    client = signed_in(person)
    feed = make_feed(person, f"person {person.pk}")
    first = client.get(FEEDS).context["feeds"][0]["address"]
    path = first.partition("127.0.0.1:8000")[2]
    assert Client().get(path).status_code == 200  # nobody signs in to read it
    client.post(f"{FEEDS}{feed.pk}/renew/")
    assert Client().get(path).status_code == 404
    second = client.get(FEEDS).context["feeds"][0]["address"].partition("127.0.0.1:8000")[2]
    assert Client().get(second).status_code == 200
    client.post(f"{FEEDS}{feed.pk}/revoke/")
    assert Client().get(second).status_code == 404


def test_the_outsider_can_make_no_feed_of_a_room_or_of_another() -> None:
    room, other, outsider = RoomFactory(), bob(), charlie()
    client = signed_in(outsider)
    for about in (f"room {room.pk}", f"person {other.pk}", "room x", ""):
        assert client.post(FEEDS, {"about": about}).status_code in {403, 404, 422}
    assert not Feed.objects.exists()


def test_nobody_ends_anothers_feed() -> None:
    owner = bob()
    feed = make_feed(owner, f"person {owner.pk}")
    assert signed_in(charlie()).post(f"{FEEDS}{feed.pk}/revoke/").status_code in {403, 404}
    feed.refresh_from_db()
    assert feed.revoked_at is None


def test_both_lists_take_the_same_queries_for_one_and_three() -> None:
    person = bob()
    client = signed_in(person)
    asked: dict[int, list[int]] = {}
    for count in (1, 3):
        for number in range(count):
            subscribe(client, f"https://calendar.example.org/{count}-{number}.ics")
            make_feed(person, f"room {RoomFactory().pk}")
        asked[count] = [number_of_queries(client, address) for address in (CALENDARS, FEEDS)]
    assert asked[1] == asked[3]
