"""A room as its pages show it: plain values made from rows, so that templates decide nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse

from convenor.kernel.instants import ZoneName
from convenor.scheduling.queries.room_finder import FoundRoom, FoundRooms, RoomQuestion
from convenor.scheduling.sentences.rooms import trouble_sentence

WALL_CLOCK = "%Y-%m-%dT%H:%M"


def answer_of(
    found: FoundRooms, question: RoomQuestion, *, zone: ZoneName, equipment: Mapping[str, str], may_book: bool
) -> dict[str, Any]:
    """`free` and `others` for the template; a free room has the address at which it is booked, in the reader's clock."""
    return {
        "free": [_shown(each, question, zone, equipment, may_book=may_book) for each in found.free],
        "others": [_shown(each, question, zone, equipment, may_book=False) for each in found.others],
        "has_time": question.starts_at is not None,
    }


def _shown(
    found: FoundRoom, question: RoomQuestion, zone: ZoneName, equipment: Mapping[str, str], *, may_book: bool
) -> dict[str, Any]:
    return {
        "room": found.room,
        "seats": found.seats,
        "spare": found.spare if question.need.headcount else None,
        "cost": found.cost,
        "troubles": [
            trouble_sentence(each, zone=found.room.site.zone, equipment=equipment) for each in found.troubles
        ],
        "book_href": _book_href(found.room.pk, question, zone) if may_book else "",
    }


def _book_href(room: int, question: RoomQuestion, zone: ZoneName) -> str:
    query: dict[str, Any] = {"room": room}
    if question.starts_at and question.ends_at:
        clock = ZoneInfo(zone)
        query |= {
            "start": question.starts_at.astimezone(clock).strftime(WALL_CLOCK),
            "end": question.ends_at.astimezone(clock).strftime(WALL_CLOCK),
        }
    if question.need.headcount:
        query["headcount"] = question.need.headcount
    return f"{reverse('meeting.new')}?{urlencode(query)}"
