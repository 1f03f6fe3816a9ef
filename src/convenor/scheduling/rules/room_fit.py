"""Why a room can't be had, as data: a kind and what its sentence needs (sentences/rooms.py)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from convenor.scheduling.rules.room import RoomFacts, RoomNeed, missing_equipment


class Shortage(Enum):
    """What `Trouble.values` are stands beside each."""

    STYLE = "style"  # style
    SEATS = "seats"  # seats there are, people expected
    STEP_FREE = "step_free"
    EQUIPMENT = "equipment"  # code, wanted, there
    TAKEN = "taken"  # from, until, title or ""
    CLOSED = "closed"  # until, reason
    SHUT = "shut"
    TOO_LONG = "too_long"  # minutes at most
    TOO_EARLY = "too_early"  # days ahead at most


@dataclass(frozen=True, slots=True)
class Trouble:
    kind: Shortage
    values: tuple[Any, ...] = ()


def lacks(room: RoomFacts, need: RoomNeed) -> list[Trouble]:
    """What the room lacks, whatever the time."""
    found: list[Trouble] = []
    setup = room.setup(need.style)
    if need.style and setup is None:
        found.append(Trouble(Shortage.STYLE, (need.style,)))
    elif need.seats > (setup.capacity if setup else 0):
        found.append(Trouble(Shortage.SEATS, (setup.capacity if setup else 0, need.seats)))
    if need.step_free and not room.accessible:
        found.append(Trouble(Shortage.STEP_FREE))
    found += [
        Trouble(Shortage.EQUIPMENT, (code, need.equipment[code], room.equipment.get(code, 0)))
        for code in missing_equipment(room, need)
    ]
    return found


def limits(room: RoomFacts, starts_at: datetime, ends_at: datetime, now: datetime) -> list[Trouble]:
    """The room's own limits: how long it is given for, how far ahead."""
    found: list[Trouble] = []
    if room.longest_minutes is not None and ends_at - starts_at > timedelta(minutes=room.longest_minutes):
        found.append(Trouble(Shortage.TOO_LONG, (room.longest_minutes,)))
    if room.window_days is not None and starts_at > now + timedelta(days=room.window_days):
        found.append(Trouble(Shortage.TOO_EARLY, (room.window_days,)))
    return found
