"""Feeds as a calendar program reads them: with nothing but the secret."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from convenor.interop.calendars.feeds import feed_address
from convenor.people.models import Person
from convenor.scheduling.actions.feeds import create_feed, renew_feed, revoke_feed
from convenor.scheduling.models import Feed
from tests.factories.cast import actor_of, alice, bob
from tests.factories.scheduling import local, make_meeting
from tests.factories.venues import RoomFactory

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-23T08:00:00Z", tick=False)]


def path_of(feed: Feed) -> str:
    return "/feeds/" + feed_address(feed.pk, feed.nonce).rpartition("/")[2]


def feed_of(person: Person) -> Feed:
    return create_feed(actor=actor_of(person), person_id=person.pk)


def test_a_calendar_program_reads_it_and_asks_again(client: Client) -> None:
    person = bob()
    make_meeting(person, title="Review")
    path = path_of(feed_of(person))
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert b"SUMMARY:Review" in answer.content
    assert "private" in answer["Cache-Control"]
    again = client.get(path, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_secret_that_opens_nothing_is_not_found(client: Client) -> None:
    person = bob()
    feed = feed_of(person)
    old = path_of(feed)
    assert client.get(old.replace(".ics", "x.ics")).status_code == 404
    renewed = renew_feed(actor=actor_of(person), feed_id=feed.pk)
    assert client.get(old).status_code == 404
    assert client.get(path_of(renewed)).status_code == 200
    revoke_feed(actor=actor_of(person), feed_id=feed.pk, now=feed.created_at)
    assert client.get(path_of(renewed)).status_code == 404


def test_private_meetings_say_busy_but_in_ones_own_feed(client: Client) -> None:
    person, room = bob(), RoomFactory.create(capacity=20)
    make_meeting(person, room=room, title="Secret", is_private=True)
    own = client.get(path_of(feed_of(person))).content
    others = client.get(path_of(create_feed(actor=actor_of(alice()), room_id=room.pk))).content
    assert b"SUMMARY:Secret" in own
    assert b"SUMMARY:Busy" in others
    assert b"Secret" not in others
    assert b"bob@example.org" not in others


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_is_the_same_for_any_number_of_meetings(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    person = bob()
    for number in range(count):
        make_meeting(person, local_start=local(f"2026-12-0{7 + number} 10:00"))
    path = path_of(feed_of(person))
    client.get(path)  # notes that it was read
    with django_assert_num_queries(14):
        client.get(path)
