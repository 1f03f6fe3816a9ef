"""Editing, cancelling and confirming a meeting on screen; two tabs at one meeting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from convenor.kernel.instants import LocalTime
from convenor.people.models import Person
from convenor.scheduling.enums import MeetingState, OccurrenceState
from convenor.scheduling.forms.repeat import shown_repeat
from convenor.scheduling.models import Meeting, Occurrence
from tests.factories.cast import bob
from tests.factories.scheduling import NOW, make_meeting, utc
from tests.factories.venues import RoomFactory
from tests.web.forms import SEARCH, client_of, form_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    """The screens ask the clock; these tests' meetings are ahead of it."""
    with time_machine.travel(NOW, tick=False):
        yield


def edited(client: Client, meeting: Meeting, person: Person, **fields: Any) -> Any:
    sent = form_of(person, version=str(meeting.version), scope="all", **fields)
    return client.post(reverse("meeting.edit", args=[meeting.pk]), sent)


def test_an_edit_changes_what_was_changed() -> None:
    me = bob()
    meeting = make_meeting(me, people=[me]).meeting
    response = edited(client_of(me), meeting, me, title="Retrospective", local_start="2026-12-07T15:00")
    assert response.status_code == 302
    meeting.refresh_from_db()
    assert meeting.title == "Retrospective"
    assert Occurrence.objects.get().starts_at == utc("2026-12-07 13:00")


def test_an_edit_without_changes_keeps_everything() -> None:
    me, room = bob(), RoomFactory(capacity=4)
    meeting = make_meeting(me, people=[me], room=room, rrule="FREQ=WEEKLY;COUNT=2").meeting
    client = client_of(me)
    fields = {"repeat": "custom", "rrule": "FREQ=WEEKLY;COUNT=2", "room_id": room.pk}
    assert edited(client, meeting, me, **fields).status_code == 302
    meeting.refresh_from_db()
    assert meeting.sequence == 0
    assert Occurrence.objects.count() == 2


def test_one_occurrence_of_a_series_is_moved_alone() -> None:
    me = bob()
    meeting = make_meeting(me, people=[me], rrule="FREQ=WEEKLY;COUNT=3").meeting
    second = Occurrence.objects.order_by("starts_at")[1]
    sent = form_of(
        me, version=str(meeting.version), scope="one", local_start="2026-12-15T16:00",
        repeat="custom", rrule="FREQ=WEEKLY;COUNT=3",
    )  # fmt: skip
    address = f"{reverse('meeting.edit', args=[meeting.pk])}?occurrence={second.pk}"
    assert client_of(me).post(address, sent).status_code == 302
    assert [row.starts_at for row in Occurrence.objects.order_by("starts_at")] == [
        utc("2026-12-07 08:00"), utc("2026-12-15 14:00"), utc("2026-12-21 08:00"),
    ]  # fmt: skip


def test_all_are_moved_by_as_much_as_the_one_that_was_shown() -> None:
    me = bob()
    meeting = make_meeting(me, people=[me], rrule="FREQ=WEEKLY;COUNT=3").meeting
    second = Occurrence.objects.order_by("starts_at")[1]
    sent = form_of(
        me, version=str(meeting.version), scope="all", local_start="2026-12-14T11:00",
        repeat="custom", rrule="FREQ=WEEKLY;COUNT=3",
    )  # fmt: skip
    address = f"{reverse('meeting.edit', args=[meeting.pk])}?occurrence={second.pk}"
    assert client_of(me).post(address, sent).status_code == 302
    assert [row.starts_at for row in Occurrence.objects.order_by("starts_at")] == [
        utc("2026-12-07 09:00"), utc("2026-12-14 09:00"), utc("2026-12-21 09:00"),
    ]  # fmt: skip


def test_the_second_of_two_tabs_is_shown_the_difference_and_may_save_on_top() -> None:
    me = bob()
    meeting = make_meeting(me, people=[me]).meeting
    client = client_of(me)
    assert edited(client, meeting, me, title="First").status_code == 302
    response = edited(client, meeting, me, title="Second")
    page = text_of(response)
    assert response.status_code == 422
    assert "Somebody else has changed" in page
    assert "<del>Sprint review</del>" in page
    assert "<ins>First</ins>" in page
    assert 'value="Second"' in page
    assert Meeting.objects.get().title == "First"
    (version,) = re.findall(r'name="version" value="(\d+)"', page)
    meeting.version = int(version)
    assert edited(client, meeting, me, title="Second").status_code == 302
    assert Meeting.objects.get().title == "Second"


