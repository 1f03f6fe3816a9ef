"""What a new function starts with: from the address, else the event's own first hour."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from convenor.events.rules.dates import Dated, local_in

MOST_TEXT = 60


def prefilled(event: Dated, query: Mapping[str, str]) -> dict[str, Any]:
    """`?start=2026-12-07T10:00&track=…&room=7`; anything that isn't one is left out."""
    start = _start(query.get("start", "")) or local_in(event.zone, event.starts_at)
    room = query.get("room", "")
    found: dict[str, Any] = {"local_start": start, "track": query.get("track", "")[:MOST_TEXT]}
    return {**found, "room_id": room} if room.isdecimal() and room.isascii() else found


def _start(text: str) -> datetime | None:
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        return None
    return start if start.tzinfo is None else None
