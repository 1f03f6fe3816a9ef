"""Movable equipment for occurrences: free pieces of one kind at one site, picked and claimed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError

from convenor.base.actor import Actor
from convenor.base.inserting import insert_rows
from convenor.scheduling.actions.rooms import (
    claims_of,
    deactivate,
    expire,
    lock_units,
    release,
    save_bookings,
)
from convenor.scheduling.models import Booking
from convenor.scheduling.queries.claims import TakenUnits, taken_units
from convenor.scheduling.queries.pieces import Picker, PieceWish, short_sentences, units_of


def settle_pieces(
    *, actor: Actor, wishes: Sequence[PieceWish], now: datetime, let_go: Collection[int] = ()
) -> list[Booking]:
    """Book every wish and release the bookings `let_go`; ValidationError says where too few pieces are free."""
    moved = [wish.booking.pk for wish in wishes if wish.booking]
    if moved or let_go:
        deactivate([*moved, *let_go])
    release(let_go)
    if not wishes:
        return []
    units = units_of(wishes)
    every = {unit for group in units.values() for unit in group}
    lock_units(every)
    taken = taken_units(every, [wish.window for wish in wishes], now=now)
    picker = Picker(units, taken)
    picked = [picker.pick(wish) for wish in wishes]
    _refuse_short(wishes, picked)
    expire(_expired(wishes, picked, taken))
    return _write(actor, wishes, picked)


def _expired(wishes: Sequence[PieceWish], picked: Sequence[tuple[int, ...]], taken: TakenUnits) -> set[int]:
    return {
        claim.booking_id
        for wish, units in zip(wishes, picked, strict=True)
        for claim in taken.in_the_way(units, *wish.window)
    }


def _refuse_short(wishes: Sequence[PieceWish], picked: Sequence[tuple[int, ...]]) -> None:
    if sentences := short_sentences(wishes, picked):
        raise ValidationError({"equipment": list(sentences.values())})


def _write(actor: Actor, wishes: Sequence[PieceWish], picked: Sequence[tuple[int, ...]]) -> list[Booking]:
    bookings: list[Booking] = []
    for wish in wishes:
        booking = wish.booking or Booking(equipment_id=wish.equipment_id, booked_by_id=actor.person_id)
        booking.occurrence, booking.quantity = wish.occurrence, wish.quantity
        booking.starts_at, booking.ends_at = booking.reserved_start, booking.reserved_end = wish.window
        booking.is_long = booking.ends_at - booking.starts_at > timedelta(days=1)
        bookings.append(booking)
    save_bookings(bookings)
    units = {booking.pk: chosen for booking, chosen in zip(bookings, picked, strict=True)}
    insert_rows(claims_of(bookings, units))
    return bookings
