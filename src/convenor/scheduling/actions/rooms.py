"""Rooms for occurrences: lock, look, book, let go. Inside the transaction of the action that calls.

A booking claims every unit of its room. The units are locked in the order of their keys before
anything is looked at, so that requests for one space queue instead of deadlocking (PostgreSQL;
SQLite lets one writer in at a time), and what was seen free stays free until the claims are in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.inserting import insert_rows
from convenor.base.updating import update_rows
from convenor.scheduling.drafts import Notice, RoomClash
from convenor.scheduling.enums import BookingState
from convenor.scheduling.models import Booking, Claim, Occurrence
from convenor.scheduling.permissions import may_exceed_limits
from convenor.scheduling.queries.blocked import Obstacles, Wanted, best_rooms_each, obstacles, sentences
from convenor.scheduling.refusals import RoomClashes
from convenor.scheduling.rules.room import RoomFacts, RoomNeed, too_early, too_long
from convenor.venues.models import BookableUnit

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """A room for one occurrence. `booking` is the one it has already, which moves along.

    `need` is its own meeting's, where wishes of several are settled together; `instead_of` the booking that it replaces.
    """

    occurrence: Occurrence
    room: RoomFacts
    style: str = ""
    booking: Booking | None = None
    need: RoomNeed | None = None
    instead_of: int | None = None

    @property
    def wanted(self) -> Wanted:
        starts_at, ends_at = self.occurrence.starts_at, self.occurrence.ends_at
        return Wanted(self.room, starts_at, ends_at, self.room.reserved(starts_at, ends_at, self.style))


@dataclass(frozen=True, slots=True)
class Settled:
    """What was booked, or moved to another time, and how many bookings were let go."""

    bookings: tuple[Booking, ...] = ()
    notices: tuple[Notice, ...] = ()
    released: int = 0


def settle_rooms(
    *,
    actor: Actor,
    wishes: Sequence[Wish],
    need: RoomNeed,
    now: datetime,
    let_go: Collection[int] = (),
    hold_until: datetime | None = None,
) -> Settled:
    """Book every wish and release the bookings `let_go`, or raise RoomClashes with what is blocked."""
    moved = [wish.booking.pk for wish in wishes if wish.booking]
    if moved or let_go:
        deactivate([*moved, *let_go])
    if not wishes:
        release(let_go)
        return Settled()
    lock_units(unit for wish in wishes for unit in wish.room.unit_ids)
    wanted, may_exceed = [wish.wanted for wish in wishes], may_exceed_limits(actor)
    found = obstacles(wanted, now=now, may_exceed=may_exceed)
    if found.blocked:
        raise RoomClashes(_clashes(actor, wishes, wanted, found, need, now, may_exceed=may_exceed))
    expire(found.expired)
    release(let_go)
    notices = _limit_notices(wanted, now) if may_exceed else []
    return Settled(tuple(_write(actor, wishes, wanted, hold_until)), tuple(notices))


def lock_units(unit_ids: Iterable[int]) -> None:
    if connection.features.has_select_for_update:
        units = BookableUnit.objects.filter(pk__in=set(unit_ids)).order_by("pk")
        list(units.select_for_update(no_key=True).values_list("pk", flat=True))


def _clashes(
    actor: Actor,
    wishes: Sequence[Wish],
    wanted: Sequence[Wanted],
    found: Obstacles,
    need: RoomNeed,
    now: datetime,
    *,
    may_exceed: bool,
) -> tuple[RoomClash, ...]:
    words = sentences(actor, wanted, found)
    places = sorted(found.blocked, key=lambda place: wanted[place].starts_at)
    needs = [wishes[place].need or need for place in places]
    free = [each for place, each in enumerate(wanted) if place not in found.blocked]
    best = best_rooms_each(
        [wanted[place] for place in places], needs, now=now, may_exceed=may_exceed, besides=free
    )
    return tuple(
        RoomClash(
            recurrence_id=wishes[place].occurrence.recurrence_id,
            starts_at=wanted[place].starts_at,
            ends_at=wanted[place].ends_at,
            room_id=wanted[place].room.id,
            sentence=words[place],
            best=suggestion,
            occurrence_id=wishes[place].occurrence.pk,
            booking_id=wishes[place].instead_of,
        )
        for place, suggestion in zip(places, best, strict=True)
    )


def _limit_notices(wanted: Sequence[Wanted], now: datetime) -> list[Notice]:
    """A coordinator may exceed the room's limits, and is told once of each."""
    words = dict.fromkeys(
        sentence
        for each in wanted
        for sentence in (
            too_long(each.room, each.starts_at, each.ends_at),
            too_early(each.room, each.starts_at, now),
        )
        if sentence
    )
    return [Notice("room_limit", sentence, "room_id") for sentence in words]


