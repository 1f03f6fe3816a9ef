"""The rows that the schedule draws: places, times, flags, and what nobody else may read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.base.actor import Actor
from convenor.kernel.instants import Instant, Span, ZoneName, instant_of
from convenor.scheduling.queries import timeline
from convenor.scheduling.queries.timeline import HUE_UNIT, Flag
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.scheduling import make_meeting
from tests.factories.venues import RoomFactory

pytestmark = pytest.mark.django_db
BUCHAREST = ZoneName("Europe/Bucharest")
DAY = 86_400
# The week of Monday, 7 December 2026, in Bucharest
WEEK = Span(
    instant_of(datetime(2026, 12, 6, 22, tzinfo=UTC)),
    Instant(instant_of(datetime(2026, 12, 6, 22, tzinfo=UTC)) + 7 * DAY),
)


def rooms_drawn(actor: Actor, *rooms: Any) -> dict[str, Any]:
    body = timeline.room_timeline(actor, span=WEEK, zone=BUCHAREST, room_ids=[room.pk for room in rooms])
    return dict(json.loads(body))


def flags(row: list[int]) -> int:
    return row[5] % HUE_UNIT


def test_a_booking_stands_in_its_room_at_its_wall_clock_time() -> None:
    owner, room, other = alice(), RoomFactory(), RoomFactory()
    saved = make_meeting(owner, people=[owner], room=room)
    drawn = rooms_drawn(actor_of(owner), other, room)
    occurrence = saved.meeting.occurrences.get()
    assert drawn["from"] == "2026-12-07"
    assert drawn["resources"] == [str(other.pk), str(room.pk)]
    assert drawn["titles"] == ["Sprint review"]
    [row] = drawn["rows"]
    assert row[:5] == [occurrence.pk, 1, 600, 60, 0]
    assert flags(row) == Flag.MOVABLE


def test_the_outsider_reads_busy_where_the_meeting_is_private() -> None:
    owner, teammate, outsider, room = alice(), bob(), charlie(), RoomFactory()
    make_meeting(owner, people=[owner, teammate], room=room, title="Takeover of Initech", is_private=True)
    body = timeline.room_timeline(actor_of(outsider), span=WEEK, zone=BUCHAREST, room_ids=[room.pk])
    assert b"Initech" not in body
    seen = rooms_drawn(actor_of(teammate), room)
    assert seen["titles"] == ["Takeover of Initech"]
    assert not flags(seen["rows"][0]) & Flag.HIDDEN


def test_a_teammate_sees_a_private_meeting_they_are_not_in_as_busy() -> None:
    owner, teammate, room = alice(), bob(), RoomFactory()
    make_meeting(owner, people=[owner], room=room, title="Takeover of Initech", is_private=True)
    drawn = rooms_drawn(actor_of(teammate), room)
    assert drawn["titles"] == ["Busy"]
    assert flags(drawn["rows"][0]) == Flag.HIDDEN


def test_only_who_may_edit_may_drag() -> None:
    owner, teammate, room = alice(), bob(), RoomFactory()
    make_meeting(owner, people=[owner, teammate], room=room)
    assert flags(rooms_drawn(actor_of(owner), room)["rows"][0]) & Flag.MOVABLE
    assert not flags(rooms_drawn(actor_of(teammate), room)["rows"][0]) & Flag.MOVABLE


def test_a_row_long_past_its_start_still_shows() -> None:
    owner, room = alice(), RoomFactory()
    make_meeting(
        owner,
        people=[owner],
        room=room,
        local_start=datetime(2026, 12, 4),
        duration_minutes=5 * 1440,
        all_day=True,
    )
    [row] = rooms_drawn(actor_of(owner), room)["rows"]
    assert row[2] == -3 * 1440
    assert flags(row) & Flag.ALL_DAY


@pytest.mark.parametrize("draw", ["rooms", "people", "mine", "company"])
def test_the_number_of_queries_does_not_grow(draw: str) -> None:
    owner, room = alice(), RoomFactory()
    actor = actor_of(owner)
    made = {1: 0, 3: 0}
    for count in made:
        for number in range(count):
            make_meeting(
                owner, people=[owner], room=room, local_start=datetime(2026, 12, 6 + count, 9 + number)
            )
        with CaptureQueriesContext(
            connection,
        ) as queries:
            drawn = _draw(draw, actor, owner.pk, room.pk)
        made[count] = len(queries)
        assert drawn["rows"]
    assert made[1] == made[3]


def _draw(what: str, actor: Actor, person: int, room: int) -> dict[str, Any]:
    body = {
        "rooms": partial(timeline.room_timeline, actor, room_ids=[room]),
        "people": partial(timeline.person_timeline, actor, person_ids=[person]),
        "mine": partial(timeline.calendar_of_people, actor, person_ids=[person]),
        "company": partial(timeline.calendar_of_company, actor),
    }[what](span=WEEK, zone=BUCHAREST)
    return dict(json.loads(body))
