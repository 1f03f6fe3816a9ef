"""The screens of a meeting, through the browser's eyes: forms, buttons, addresses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from convenor.base.enums import Role
from convenor.scheduling.enums import AttendeeRole, OccurrenceState, PartStat
from convenor.scheduling.models import Booking, Meeting, Occurrence, Participation
from convenor.scheduling.queries.conflicts.upkeep import catch_up_wholly
from tests.factories.cast import alice, bob, charlie
from tests.factories.people import PersonFactory
from tests.factories.scheduling import NOW, make_meeting, utc
from tests.factories.venues import RoomFactory, SiteFactory
from tests.web.forms import SEARCH, client_of, form_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    """The screens ask the clock; these tests' meetings are ahead of it."""
    with time_machine.travel(NOW, tick=False):
        yield


# New


def test_the_page_takes_time_room_and_person_from_the_link() -> None:
    me, ana, room = bob(), PersonFactory(email="ana@example.org"), RoomFactory()
    page = text_of(
        client_of(me).get(
            reverse("meeting.new"),
            {"start": "2026-12-08T10:00", "end": "2026-12-08T10:45", "room": room.pk, "person": ana.pk},
        )
    )
    assert 'value="2026-12-08T10:00"' in page
    assert 'name="duration_minutes" value="45"' in page
    assert f'value="{room.pk}" selected' in page
    assert f"{me.email}, {ana.email}" in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"start": "soon"}, "“soon” is not a time."),
        ({"start": "2026-12-08T10:00", "end": "2026-12-08T09:00"}, "end is before its start"),
        ({"room": "999999"}, "leads to nothing"),
        ({"person": "x\x00"}, "leads to nothing"),
        ({"person": "9" * 400}, "leads to nothing"),
    ],
)
def test_a_link_that_cannot_be_read_says_so_and_the_form_is_there(query: dict[str, str], words: str) -> None:
    response = client_of(bob()).get(reverse("meeting.new"), query)
    assert response.status_code == 200
    assert words in text_of(response).replace("&quot;", '"')


def test_a_meeting_is_booked_with_its_room() -> None:
    me, ana, room = bob(), PersonFactory(), RoomFactory(capacity=8)
    sent = form_of(me, attendees=f"{me.email}, {ana.email}", room_id=room.pk, optional="", headcount="5")
    response = client_of(me).post(reverse("meeting.new"), sent)
    meeting = Meeting.objects.get()
    assert response.status_code == 302
    assert response["Location"] == reverse("meeting", args=[meeting.pk])
    assert Occurrence.objects.get().starts_at == utc("2026-12-07 08:00")
    assert Booking.objects.get().room_id == room.pk
    assert {row.person_id: row.role for row in meeting.attendees.all()} == {
        me.pk: AttendeeRole.REQUIRED,
        ana.pk: AttendeeRole.REQUIRED,
    }


