"""Rolls go with their events: deadlines move along, offers wait while there is no date, and everybody on them is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from convenor.attendance.actions.following import topic_of, welcome
from convenor.attendance.actions.notices import KIND, tell
from convenor.attendance.actions.offers import fill_seats, offer_ends
from convenor.attendance.actions.onward import pass_on
from convenor.attendance.actions.opening import lock_rolls
from convenor.attendance.actions.picking import recount_picks
from convenor.attendance.actions.seats import become, record_seats, save_seats, states_of
from convenor.attendance.enums import Notice, SeatState
from convenor.attendance.models import RegistrationForm, Roll
from convenor.attendance.queries.moving import DEADLINES, effects_of, offered, reached, unreleased
from convenor.base import audit, outbox
from convenor.base.actor import Actor
from convenor.base.updating import update_rows
from convenor.events.enums import Occasion
from convenor.events.models import Event
from convenor.events.rules.moving import Shift

__all__ = ["effects_of", "move_rolls"]
WAITLIST = Actor.system("Waitlist")


def move_rolls(actor: Actor, event_id: int, occasion: Occasion, shift: Shift | None, now: datetime) -> None:
    """An event moved, was postponed, taken up again or called off: inside its transaction, after its functions."""
    rolls = lock_rolls(list(Roll.objects.filter(event=event_id).values_list("pk", flat=True)))
    if not rolls:
        return
    event = Event.objects.get(pk=event_id)
    if shift is None:
        _withdraw_offers(event_id, rolls.values(), now)
    else:
        _shift(actor, event_id, rolls.values(), shift)
        welcome(list(rolls), now)
        fill_seats(rolls.values(), now)
    # One mail about the event says all that those about its functions would
    outbox.take_waiting(kind=KIND, begins=topic_of(event_id))
    notice = Notice.MOVED if shift is not None else Notice.CALLED_OFF
    said = occasion != Occasion.MOVED and event.state_reason
    facts: dict[str, Any] = {"reason": event.state_reason} if said else {}
    tell(reached(event_id), notice, now, **facts)


def _withdraw_offers(event_id: int, rolls: Iterable[Roll], now: datetime) -> None:
    """Back to where they stood on the waitlist: whoever was next is next once there is a date."""
    seats = list(offered(event_id))
    before, turns = states_of(seats), {seat.pk: seat.waitlisted_at for seat in seats}
    for seat in seats:
        become(seat, SeatState.WAITLISTED, now)
        seat.waitlisted_at = turns[seat.pk] or now
    save_seats(seats)
    recount_picks({seat.registration_id for seat in seats})
    record_seats(WAITLIST, "seat.changed", seats, before)
    pass_on(seats, now)
    fill_seats(rolls, now)  # offers nothing while there is no date, but counts what is held


def _shift(actor: Actor, event_id: int, rolls: Iterable[Roll], shift: Shift) -> None:
    for roll in rolls:
        before = audit.snapshot(roll, DEADLINES)
        for name in DEADLINES:
            setattr(roll, name, shift.of_or_none(getattr(roll, name)))
        roll.version += 1
        audit.record(
            actor=actor, action="roll.moved", obj=roll, before=before, after=audit.snapshot(roll, DEADLINES)
        )
    update_rows(list(rolls), [*DEADLINES, "version"])
    _shift_rest(event_id, {roll.pk: roll for roll in rolls}, shift)


def _shift_rest(event_id: int, rolls: dict[int, Roll], shift: Shift) -> None:
    """Release dates and the hours of registration; offers last as long as before, but never past the new start."""
    allotments = list(unreleased(event_id))
    for allotment in allotments:
        allotment.release_at = shift.of_or_none(allotment.release_at)
    update_rows(allotments, ["release_at"])
    forms = list(RegistrationForm.objects.filter(event=event_id))
    for form in forms:
        form.opens_at, form.closes_at = shift.of_or_none(form.opens_at), shift.of_or_none(form.closes_at)
        form.version += 1
    update_rows(forms, ["opens_at", "closes_at", "version"])
    seats = [seat for seat in offered(event_id) if seat.offered_at]
    for seat in seats:
        assert seat.offered_at is not None
        seat.offer_expires_at = offer_ends(rolls[seat.roll_id], seat.offered_at)
    update_rows(seats, ["offer_expires_at"])