def test_an_edit_of_bad_input_keeps_the_form() -> None:
    me = bob()
    meeting = make_meeting(me, people=[me]).meeting
    response = edited(client_of(me), meeting, me, duration_minutes="-1", location="Under the oak")
    assert response.status_code == 422
    assert "Under the oak" in text_of(response)


def test_searching_while_editing_the_meeting_is_not_in_its_own_way() -> None:
    me = bob()
    meeting = make_meeting(
        me, people=[me], duration_minutes=480, local_start=utc("2026-12-07 09:00").replace(tzinfo=None)
    ).meeting
    sent = form_of(me, **SEARCH, version="1", scope="all")
    address = reverse("meeting.find_time_again", args=[meeting.pk])
    page = text_of(
        client_of(me).post(address, sent, headers={"HX-Request": "true", "HX-Target": "div#slots"})
    )
    assert "Mon 7 Dec, 09:00–10:00" in page


@pytest.mark.parametrize(("scope", "left"), [("one", 2), ("following", 1), ("all", 0)])
def test_cancelling_asks_how_much(scope: str, left: int) -> None:
    me = bob()
    meeting = make_meeting(me, people=[me], rrule="FREQ=WEEKLY;COUNT=3").meeting
    second = Occurrence.objects.order_by("starts_at")[1]
    address = f"{reverse('meeting.cancel', args=[meeting.pk])}?occurrence={second.pk}"
    client = client_of(me)
    assert "This and following" in text_of(client.get(address))
    said = text_of(client.post(address, {"version": meeting.version, "scope": scope}, follow=True))
    words = {
        "one": "14 December 2026 is cancelled, the other dates stay",
        "following": "Cancelled from 14 December 2026 on",
        "all": "Cancelled; whoever was asked",
    }
    assert words[scope] in said
    assert (
        Occurrence.objects.filter(
            state=OccurrenceState.SCHEDULED, meeting__state=MeetingState.CONFIRMED
        ).count()
        == left
    )


def test_a_proposed_meeting_is_confirmed_by_its_organiser() -> None:
    me = bob()
    meeting = make_meeting(me, people=[me], state=MeetingState.TENTATIVE).meeting
    client_of(me).post(reverse("meeting.confirm", args=[meeting.pk]), {"version": meeting.version})
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.CONFIRMED


@pytest.mark.parametrize(
    ("rule", "shown"),
    [
        ("FREQ=WEEKLY;COUNT=6", {"repeat": "weekly", "times": 6}),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE", {"repeat": "weekly", "every": 2, "on_days": ["MO", "WE"]}),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=6", {"repeat": "working_days", "times": 6}),
        ("FREQ=MONTHLY", {"repeat": "monthly_day"}),
        ("FREQ=DAILY;UNTIL=20261209T215959Z", {"repeat": "daily", "repeat_until": date(2026, 12, 9)}),
        (
            "FREQ=DAILY;UNTIL=20261209T120000Z",
            {"repeat": "custom", "rrule": "FREQ=DAILY;UNTIL=20261209T120000Z"},
        ),
        ("FREQ=MONTHLY;BYDAY=1MO", {"repeat": "custom", "rrule": "FREQ=MONTHLY;BYDAY=1MO"}),
        ("COUNT=2;FREQ=DAILY", {"repeat": "custom", "rrule": "COUNT=2;FREQ=DAILY"}),
    ],
)
def test_a_series_is_shown_as_it_was_chosen(rule: str, shown: dict[str, Any]) -> None:
    start = LocalTime(datetime(2026, 12, 7, 9))
    found = shown_repeat(rule, start=start, zone="Europe/Bucharest", all_day=False)
    assert {name: found[name] for name in shown} == shown


def test_the_edit_page_shows_a_weekly_series_in_plain_fields() -> None:
    me = bob()
    meeting = make_meeting(me, people=[me], rrule="FREQ=WEEKLY;COUNT=3").meeting
    client = client_of(me)
    page = client.get(reverse("meeting.edit", args=[meeting.pk])).content.decode()
    assert '<option value="weekly" selected>' in page
    assert 'name="times" value="3"' in page
