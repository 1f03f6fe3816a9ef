"""The rows of seats: what a change of state does to their columns, and how many are written at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from convenor.attendance.enums import COMING, GONE, TAKING, SeatState
from convenor.attendance.models import Registration, Seat
from convenor.attendance.rules.waitlist import OPEN
from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.updating import update_rows

COLUMNS = (
    *("state", "allotment", "invited_at", "answered_at", "waitlisted_at", "offered_at", "offer_expires_at"),
    *("ended_at", "reason", "checked_in_at"),
)
States = Mapping[int, str]
"""A seat's state by its key, before a change."""


def become(
    seat: Seat,
    state: SeatState,
    now: datetime,
    *,
    where: int | None = None,
    reason: str = "",
    until: datetime | None = None,
) -> Seat:
    """Set the seat's columns to the state. `where` is the allotment it is taken from, or OPEN; None leaves it."""
    seat.state, seat.reason = state, reason
    seat.offer_expires_at = until if state == SeatState.OFFERED else None
    seat.ended_at = now if state in GONE else None
    if where is not None:
        seat.allotment_id = None if where == OPEN else where
    elif state in (SeatState.WAITLISTED, SeatState.INVITED):
        seat.allotment_id = None
    match state:
        case SeatState.INVITED:
            seat.invited_at, seat.answered_at = now, None
        case SeatState.WAITLISTED:
            seat.waitlisted_at = now
        case SeatState.OFFERED:
            seat.offered_at = now
        case SeatState.CHECKED_IN:
            seat.checked_in_at = seat.checked_in_at or now
        case _:
            pass
    if state in COMING:
        seat.answered_at = seat.answered_at or now
    return seat


def seats_of(registration: Registration) -> list[Seat]:
    """Those that were read with it; none of a row that wasn't there before."""
    cached: Mapping[str, Iterable[Seat]] = getattr(registration, "_prefetched_objects_cache", {})
    return list(cached.get("seats", ()))


def save_seats(seats: Sequence[Seat]) -> None:
    """Write changed seats, those that free a place first, so that another can take it in the same breath."""
    update_rows(sorted(seats, key=lambda seat: seat.state in TAKING), COLUMNS)


def states_of(seats: Iterable[Seat]) -> dict[int, str]:
    return {seat.pk: SeatState(seat.state).value for seat in seats}


def record_seats(actor: Actor, action: str, seats: Iterable[Seat], before: States, **also: object) -> None:
    """One entry for each registration: the states of its seats by their rolls, before and after."""
    changed: dict[int, tuple[Registration, dict[str, str], dict[str, str]]] = {}
    for seat in seats:
        _row, old, new = changed.setdefault(seat.registration_id, (seat.registration, {}, {}))
        old[str(seat.roll_id)] = before.get(seat.pk, "")
        new[str(seat.roll_id)] = SeatState(seat.state).value
    audit.record_all(
        audit.entry(actor=actor, action=action, obj=row, before={"seats": old}, after={"seats": new, **also})
        for row, old, new in changed.values()
    )