@pytest.mark.parametrize(
    ("fields", "rule", "count"),
    [
        ({"repeat": "weekly", "times": "3"}, "FREQ=WEEKLY;COUNT=3", 3),
        (
            {"repeat": "weekly", "on_days": ["MO", "WE"], "every": "2", "times": "4"},
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=4",
            4,
        ),
        ({"repeat": "monthly_weekday", "times": "2"}, "FREQ=MONTHLY;BYDAY=1MO;COUNT=2", 2),
        ({"repeat": "daily", "repeat_until": "2026-12-09"}, "FREQ=DAILY;UNTIL=20261209T215959Z", 3),
        ({"repeat": "working_days", "times": "6"}, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=6", 6),
        ({"repeat": "custom", "rrule": "FREQ=DAILY;COUNT=2"}, "FREQ=DAILY;COUNT=2", 2),
    ],
)
def test_the_friendly_fields_make_the_rule(fields: dict[str, Any], rule: str, count: int) -> None:
    me = bob()
    client_of(me).post(reverse("meeting.new"), form_of(me, **fields))
    assert Meeting.objects.get().rrule == rule
    assert Occurrence.objects.count() == count


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": " "}, "required"),
        ({"title": "x\x00y"}, "character"),
        ({"local_start": "yesterday"}, "Write a date and a time"),
        ({"duration_minutes": "-5"}, "must end after it starts"),
        ({"duration_minutes": "99999999"}, "at most"),
        ({"zone": "Mars/Olympus"}, "Mars/Olympus"),
        ({"attendees": "nobody@nowhere.example"}, "There is nobody with the e-mail"),
        ({"description": "x" * 200_000}, "100000"),
        ({"repeat": "custom", "rrule": "FREQ=SOMETIMES"}, "SOMETIMES"),
        ({"repeat": "custom", "rrule": ""}, "Write the rule"),
        ({"repeat": "daily", "repeat_until": "2026-12-09", "times": "3"}, "not both"),
        ({"room_id": "999999"}, "999999"),
        ({"headcount": "0"}, "greater than or equal to 1"),
    ],
)
def test_bad_input_is_told_at_the_form_which_keeps_its_content(fields: dict[str, Any], words: str) -> None:
    me = bob()
    response = client_of(me).post(reverse("meeting.new"), form_of(me, location="Under the oak", **fields))
    page = text_of(response)
    assert response.status_code == 422
    assert words in page
    assert "Under the oak" in page
    assert not Meeting.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"repeat": "weekly", "repeat_until": "2066-12-01"}, "repeat_until"),
        ({"repeat": "yearly", "times": "40"}, "times"),
        ({"repeat": "custom", "rrule": "FREQ=YEARLY;COUNT=40"}, "rrule"),
    ],
)
def test_a_series_that_runs_too_long_is_told_at_a_field_that_is_seen(
    fields: dict[str, Any], field: str
) -> None:
    me = bob()
    response = client_of(me).post(reverse("meeting.new"), form_of(me, **fields))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_emoji_and_every_script_are_fine() -> None:
    me = bob()
    client_of(me).post(reverse("meeting.new"), form_of(me, title="🎉 Ștefan / 会议"))
    assert Meeting.objects.get().title == "🎉 Ștefan / 会议"


def test_clashes_are_listed_with_the_best_room_and_booked_as_chosen() -> None:
    me, site = bob(), SiteFactory()
    room, other = RoomFactory(site=site, capacity=4), RoomFactory(site=site, capacity=6)
    make_meeting(PersonFactory(), room=room)
    client = client_of(me)
    sent = form_of(me, room_id=room.pk, repeat="weekly", times="3")
    response = client.post(reverse("meeting.new"), sent)
    page = text_of(response)
    assert response.status_code == 422
    assert not Meeting.objects.filter(organiser=me).exists()
    assert 'name="clash-2026-12-07T10:00:00"' in page
    assert f"{other.code} {other.name} instead" in page
    assert "Not on this date" in page
    client.post(reverse("meeting.new"), {**sent, "clash-2026-12-07T10:00:00": str(other.pk)})
    booked = Booking.objects.filter(occurrence__meeting__organiser=me).order_by("starts_at")
    assert [booking.room_id for booking in booked] == [other.pk, room.pk, room.pk]


def test_a_clashing_date_can_be_left_out() -> None:
    me, room = bob(), RoomFactory(capacity=4)
    make_meeting(PersonFactory(), room=room)
    sent = form_of(me, room_id=room.pk, repeat="weekly", times="3", **{"clash-2026-12-07T10:00:00": "out"})
    client_of(me).post(reverse("meeting.new"), sent)
    taking_place = Occurrence.objects.filter(meeting__organiser=me, state=OccurrenceState.SCHEDULED)
    assert [row.starts_at.day for row in taking_place] == [14, 21]


def test_viewers_and_strangers_make_no_meetings() -> None:
    viewer = bob(user__role=Role.VIEWER)
    assert client_of(viewer).get(reverse("meeting.new")).status_code == 403
    assert client_of(charlie()).post(reverse("meeting.new"), {}).status_code == 403
    assert Client().get(reverse("meeting.new")).status_code == 302


# Find a time beside it


def test_htmx_gets_the_slots_alone_and_choosing_one_fills_the_form() -> None:
    me, room = bob(), RoomFactory(capacity=4)
    response = client_of(me).post(
        reverse("meeting.find_time"),
        form_of(me, **SEARCH, needs_room="on"),
        headers={"HX-Request": "true", "HX-Target": "div#slots"},
    )
    page = response.content.decode()
    assert "<html" not in page
    assert "Mon 7 Dec, 09:00–10:00" in page
    (fill,) = set(re.findall(r'data-fill="([^"]*T09:00[^"]*)"', page))
    assert json.loads(fill.replace("&quot;", '"')) == {
        "id_local_start": "2026-12-07T09:00",
        "id_room_id": str(room.pk),
    }


