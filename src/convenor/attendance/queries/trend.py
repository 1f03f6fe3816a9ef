"""A roll over time, from what its seats remember of themselves: when somebody said yes, and when they were off again."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet, TextField
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Left

from convenor.attendance.enums import TAKING, SeatState
from convenor.attendance.models import Roll, Seat
from convenor.attendance.rules.roll_trend import RollTrend, roll_trend

STAYED = (*TAKING, SeatState.NO_SHOW)
LEFT = (SeatState.CANCELLED, SeatState.SUBSTITUTED)
SAID_YES = Coalesce("answered_at", "offered_at", "waitlisted_at", "invited_at", "created_at")


def trend_of(roll: Roll, now: datetime) -> RollTrend | None:
    """By the days of the event's zone. None while there is nothing to compare. 2 queries."""
    zone = ZoneInfo(roll.event.zone)
    # Of those who are off, who had only been asked or waited never were on it
    had_come = Q(answered_at__isnull=False) | Q(invited_at__isnull=True, waitlisted_at__isnull=True)
    were_on = Seat.objects.filter(Q(state__in=STAYED) | Q(had_come, state__in=LEFT), roll=roll)
    return roll_trend(
        _by_day(were_on, SAID_YES, zone),
        _by_day(were_on.filter(state__in=LEFT, ended_at__isnull=False), F("ended_at"), zone),
        today=now.astimezone(zone).date(),
        capacity=roll.capacity,
    )


def _by_day(seats: QuerySet[Seat], moment: Combinable, zone: ZoneInfo) -> dict[date, int]:
    """Counted by the hour, since SQLite would have to call Python for each row's local day; a zone's half hours are lost."""
    hour = Left(Cast(moment, TextField()), len("2026-11-23 09"))
    found: Counter[date] = Counter()
    rows = seats.order_by().annotate(hour=hour).values_list("hour")
    for text, count in rows.annotate(count=Count("pk")):
        at = datetime.strptime(text.replace("T", " "), "%Y-%m-%d %H").replace(tzinfo=UTC)
        found[at.astimezone(zone).date()] += count
    return dict(found)
