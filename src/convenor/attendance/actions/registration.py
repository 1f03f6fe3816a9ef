"""Changing a registration, cancelling it, and letting somebody else come instead: by those who keep the roll, by the
person themselves, and by whoever holds the secret link.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from convenor.attendance.actions.changing import change
from convenor.attendance.actions.notices import tell
from convenor.attendance.actions.opening import refuse_ended, refuse_over
from convenor.attendance.actions.party import (
    Party,
    open_by_token,
    open_registration,
    registration_of_seat,
)
from convenor.attendance.actions.seat import end, write_seats
from convenor.attendance.actions.seats import states_of
from convenor.attendance.actions.substituting import put_instead
from convenor.attendance.drafts import RegistrationDraft, Who
from convenor.attendance.enums import COMING, GONE, Notice, SeatState
from convenor.attendance.models import Registration, Seat
from convenor.attendance.rules.seat_states import By
from convenor.base.actor import Actor
from convenor.base.transactions import action


@action
def change_registration(
    *, actor: Actor, registration_id: int, version: int | None, draft: RegistrationDraft, now: datetime
) -> Registration:
    """Bring a registration to what the draft says: its words, needs and answers, the functions and the guests.

    Functions that are newly chosen give a place or a turn on their waitlist; a new guest needs a place wherever the
    registrant has one. The registrant changes only the functions that can be chosen, and neither priority nor note.
    Raises Registration.DoesNotExist, Refused, and ValidationError by the draft's fields, "stale" on `version`.
    """
    party = open_registration(actor, registration_id, draft.function_ids)
    return change(party, version, draft, now)


@action
def change_by_token(
    *, token: str, version: int | None, draft: RegistrationDraft, now: datetime
) -> Registration:
    """As `change_registration`, for whoever holds the secret link."""
    return change(open_by_token(token, draft.function_ids), version, draft, now)


@action
def substitute(
    *,
    actor: Actor,
    registration_id: int | None = None,
    seat_id: int | None = None,
    who: Who,
    now: datetime,
) -> Registration:
    """Let somebody else come instead, with all seats of a registration or with one seat; the registration that is theirs.

    Guests go along with all seats. Raises Registration.DoesNotExist, Seat.DoesNotExist, Refused, and ValidationError by the
    fields of `who`; "registered_once" on the e-mail for who is there already.
    """
    if registration_id is None:
        assert seat_id is not None
        registration_id = registration_of_seat(seat_id)
    return _substitute(open_registration(actor, registration_id), seat_id, who, now)


@action
def substitute_by_token(*, token: str, seat_id: int | None = None, who: Who, now: datetime) -> Registration:
    """As `substitute`, for whoever holds the secret link."""
    return _substitute(open_by_token(token), seat_id, who, now)


def _substitute(party: Party, seat_id: int | None, who: Who, now: datetime) -> Registration:
    seats = [seat for seat in party.own if seat.state not in GONE and seat_id in (None, seat.pk)]
    if seat_id is not None and not seats and seat_id not in {seat.pk for seat in party.own}:
        raise Seat.DoesNotExist
    return put_instead(party, seats, who, now)


@dataclass(frozen=True, slots=True)
class Cancelled:
    """`seats` are those that were given up now, none where they were before; `was_free` where the roll's time for it
    hadn't passed.
    """

    registration: Registration
    seats: tuple[Seat, ...]
    was_free: bool


@action
def cancel_registration(*, actor: Actor, registration_id: int, reason: str = "", now: datetime) -> Cancelled:
    """Give up all seats of a registration and its guests, and offer them on at once. Cancelling twice changes nothing.

    Raises Registration.DoesNotExist, Refused, and ValidationError for an event that is over and for who is there already.
    """
    return _cancel(open_registration(actor, registration_id), reason, now)


@action
def cancel_by_token(*, token: str, reason: str = "", now: datetime) -> Cancelled:
    """As `cancel_registration`, for whoever holds the secret link."""
    return _cancel(open_by_token(token), reason, now)


def _cancel(party: Party, reason: str, now: datetime) -> Cancelled:
    seats = [seat for seat in party.seats if seat.state not in GONE]
    if not seats:
        return Cancelled(party.registration, (), was_free=True)
    if party.by == By.SELF:
        refuse_over(party.event, now)
    refuse_ended(party.event)
    before = states_of(seats)
    was_free = _is_free(party, seats, now)
    changed = [end(seat, party.by, now, reason) for seat in seats]
    # Who was only asked knows that they declined; who had a place or a turn has it in writing
    had = {seat.registration_id for seat in seats if before[seat.pk] != SeatState.INVITED}
    if had:
        lead = party.registration.guest_of or party.registration
        rolls = {seat.roll_id for seat in seats}
        tell([lead], Notice.CANCELLED, now, roll_ids=rolls, late=not was_free, reason=reason)
    write_seats(
        party.actor,
        "registration.cancelled",
        changed,
        before,
        party.rolls,
        now,
        quietly=True,
        facts={"reason": reason, "late": not was_free},
    )
    return Cancelled(party.registration, tuple(changed), was_free)


def _is_free(party: Party, seats: Collection[Seat], now: datetime) -> bool:
    """Of each roll that somebody was reckoned with on."""
    untils = (party.rolls[seat.roll_id].cancel_free_until for seat in seats if seat.state in COMING)
    return all(until is None or now <= until for until in untils)
