"""What the tests of the meeting's screens send and read."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from convenor.people.models import Person

SEARCH = {"look_from": "2026-12-07", "look_until": "2026-12-07", "local_start": ""}


def client_of(person: Person) -> Client:
    client = Client()
    assert person.user is not None
    client.force_login(person.user)
    return client


def form_of(person: Person, **fields: Any) -> dict[str, Any]:
    """What the browser sends for an hour on Monday, 7 December 2026, at ten in Bucharest."""
    return {
        "title": "Sprint review",
        "organiser_id": person.email,
        "attendees": person.email,
        "local_start": "2026-12-07T10:00",
        "duration_minutes": "60",
        "zone": "Europe/Bucharest",
        "priority": "2",
        "is_movable": "on",
        "shows_as_busy": "on",
    } | fields


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())