def test_without_javascript_the_whole_page_comes_back_and_a_slot_can_be_used() -> None:
    me, room = bob(), RoomFactory(capacity=4)
    sent = form_of(me, **SEARCH, needs_room="on", slot=f"2026-12-07T09:30|{room.pk}", use="1")
    page = text_of(client_of(me).post(reverse("meeting.find_time"), sent))
    assert "<html" in page
    assert 'value="2026-12-07T09:30"' in page
    assert f'value="{room.pk}" selected' in page
    assert not Meeting.objects.exists()


def test_why_nothing_fits_and_a_change_is_one_click() -> None:
    me, ana = bob(), PersonFactory(name="Ana Ionescu", email="ana@example.org")
    make_meeting(
        ana, people=[ana], duration_minutes=8 * 60, local_start=utc("2026-12-07 09:00").replace(tzinfo=None)
    )
    client = client_of(me)
    sent = form_of(me, **SEARCH, attendees=f"{me.email}, {ana.email}")
    page = text_of(client.post(reverse("meeting.find_time"), sent))
    assert "Nothing fits" in page
    assert "Make Ana Ionescu optional" in page
    change = json.dumps({"-attendees": ana.email, "+optional": ana.email})
    again = text_of(client.post(reverse("meeting.find_time"), {**sent, "change": change}))
    assert "Mon 7 Dec, 09:00–10:00" in again
    assert f'name="attendees" value="{me.email}"' in again
    assert f'name="optional" value="{ana.email}"' in again


@pytest.mark.parametrize("change", ["[]", "{", '{"version": "1"}', '{"title": 3}', "null"])
def test_a_change_that_no_button_of_ours_says_does_nothing(change: str) -> None:
    me = bob()
    response = client_of(me).post(reverse("meeting.find_time"), form_of(me, **SEARCH, change=change))
    assert response.status_code == 200


def test_a_wrong_search_says_what_is_wrong() -> None:
    me = bob()
    sent = form_of(me, **{**SEARCH, "look_until": "2026-12-01"}, duration_minutes="0")
    page = text_of(client_of(me).post(reverse("meeting.find_time"), sent))
    assert "must end after it starts" in page


HUGE = "9" * 30


@pytest.mark.parametrize(
    "fields",
    [
        {"look_from": "9999-12-31", "look_until": "9999-12-31"},
        {"look_from": "0001-01-01"},
        {"repeat": "daily", "repeat_until": "9999-12-31", "zone": "America/New_York"},
        {"duration_minutes": HUGE},
        {"any_of": "bob@example.org", "any_count": HUGE},
        {"site": HUGE},
        {"headcount": HUGE},
        {"slot": "x\x00|y", "use": "1"},
        {"earliest": "25:00"},
        {"earliest": "09:00"},
        {"attendees": "\x00"},
        {"attendees": "," * 1000},
        {"equipment_needed": "nothing"},
        {"rrule": "FREQ=SECONDLY", "repeat": "custom"},
    ],
)
def test_no_search_breaks(fields: dict[str, str]) -> None:
    me = bob()
    client = client_of(me)
    sent = {**form_of(me), **SEARCH, **fields}
    page = text_of(client.post(reverse("meeting.find_time"), sent))
    assert "Times that fit" in page
    assert client.post(reverse("meeting.new"), {**sent, "title": ""}).status_code == 422


def test_no_button_breaks() -> None:
    me = alice()
    occurrence = Occurrence.objects.get(meeting=make_meeting(me, people=[me]).meeting)
    client, key = client_of(me), [occurrence.pk]
    for name, fields in (
        ("occurrence.answer", {"person_id": HUGE, "partstat": "accepted"}),
        ("occurrence.answer", {}),
        ("occurrence.book_room", {"room_id": HUGE}),
        ("occurrence.book_room", {"room_id": "x\x00"}),
    ):
        assert client.post(reverse(name, args=key), fields).status_code == 302
    assert client.post(reverse("occurrence.release", args=[occurrence.pk, 10**30])).status_code == 404
    for address in ("meeting", "occurrence", "meeting.edit", "meeting.cancel"):
        assert client.get(reverse(address, args=[10**30])).status_code == 404
    edit = reverse("meeting.edit", args=[occurrence.meeting_id])
    assert client.get(edit, {"occurrence": HUGE}).status_code == 200
    assert client.post(edit, form_of(me, version=HUGE, scope="none")).status_code == 422


