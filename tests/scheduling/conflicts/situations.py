"""Timelines that the detectors are shown, in hours after now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from convenor.kernel.instants import HOUR, Instant, LocalTime, Span, ZoneName, to_instant
from convenor.scheduling.enums import AttendeeRole
from convenor.scheduling.rules.conflicts.facts import (
    Attendance,
    Facts,
    Timeline,
)
from convenor.scheduling.rules.conflicts.found import Found

BUCHAREST, NEW_YORK, UTC = ZoneName("Europe/Bucharest"), ZoneName("America/New_York"), ZoneName("UTC")
NOW = to_instant(LocalTime(datetime(2026, 11, 23, 8)), UTC)
OPTIONAL, REQUIRED, CHAIR = AttendeeRole.OPTIONAL, AttendeeRole.REQUIRED, AttendeeRole.CHAIR


def span(start: float, end: float) -> Span:
    """Hours after now."""
    return Span(Instant(NOW + int(start * HOUR)), Instant(NOW + int(end * HOUR)))


def at(key: int, start: float, end: float, **fields: Any) -> Attendance:
    values: dict[str, Any] = {
        "person_id": 1,
        "occurrence_id": key,
        "meeting_id": key,
        "uid": f"m{key}",
        "span": span(start, end),
        "role": REQUIRED,
    }
    return Attendance(**values | fields)


def timeline(*items: Attendance, **fields: Any) -> Facts:
    return Facts(now=NOW, timelines=(Timeline(1, items, **fields),))


def keys(found: Iterable[Found]) -> list[tuple[int, ...]]:
    return sorted(each.occurrence_ids for each in found)
