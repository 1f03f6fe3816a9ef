"""Whether one can register, and why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from convenor.attendance.enums import FormMode
from convenor.attendance.rules.standing import Door, Standing, standing_of
from convenor.events.enums import EventState
from tests.factories.events import NOW

HOUR = timedelta(hours=1)
DOOR = Door(state=EventState.CONFIRMED, ends_at=NOW + timedelta(days=14))


@pytest.mark.parametrize(
    ("changes", "standing"),
    [
        ({}, Standing.OPEN),
        ({"left": 3}, Standing.OPEN),
        ({"left": 0}, Standing.WAITLIST),
        ({"left": 0, "has_waitlist": False}, Standing.FULL),
        ({"is_open": False}, Standing.CLOSED),
        ({"is_open": False, "opens_at": NOW + HOUR}, Standing.CLOSED),
        ({"opens_at": NOW + HOUR}, Standing.NOT_YET),
        ({"opens_at": NOW}, Standing.OPEN),
        ({"closes_at": NOW}, Standing.CLOSED),
        ({"closes_at": NOW + HOUR}, Standing.OPEN),
        ({"opens_at": NOW - HOUR, "closes_at": NOW - HOUR}, Standing.CLOSED),
        ({"mode": FormMode.INVITATION}, Standing.INVITATION),
        ({"mode": FormMode.INVITATION, "is_open": False}, Standing.INVITATION),
        ({"ends_at": NOW}, Standing.OVER),
        ({"ends_at": None}, Standing.OPEN),
        ({"state": EventState.IN_PROGRESS}, Standing.OPEN),
        ({"state": EventState.DEBRIEF}, Standing.OVER),
        ({"state": EventState.CLOSED}, Standing.OVER),
        ({"state": EventState.POSTPONED}, Standing.POSTPONED),
        ({"state": EventState.CANCELLED, "ends_at": NOW}, Standing.CANCELLED),
        ({"state": EventState.CANCELLED, "left": 0, "is_open": False}, Standing.CANCELLED),
    ],
)
def test_where_registration_stands(changes: dict[str, Any], standing: Standing) -> None:
    assert standing_of(replace(DOOR, **changes), NOW) == standing