# The page


def test_the_page_says_what_when_where_and_who() -> None:
    me, ana, room = bob(), PersonFactory(name="Ana"), RoomFactory(capacity=4)
    saved = make_meeting(me, people=[me, ana], room=room, rrule="FREQ=WEEKLY;COUNT=3", description="Bring it")
    page = text_of(client_of(me).get(reverse("meeting", args=[saved.meeting.pk])))
    for words in (
        "Sprint review", "Monday, 7 December 2026", "10:00–11:00", "Every week on Monday, 3 times",
        room.code, "Ana", "Bring it", "Mon 14 Dec 2026", "created it",
    ):  # fmt: skip
        assert words in page


def test_outsiders_and_teammates_get_404_of_what_is_private_and_nobody_else_history() -> None:
    owner, mate, stranger, boss = bob(), bob(email="mate@example.org"), charlie(), alice()
    secret = make_meeting(owner, people=[owner], is_private=True, title="Merger").meeting
    plain = make_meeting(
        owner, people=[owner], local_start=utc("2026-12-08 09:00").replace(tzinfo=None)
    ).meeting
    occurrence = Occurrence.objects.get(meeting=secret)
    for address in (
        reverse("meeting", args=[secret.pk]),
        reverse("occurrence", args=[occurrence.pk]),
        reverse("meeting.edit", args=[secret.pk]),
        reverse("meeting.cancel", args=[secret.pk]),
    ):
        assert client_of(mate).get(address).status_code == 404
        assert client_of(stranger).get(address).status_code == 404
        assert client_of(boss).get(address).status_code == 200
    assert "History" not in text_of(client_of(mate).get(reverse("meeting", args=[plain.pk])))
    assert client_of(stranger).get(reverse("meeting", args=[plain.pk])).status_code == 404
    assert client_of(mate).get(reverse("meeting.edit", args=[plain.pk])).status_code == 403


def test_an_answer_is_one_click() -> None:
    me, organiser = bob(), PersonFactory()
    saved = make_meeting(organiser, people=[me, organiser])
    occurrence = Occurrence.objects.get(meeting=saved.meeting)
    client = client_of(me)
    answer = reverse("occurrence.answer", args=[occurrence.pk])
    client.post(answer, {"person_id": me.pk, "partstat": "declined"})
    assert Participation.objects.get(person=me).partstat == PartStat.DECLINED
    client.post(answer, {"person_id": me.pk, "partstat": "perhaps"})
    assert Participation.objects.get(person=me).partstat == PartStat.DECLINED
    assert client.post(answer, {"person_id": organiser.pk, "partstat": "declined"}).status_code == 403


def test_rooms_are_booked_released_and_decided_from_the_page() -> None:
    me, boss, room = bob(), alice(), RoomFactory(capacity=4)
    guarded = RoomFactory(site=room.site, capacity=4, approval_needed=True, approver=boss.user)
    saved = make_meeting(me, people=[me])
    occurrence = Occurrence.objects.get(meeting=saved.meeting)
    client = client_of(me)
    book = reverse("occurrence.book_room", args=[occurrence.pk])
    client.post(book, {"room_id": room.pk})
    client.post(book, {"room_id": guarded.pk})
    first, second = Booking.objects.order_by("pk")
    assert (first.state, second.state) == ("confirmed", "pending")
    client.post(reverse("occurrence.release", args=[occurrence.pk, first.pk]))
    decide = reverse("occurrence.decide", args=[occurrence.pk, second.pk])
    assert client.post(decide, {"approve": "yes"}).status_code == 403
    assert "Approve" in text_of(client_of(boss).get(reverse("occurrence", args=[occurrence.pk])))
    client_of(boss).post(decide, {"approve": "yes"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("released", "confirmed")


def test_the_page_asks_as_often_for_one_attendee_and_occurrence_as_for_three() -> None:
    boss, days = alice(), iter(("2026-12-07 09:00", "2026-12-08 09:00"))
    client = client_of(boss)

    def queries(count: int) -> int:
        saved = make_meeting(
            boss,
            people=[boss, *(PersonFactory() for _ in range(count))],
            rrule=f"FREQ=WEEKLY;COUNT={count + 1}",
            local_start=utc(next(days)).replace(tzinfo=None),
        )
        catch_up_wholly(NOW)
        address = reverse("meeting", args=[saved.meeting.pk])
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    assert queries(1) == queries(3)