def _write(
    actor: Actor, wishes: Sequence[Wish], wanted: Sequence[Wanted], hold_until: datetime | None
) -> list[Booking]:
    """Bookings that moved are updated, the others made; all claims are new."""
    bookings: list[Booking] = []
    for wish, each in zip(wishes, wanted, strict=True):
        booking = wish.booking or Booking(room_id=wish.room.id, booked_by_id=actor.person_id)
        booking.occurrence = wish.occurrence
        booking.starts_at, booking.ends_at = each.starts_at, each.ends_at
        booking.reserved_start, booking.reserved_end = each.reserved
        booking.is_long = each.reserved[1] - each.reserved[0] > DAY
        booking.setup_style = wish.style
        if booking.state != BookingState.HELD or wish.booking is None:
            booking.state = state_of(actor, wish.room, hold_until)
            booking.hold_expires_at = hold_until
        bookings.append(booking)
    save_bookings(bookings)
    units = {booking.pk: wish.room.unit_ids for booking, wish in zip(bookings, wishes, strict=True)}
    insert_rows(claims_of(bookings, units))
    return bookings


def state_of(actor: Actor, room: RoomFacts, hold_until: datetime | None) -> BookingState:
    """Held if asked so; pending where somebody else must approve; confirmed otherwise."""
    if hold_until is not None:
        return BookingState.HELD
    needs_approval = room.approver_id is not None and room.approver_id != actor.user_id
    return BookingState.PENDING if needs_approval else BookingState.CONFIRMED


MOVED = (
    *("starts_at", "ends_at", "reserved_start", "reserved_end", "is_long"),
    *("setup_style", "state", "hold_expires_at", "quantity"),
)


def save_bookings(bookings: Sequence[Booking]) -> None:
    moved = [booking for booking in bookings if booking.pk]
    insert_rows(booking for booking in bookings if not booking.pk)
    if moved:
        Claim.objects.filter(booking__in=[booking.pk for booking in moved]).delete()
        update_rows(moved, MOVED)


def claims_of(bookings: Iterable[Booking], units: dict[int, tuple[int, ...]]) -> list[Claim]:
    return [
        Claim(
            booking=booking,
            unit_id=unit,
            starts_at=booking.reserved_start,
            ends_at=booking.reserved_end,
            is_long=booking.is_long,
        )
        for booking in bookings
        for unit in units[booking.pk]
    ]


def deactivate(booking_ids: Collection[int]) -> None:
    Claim.objects.filter(booking__in=booking_ids, is_active=True).update(is_active=False)


def release(booking_ids: Collection[int]) -> None:
    """Let the bookings and their claims go; they stay on record as released."""
    if booking_ids:
        deactivate(booking_ids)
        Booking.objects.filter(pk__in=booking_ids).update(state=BookingState.RELEASED, hold_expires_at=None)


def expire(booking_ids: Collection[int]) -> int:
    """Release holds whose time is up, each with its entry in the audit log; how many."""
    if not booking_ids:
        return 0
    bookings = list(Booking.objects.filter(pk__in=booking_ids, state=BookingState.HELD).order_by("pk"))
    actor = Actor.system("Expiry of holds")
    audit.record_all(
        audit.entry(
            actor=actor,
            action="booking.expired",
            obj=booking,
            before={"state": booking.state, "hold_expires_at": booking.hold_expires_at},
            after={"state": BookingState.RELEASED, "hold_expires_at": None},
        )
        for booking in bookings
    )
    release([booking.pk for booking in bookings])
    return len(bookings)
