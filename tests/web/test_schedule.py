"""The schedule's page and the addresses that its JavaScript calls."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client

from convenor.base.actor import Actor
from convenor.kernel.instants import LocalTime
from convenor.people.models import Person
from convenor.scheduling.actions.meeting import create_meetings
from convenor.scheduling.models import Occurrence
from tests.factories.cast import alice, bob, charlie
from tests.factories.scheduling import NOW, draft_for, make_meeting
from tests.factories.venues import RoomFactory

pytestmark = pytest.mark.django_db
WEEK = "/schedule/?view=week&date=2026-12-07"
EVENTS = "/schedule/events?from=2026-12-07&to=2026-12-14&view=week"


def signed_in(person: Person) -> Client:
    client = Client()
    assert person.user is not None
    client.force_login(person.user)
    return client


def number_of_queries(client: Client, address: str) -> int:
    said: list[str] = []

    def listen(execute, sql, params, many, context):  # type: ignore[no-untyped-def]  # Django's own signature
        said.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        assert client.get(address).status_code == 200
    return len(said)


def fill_week(owner: Person, count: int) -> None:
    first = datetime(2026, 12, 7, 0, 0)
    starts = [LocalTime(first + timedelta(minutes=9 * n)) for n in range(count)]
    drafts = [draft_for(owner, people=[owner], local_start=start, duration_minutes=5) for start in starts]
    create_meetings(actor=Actor.system("tests"), drafts=drafts, now=NOW)


def test_a_week_asks_as_much_for_10_meetings_as_for_1000() -> None:
    owner = bob()
    client = signed_in(owner)
    fill_week(owner, 10)
    few = [number_of_queries(client, address) for address in (WEEK, EVENTS)]
    fill_week(owner, 990)
    assert [number_of_queries(client, address) for address in (WEEK, EVENTS)] == few
    assert few[0] <= 12


def test_the_list_without_javascript_shows_what_the_calendar_shows() -> None:
    owner = alice()
    make_meeting(owner, people=[owner])
    page = signed_in(owner).get(WEEK)
    assert "Sprint review" in page.content.decode()


def test_a_drop_moves_the_meeting_and_a_stale_one_does_not() -> None:
    owner = alice()
    make_meeting(owner, people=[owner])
    occurrence = Occurrence.objects.get()
    body = {"id": occurrence.pk, "version": 1, "start": "2026-12-07T15:00", "end": "2026-12-07T16:00"}
    client = signed_in(owner)
    answer = client.post("/schedule/move", json.dumps(body), content_type="application/json")
    assert answer.status_code == 200, answer.content
    occurrence.refresh_from_db()
    assert occurrence.starts_at.isoformat() == "2026-12-07T13:00:00+00:00"
    again = client.post("/schedule/move", json.dumps(body), content_type="application/json")
    assert again.status_code == 409
    assert "Sprint review" in again.json()["sentence"]


def test_a_drop_into_a_taken_room_changes_nothing() -> None:
    owner, room = alice(), RoomFactory()
    make_meeting(owner, people=[owner], room=room, local_start=LocalTime(datetime(2026, 12, 7, 15)))
    make_meeting(owner, room=room, title="Other")
    moved = Occurrence.objects.get(meeting__title="Other")
    body = {"id": moved.pk, "version": 1, "start": "2026-12-07T15:00", "end": "2026-12-07T16:00"}
    answer = signed_in(owner).post("/schedule/move", json.dumps(body), content_type="application/json")
    assert answer.status_code == 409
    assert room.code in answer.json()["sentence"]
    before = moved.starts_at
    moved.refresh_from_db()
    assert moved.starts_at == before


def test_the_outsider_may_neither_see_nor_move() -> None:
    owner, outsider = alice(), charlie()
    make_meeting(owner, people=[owner])
    occurrence = Occurrence.objects.get()
    client = signed_in(outsider)
    assert json.loads(client.get(EVENTS + "&who=all").content)["rows"] == []
    body = {"id": occurrence.pk, "version": 1, "start": "2026-12-07T15:00", "end": "2026-12-07T16:00"}
    answer = client.post("/schedule/move", json.dumps(body), content_type="application/json")
    assert answer.status_code in {403, 404}
    fit = client.get(f"/schedule/fit?{urlencode(body)}")
    assert fit.status_code in {403, 404}
    occurrence.refresh_from_db()
    assert occurrence.meeting.version == 1


@pytest.mark.parametrize("query", ["view=year", "date=yesterday", "room=x", "person=1%00"])
def test_an_address_that_cannot_be_read_says_so(query: str) -> None:
    answer = signed_in(alice()).get(f"/schedule/?{query}")
    assert answer.status_code == 400


@pytest.mark.parametrize("query", ["", "from=2026-12-07&to=2026-12-01", "from=2020-01-01&to=2029-01-01"])
def test_a_window_that_cannot_be_drawn_is_a_sentence(query: str) -> None:
    answer = signed_in(alice()).get(f"/schedule/events?{query}")
    assert answer.status_code == 400
    assert answer.json()["sentence"]


def test_a_meetings_page_says_when_in_both_zones() -> None:
    owner = alice(user__zone="Europe/Lisbon")
    make_meeting(owner, people=[owner])
    page = signed_in(owner).get(f"/meetings/occurrences/{Occurrence.objects.get().pk}/").content.decode()
    assert "10:00–11:00" in page
    assert "08:00–09:00" in page
