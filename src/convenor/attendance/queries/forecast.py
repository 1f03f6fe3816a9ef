"""Who will come to a roll, by who came to earlier ones. What it means and how wide it is: rules/forecast.py.

Earlier rolls are those of the last events of the same class (of a function: of its kind) at which somebody was checked
in. Of each seat there we take how it stood as long before the start as it is now before ours, so that a forecast made
three weeks ahead reckons with the cancellations of three weeks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Value, When

from convenor.attendance.enums import SeatState
from convenor.attendance.models import Roll, Seat
from convenor.attendance.queries.timing import starts_at
from convenor.attendance.queries.visibility import roll_for
from convenor.attendance.rules.forecast import Forecast, Kind, Past, Sitter, forecast
from convenor.base.actor import Actor

MOST_ROLLS = 12
"""Earlier rolls of the same kind that are looked at, the latest first; the newest tell most, and the cost has an end."""
MOST_OWN = 24
"""Earlier events of any class in which a person's own past is looked for."""
KINDS: Mapping[str, Kind] = {
    SeatState.HELD: Kind.COMING,
    SeatState.CONFIRMED: Kind.COMING,
    SeatState.OFFERED: Kind.OFFERED,
    SeatState.INVITED: Kind.INVITED,
    SeatState.WAITLISTED: Kind.WAITLISTED,
}
CAME = Count("pk", filter=Q(checked_in_at__isnull=False))
Starts = Mapping[int, datetime]
"""When earlier rolls began, by their keys."""


def forecast_for(actor: Actor, roll_id: int, now: datetime) -> Forecast | None:
    """None where too few were counted at earlier events of the kind, and for a roll without a time.

    Raises Roll.DoesNotExist, Refused. Six queries, whatever the past.
    """
    roll = roll_for(actor, roll_id)
    start = starts_at(roll)
    if start is None:
        return None
    ahead = max(start - now, timedelta())
    pasts = _history(_like(roll, now), ahead)
    if not pasts:
        return None
    seats = list(
        Seat.objects.filter(roll=roll).order_by("pk").values_list("state", "registration__person_id")
    )
    people = {person for state, person in seats if state in KINDS} - {None}
    own = _own(_any(now), people, ahead)
    certain = sum(1 for state, _person in seats if state == SeatState.CHECKED_IN)
    sitters = [
        Sitter(KINDS[state], *own.get((person, KINDS[state]), (0, 0)))
        for state, person in seats
        if state in KINDS
    ]
    return forecast(certain, sitters, pasts)


def _counted(now: datetime) -> QuerySet[Roll]:
    """Rolls of events that are over, at which somebody was checked in."""
    came = Seat.objects.filter(roll=OuterRef("pk"), checked_in_at__isnull=False)
    return Roll.objects.filter(Exists(came), event__ends_at__lt=now)


def _like(roll: Roll, now: datetime) -> Starts:
    rows = _counted(now).filter(event__class_version__event_class=roll.event.class_version.event_class_id)
    rows = rows.exclude(pk=roll.pk)
    if roll.function is None:
        return _latest(rows.filter(function__isnull=True), "event__starts_at", MOST_ROLLS)
    same = rows.filter(function__kind=roll.function.kind, function__removed_at__isnull=True)
    return _latest(same, "function__occurrence__starts_at", MOST_ROLLS)


def _any(now: datetime) -> Starts:
    return _latest(_counted(now).filter(function__isnull=True), "event__starts_at", MOST_OWN)


def _latest(rows: QuerySet[Roll], start: str, most: int) -> Starts:
    return dict(rows.order_by(f"-{start}", "-pk").values_list("pk", start)[:most])


def _history(rolls: Starts, ahead: timedelta) -> dict[Kind, list[Past]]:
    found: dict[Kind, list[Past]] = defaultdict(list)
    stood: Any = _stood(rolls, ahead)  # annotated columns, which the stubs don't know
    rows = stood.values("roll_id", "stood").annotate(of=Count("pk"), came=CAME)
    for row in rows.order_by("roll_id", "stood") if rolls else ():
        if row["stood"]:
            found[Kind(row["stood"])].append(Past(row["came"], row["of"]))
    return dict(found)


def _own(rolls: Starts, people: Collection[int], ahead: timedelta) -> dict[tuple[int, Kind], tuple[int, int]]:
    """By person and how their seat stood: how often they came, of how many times."""
    if not rolls or not people:
        return {}
    stood: Any = _stood(rolls, ahead)
    rows = stood.filter(registration__person__among=people)
    counted = rows.values("registration__person_id", "stood").annotate(of=Count("pk"), came=CAME)
    return {
        (row["registration__person_id"], Kind(row["stood"])): (row["came"], row["of"])
        for row in counted
        if row["stood"]
    }


def _stood(rolls: Starts, ahead: timedelta) -> QuerySet[Seat, Any]:
    """Their seats with `stood`: the Kind that each was so long before its roll began; "" where it was none."""
    then = Case(
        *(When(roll=key, then=Value(start - ahead)) for key, start in rolls.items()),
        output_field=DateTimeField(),
    )
    answered = Q(answered_at__lte=F("then"))
    stood = Case(
        When(ended_at__lte=F("then"), then=Value("")),
        When(
            Q(offered_at__lte=F("then")) & answered & Q(answered_at__gte=F("offered_at")),
            then=_of(Kind.COMING),
        ),
        When(offered_at__lte=F("then"), then=_of(Kind.OFFERED)),
        When(waitlisted_at__lte=F("then"), then=_of(Kind.WAITLISTED)),
        When(answered, then=_of(Kind.COMING)),
        When(invited_at__lte=F("then"), then=_of(Kind.INVITED)),
        default=Value(""),
    )
    return Seat.objects.filter(roll__among=list(rolls)).order_by().annotate(then=then, stood=stood)


def _of(kind: Kind) -> Value:
    return Value(kind.value)
