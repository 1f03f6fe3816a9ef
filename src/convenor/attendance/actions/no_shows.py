"""Letting go of the seats of those who didn't come, and of rooms that nobody came to."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from convenor.attendance.actions.offers import fill_seats
from convenor.attendance.actions.onward import pass_on
from convenor.attendance.actions.opening import lock_rolls
from convenor.attendance.actions.picking import recount_picks
from convenor.attendance.actions.seats import become, record_seats, save_seats, states_of
from convenor.attendance.enums import SeatState
from convenor.attendance.models import Roll, Seat
from convenor.attendance.queries.timing import ends_at, is_on, starts_at
from convenor.attendance.rules.check_in import EXPECTED, give_up_at
from convenor.attendance.rules.seat_states import GIVEN_UP
from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.events.enums import EventState
from convenor.scheduling.actions.booking import release_booking
from convenor.scheduling.enums import ACTIVE_BOOKINGS
from convenor.scheduling.models import Booking

DOOR = Actor.system("Check-in")
LOOK_BACK = timedelta(days=14)
"""Older rolls are left as they are: no worker was away for longer."""
ABSENT = (EventState.CANCELLED, EventState.POSTPONED)


def give_up_no_shows(now: datetime) -> int:
    """Give up seats that nobody came to in the time that their roll gives; how many. One transaction for each roll.

    Only where the door is kept, so that an event at which nobody is checked in isn't emptied: somebody came in by this
    roll's door; or, where the roll gives up its room, by any of the event's.
    """
    count = 0
    for roll in _candidates(now):
        if _is_time(roll, now):
            count += _give_up(roll.pk, now)
            _give_up_rooms(roll, now)
    return count


def _candidates(now: datetime) -> list[Roll]:
    """One query, and no row once all is done."""
    starts = Coalesce("function__occurrence__starts_at", "event__starts_at")
    rows = Roll.objects.filter(no_show_minutes__isnull=False).exclude(event__state__in=ABSENT)
    rows = rows.annotate(starts=starts).filter(starts__lte=now, starts__gt=now - LOOK_BACK)
    unclaimed = Exists(Seat.objects.filter(roll=OuterRef("pk"), state__in=EXPECTED))
    booked = Q(gives_up_room=True) & Exists(_bookings(OuterRef("function__occurrence")))
    rows = rows.filter(Exists(_came(roll__event=OuterRef("event")))).filter(unclaimed | booked)
    return list(rows.select_related("event", "function__occurrence").order_by("pk"))


def _is_time(roll: Roll, now: datetime) -> bool:
    start = starts_at(roll)
    return start is not None and is_on(roll) and give_up_at(start, roll.no_show_minutes or 0) <= now


def _came(**where: object) -> QuerySet[Seat]:
    return Seat.objects.filter(checked_in_at__isnull=False, **where)


def _bookings(occurrence: int | OuterRef) -> QuerySet[Booking]:
    return Booking.objects.filter(occurrence=occurrence, room__isnull=False, state__in=ACTIVE_BOOKINGS)


@action
def _give_up(roll_id: int, now: datetime) -> int:
    """The seats, looked at again under the roll's lock."""
    (roll,) = lock_rolls([roll_id]).values()
    if not roll.gives_up_room and not _came(roll=roll).exists():
        return 0
    rows = Seat.objects.filter(roll=roll, state__in=EXPECTED).select_related("registration").order_by("pk")
    seats = list(rows)
    before = states_of(seats)
    for seat in seats:
        become(seat, SeatState.NO_SHOW, now, reason=GIVEN_UP)
    save_seats(seats)
    recount_picks({seat.registration_id for seat in seats})
    record_seats(DOOR, "seat.no_show", seats, before)
    pass_on(seats, now)
    if seats:
        fill_seats([roll], now)
    return len(seats)


def _give_up_rooms(roll: Roll, now: datetime) -> None:
    """Let the rooms go through the ordinary action, which tells those whom it touches."""
    end = ends_at(roll)
    if (
        roll.function is None
        or not roll.gives_up_room
        or end is None
        or end <= now
        or _came(roll=roll).exists()
    ):
        return
    for booking in _bookings(roll.function.occurrence_id).order_by("pk").values_list("pk", flat=True):
        release_booking(actor=DOOR, booking_id=booking)
