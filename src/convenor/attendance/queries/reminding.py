"""Who is to be reminded now. For actions/reminders.py."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from convenor.attendance.enums import COMING, SeatState
from convenor.attendance.models import Registration, Roll, Seat
from convenor.attendance.rules.mail_facts import About
from convenor.attendance.rules.reminding import (
    AHEAD,
    ANSWER_BEFORE,
    GUARANTEE_BEFORE,
    day_before,
    half_time,
    step_due,
)
from convenor.events.enums import ALIVE
from convenor.scheduling.enums import OccurrenceState


@dataclass(slots=True)
class Reminder:
    """One mail to one registrant. `fact` names the step, so that it is taken once."""

    registration: Registration
    about: About
    fact: str
    seats: list[Seat] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class GuaranteeDue:
    """`expected` is how many are reckoned with."""

    roll: Roll
    days: int
    expected: int


def reminders_due(now: datetime) -> list[Reminder]:
    """To answer, to take an offer, to come tomorrow; of each registration one of a kind. 4 queries."""
    found: dict[tuple[int, About, str], Reminder] = {}
    for seat, about, fact in (*_unanswered(now), *_offers(now), *_coming(now)):
        key = seat.registration_id, about, fact
        found.setdefault(key, Reminder(seat.registration, about, fact)).seats.append(seat)
    return list(found.values())


Due = Iterable[tuple[Seat, About, str]]


def _seats(**which: object) -> QuerySet[Seat]:
    rows = Seat.objects.filter(_is_on("roll__"), roll__event__state__in=ALIVE, **which)
    return rows.select_related("registration", "roll__event").order_by("registration", "pk")


def _is_on(roll: str = "") -> Q:
    """What the roll is of still takes place, as far as its function goes."""
    return Q(**{f"{roll}function__isnull": True}) | Q(
        **{
            f"{roll}function__removed_at__isnull": True,
            f"{roll}function__occurrence__state": OccurrenceState.SCHEDULED,
        }
    )


def _unanswered(now: datetime) -> Due:
    last = now + timedelta(days=max(ANSWER_BEFORE))
    rows = _seats(state=SeatState.INVITED, roll__rsvp_by__gt=now, roll__rsvp_by__lte=last)
    for seat in rows:
        due = seat.roll.rsvp_by
        step = step_due(due, now, ANSWER_BEFORE) if due else None
        if due and step and _is_new(seat, step[1], since=seat.invited_at):
            yield seat, About.ANSWER, f"{due.isoformat()}:{step[0]}"


def _offers(now: datetime) -> Due:
    rows = _seats(state=SeatState.OFFERED, offer_expires_at__gt=now)
    for seat in rows.filter(Q(reminded_at__isnull=True) | Q(reminded_at__lt=F("offered_at"))):
        if (
            seat.offered_at
            and seat.offer_expires_at
            and half_time(seat.offered_at, seat.offer_expires_at) <= now
        ):
            yield seat, About.OFFER, seat.offer_expires_at.isoformat()


def _coming(now: datetime) -> Due:
    """The day before the first of somebody's seats, and once: the fact is the event's dates, whichever seat comes first."""
    starts = _starting(now)
    begins = {roll: start for roll, (start, since) in starts.items() if since <= now}
    for seat in _seats(state=SeatState.CONFIRMED, roll__in=list(begins)) if begins else ():
        since = starts[seat.roll_id][1]
        if _is_new(seat, since, since=seat.registration.created_at):
            yield seat, About.COMING, f"{seat.roll.event.starts_at}"


def _starting(now: datetime) -> dict[int, tuple[datetime, datetime]]:
    """By roll that begins soon, when it does and since when people are reminded of it."""
    soon = Q(function__isnull=True, event__starts_at__gt=now, event__starts_at__lte=now + AHEAD)
    of_function = {"starts_at__gt": now, "starts_at__lte": now + AHEAD}
    soon |= Q(**{f"function__occurrence__{name}": value for name, value in of_function.items()})
    rows = Roll.objects.filter(soon, event__state__in=ALIVE)
    columns = ("pk", "event__zone", "event__starts_at", "function__occurrence__starts_at")
    found: dict[int, tuple[datetime, datetime]] = {}
    for roll, zone, of_event, own in rows.values_list(*columns):
        start = own or of_event
        found[roll] = start, day_before(start, zone)
    return found


def _is_new(seat: Seat, step_since: datetime, *, since: datetime | None) -> bool:
    """Not reminded at this step yet, and on the list before it."""
    was_there = since is not None and since <= step_since
    return was_there and (seat.reminded_at is None or seat.reminded_at < step_since)


def guarantees_due(now: datetime) -> list[GuaranteeDue]:
    """Counts that are to be guaranteed soon and aren't. 2 queries."""
    last = now + timedelta(days=max(GUARANTEE_BEFORE))
    rows = Roll.objects.filter(
        _is_on(), guaranteed_at__isnull=True, guarantee_due__gt=now, guarantee_due__lte=last
    )
    rows = rows.filter(event__state__in=ALIVE).select_related(
        "event__owner__user", "function__occurrence__meeting"
    )
    rolls = list(rows.order_by("pk"))
    expected = _expected([roll.pk for roll in rolls])
    steps = [
        (roll, step_due(roll.guarantee_due, now, GUARANTEE_BEFORE)) for roll in rolls if roll.guarantee_due
    ]
    return [GuaranteeDue(roll, step[0], expected[roll.pk]) for roll, step in steps if step]


def _expected(roll_ids: list[int]) -> dict[int, int]:
    counts: dict[int, int] = defaultdict(int)
    if roll_ids:
        rows = Seat.objects.filter(roll__in=roll_ids, state__in=COMING).order_by().values_list("roll")
        counts.update(rows.annotate(count=Count("pk")))
    return counts
