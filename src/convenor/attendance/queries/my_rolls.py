"""What the rolls of the events that one runs want looked after: a few lines for Today, the most urgent first."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Q

from convenor.attendance.enums import SeatState
from convenor.attendance.models import Roll, Seat
from convenor.attendance.queries.capacity import room_capacities
from convenor.attendance.queries.numbers import numbers_of
from convenor.attendance.queries.overseen import events_in_hand_of
from convenor.attendance.queries.refit import demand_of
from convenor.attendance.queries.timing import is_on, starts_at
from convenor.attendance.rules.refit import Fit, fit_of
from convenor.attendance.rules.roll_notes import NoteKind, RollNote
from convenor.base.actor import Actor
from convenor.events.enums import OVER, EventState

LAPSING, DUE = timedelta(hours=24), timedelta(days=7)
"""How long before an offer lapses, and a guaranteed count is due, it is said."""
QUIET = (*OVER, EventState.DEBRIEF, EventState.POSTPONED)


def roll_notes_for(actor: Actor, now: datetime) -> list[RollNote]:
    """Of events that the actor runs in person and that haven't begun. 8 queries at most, however many rolls."""
    events = events_in_hand_of(actor).exclude(state__in=QUIET).filter(ends_at__gt=now)
    rows = Roll.objects.filter(
        Q(function__isnull=True) | Q(function__removed_at__isnull=True), event__in=events.values("pk")
    )
    rows = rows.select_related("event", "function__occurrence__meeting").order_by("pk")
    rolls = [roll for roll in rows if is_on(roll) and (starts_at(roll) or now) >= now]
    return sorted(_notes(rolls, now), key=lambda note: (note.at is None, note.at or now, note.roll_id))


def _notes(rolls: Collection[Roll], now: datetime) -> Iterator[RollNote]:
    if not rolls:
        return
    lapsing, numbers, seats = _lapsing(rolls, now), numbers_of(rolls), room_capacities(rolls)
    for roll in rolls:
        own = numbers[roll.pk]
        about = roll.pk, _title(roll)
        if count := lapsing.get(roll.pk):
            yield RollNote(*about, NoteKind.OFFERS_LAPSE, count, now)
        if roll.guarantee_due is not None and roll.guaranteed_at is None and roll.guarantee_due <= now + DUE:
            yield RollNote(*about, NoteKind.GUARANTEE_DUE, own.coming, roll.guarantee_due)
        if fit_of(demand_of(roll, own, now), seats[roll.pk]) is Fit.OUTGROWN:
            yield RollNote(*about, NoteKind.OUTGROWN, own.used + own.waiting - (seats[roll.pk] or 0), None)


def _lapsing(rolls: Collection[Roll], now: datetime) -> dict[int, int]:
    """Offers that end within a day, by roll. 1 query."""
    rows = Seat.objects.filter(
        roll__in=rolls, state=SeatState.OFFERED, offer_expires_at__gt=now, offer_expires_at__lte=now + LAPSING
    )
    return dict(rows.order_by().values_list("roll_id").annotate(count=Count("pk")))


def _title(roll: Roll) -> str:
    if roll.function is None:
        return roll.event.title
    occurrence = roll.function.occurrence
    return f"{occurrence.title or occurrence.meeting.title} ({roll.event.title})"
