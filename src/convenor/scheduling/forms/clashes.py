"""What was chosen for each date on which the room can't be had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from convenor.kernel.instants import LocalTime
from convenor.scheduling.drafts import REFUSE, OnClash

PREFIX = "clash-"
WITHOUT, LEAVE_OUT = "without", "out"


@dataclass(frozen=True, slots=True)
class ClashChoices:
    """`on_clash` for the action; `left_out` are dates on which the meeting isn't to take place. Choices nobody could make are dropped."""

    on_clash: OnClash = REFUSE
    left_out: tuple[LocalTime, ...] = field(default=())


def choices_in(data: Mapping[str, str]) -> ClashChoices:
    """From fields such as `clash-2026-12-07T10:00:00`: the key of a room, "without" or "out"."""
    rooms: dict[LocalTime, int | None] = {}
    left_out: list[LocalTime] = []
    for name, value in data.items():
        date = _date(name)
        if date is None:
            continue
        if value == LEAVE_OUT:
            left_out.append(date)
        elif value == WITHOUT:
            rooms[date] = None
        elif value.isdecimal() and len(value) < 19:
            rooms[date] = int(value)
    if not rooms and not left_out:
        return ClashChoices()
    return ClashChoices(rooms or REFUSE, tuple(sorted(left_out)))


def _date(name: str) -> LocalTime | None:
    if not name.startswith(PREFIX):
        return None
    try:
        date = datetime.fromisoformat(name.removeprefix(PREFIX))
    except ValueError:
        return None
    return None if date.tzinfo else LocalTime(date)
