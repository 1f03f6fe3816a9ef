"""Whether one can register just now, and if not, why. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from convenor.attendance.enums import FormMode
from convenor.events.enums import EventState


class Standing(StrEnum):
    """Where a registration form stands."""

    OPEN = "open"
    WAITLIST = "waitlist"  # full, but one can wait
    FULL = "full"
    NOT_YET = "not_yet"
    CLOSED = "closed"
    INVITATION = "invitation"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    OVER = "over"


TAKES = (Standing.OPEN, Standing.WAITLIST)
"""Standings in which the form can be sent."""
_STATES = {
    EventState.CANCELLED: Standing.CANCELLED,
    EventState.POSTPONED: Standing.POSTPONED,
    EventState.DEBRIEF: Standing.OVER,
    EventState.CLOSED: Standing.OVER,
}


@dataclass(frozen=True, slots=True)
class Door:
    """What decides: the event, its form and its roll. `left` is None without a limit."""

    state: EventState
    ends_at: datetime | None
    mode: FormMode = FormMode.PUBLIC
    is_open: bool = True
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    left: int | None = None
    has_waitlist: bool = True


def standing_of(door: Door, now: datetime) -> Standing:
    """Why one can't comes before how full it is: what can't be helped is said first."""
    if standing := event_standing(door.state, door.ends_at, now):
        return standing
    if door.mode == FormMode.INVITATION:
        return Standing.INVITATION
    if not door.is_open or (door.closes_at is not None and door.closes_at <= now):
        return Standing.CLOSED
    if door.opens_at is not None and now < door.opens_at:
        return Standing.NOT_YET
    if door.left is None or door.left > 0:
        return Standing.OPEN
    return Standing.WAITLIST if door.has_waitlist else Standing.FULL


def event_standing(state: EventState, ends_at: datetime | None, now: datetime) -> Standing | None:
    """What the event itself stands in the way with, whoever asks; None: nothing."""
    if state in _STATES:
        return _STATES[state]
    return Standing.OVER if ends_at is not None and ends_at <= now else None
