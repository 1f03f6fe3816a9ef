"""What part of the schedule an address asks for, and what a drag says."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.test import RequestFactory

from convenor.kernel.instants import ZoneName
from convenor.scheduling.drafts import KEEP
from convenor.web.schedule.looks import look_from, span_from
from convenor.web.schedule.moves import drag_from_body, drag_from_query

TODAY = date(2026, 12, 9)  # a Wednesday
BUCHAREST = ZoneName("Europe/Bucharest")


@pytest.mark.parametrize(
    ("query", "first", "after"),
    [
        ("", date(2026, 12, 7), date(2026, 12, 14)),
        ("view=day", date(2026, 12, 9), date(2026, 12, 10)),
        ("view=month", date(2026, 11, 30), date(2027, 1, 4)),
        ("view=rooms", date(2026, 12, 9), date(2026, 12, 10)),
        ("view=rooms&span=week", date(2026, 12, 7), date(2026, 12, 12)),
        ("view=week&date=2027-01-01", date(2026, 12, 28), date(2027, 1, 4)),
    ],
)
def test_days_of_a_look(query: str, first: date, after: date) -> None:
    assert look_from(QueryDict(query), today=TODAY).days == (first, after)


@pytest.mark.parametrize("view", ["day", "week", "month", "list", "rooms", "people"])
def test_a_step_there_and_back_shows_the_same_days(view: str) -> None:
    look = look_from(QueryDict(f"view={view}"), today=TODAY)
    assert look.stepped(1).days[0] >= look.days[1] or view == "month"
    assert look.stepped(1).stepped(-1).days == look.days


@pytest.mark.parametrize(
    "query",
    ["view=year", "date=tomorrow", "date=0001-01-01", "room=1%00", "person=" + "9" * 40, "span=decade"],
)
def test_what_cannot_be_read_is_refused_by_name(query: str) -> None:
    with pytest.raises(ValidationError) as refused:
        look_from(QueryDict(query), today=TODAY)
    assert list(refused.value.message_dict) == [query.partition("=")[0]]


@pytest.mark.parametrize(
    "query", ["", "from=2026-12-07", "from=2026-12-07&to=2026-12-07", "from=2026-01-01&to=2027-01-01"]
)
def test_a_window_has_days_and_not_too_many(query: str) -> None:
    with pytest.raises(ValidationError):
        span_from(QueryDict(query), BUCHAREST)


def test_a_drag_is_read_in_the_readers_zone() -> None:
    query = {
        "id": "7",
        "version": "2",
        "start": "2026-12-07T10:00",
        "end": "2026-12-07T11:00",
        "resource": "3",
        "from_resource": "4",
        "by": "room",
    }
    drag = drag_from_query(RequestFactory().get("/", query), BUCHAREST)
    assert (drag.starts_at, drag.ends_at) == (
        datetime(2026, 12, 7, 8, tzinfo=UTC),
        datetime(2026, 12, 7, 9, tzinfo=UTC),
    )
    assert (drag.room_id, drag.from_room_id) == (3, 4)


def test_a_drag_within_its_room_keeps_the_room() -> None:
    query = {
        "id": "7",
        "version": "2",
        "start": "2026-12-07T10:00",
        "end": "2026-12-07T11:00",
        "resource": "3",
        "from_resource": "3",
        "by": "room",
    }
    assert drag_from_query(RequestFactory().get("/", query), BUCHAREST).room_id is KEEP


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{",
        '{"id": "x"}',
        '{"id": 1, "version": 1, "start": "2026-12-07T11:00", "end": "2026-12-07T10:00"}',
    ],
)
def test_a_broken_drag_is_refused(body: str) -> None:
    request = RequestFactory().post("/", body, content_type="application/json")
    with pytest.raises(ValidationError):
        drag_from_body(request, BUCHAREST)
