"""Which rolls and registrations somebody may read.

A roll is read by those who run its event and those who work at it; of an event that the actor may not read there is
nothing at all. Whoever holds a registration's secret link reads that registration and nothing else.
"""

from __future__ import annotations

from django.db.models import F, QuerySet

from convenor.attendance.models import Registration, Roll, Seat
from convenor.base.actor import Actor
from convenor.base.permissions import require
from convenor.events.queries.hidden import hidden_functions
from convenor.events.queries.visibility import event_for, events_seen_by

WITH = (
    *("event__class_version__event_class", "event__owner", "event__sponsor", "event__site"),
    "function__occurrence__meeting",
)


def roll_for(actor: Actor, roll_id: int, verb: str = "roll.see") -> Roll:
    """The roll with its event and its function. Raises Roll.DoesNotExist, Refused."""
    rows = Roll.objects.filter(event__in=events_seen_by(actor)).exclude(function__removed_at__isnull=False)
    roll = rows.select_related(*WITH).get(pk=roll_id)
    require(actor, verb, roll.event)
    if roll.function_id in hidden_functions(actor, roll.event):
        raise Roll.DoesNotExist
    return roll


def rolls_for(actor: Actor, event_id: int, verb: str = "roll.see") -> list[Roll]:
    """The event's rolls: its own first, then those of its functions by their start. Raises Event.DoesNotExist, Refused."""
    event = event_for(actor, event_id)
    require(actor, verb, event)
    rows = Roll.objects.filter(event=event).exclude(function__removed_at__isnull=False)
    starts = F("function__occurrence__starts_at").asc(nulls_first=True)
    rows = rows.select_related("function__occurrence__meeting").order_by(starts, "pk")
    hidden = hidden_functions(actor, event)
    return [_of(event, roll) for roll in rows if roll.function_id not in hidden]


def _of(event: object, roll: Roll) -> Roll:
    roll.event = event  # type: ignore[assignment]  # an Event; saves one query for each roll
    return roll


def registration_for(actor: Actor, pk: int, verb: str = "roll.see") -> Registration:
    """With its event, its person and whose guest it is. Raises Registration.DoesNotExist, Refused."""
    rows = Registration.objects.filter(event__in=events_seen_by(actor))
    row = rows.select_related("event__owner", "event__sponsor", "person", "department", "guest_of").get(pk=pk)
    require(actor, verb, row.event)
    return row


def registration_by_token(token: str) -> Registration:
    """Whom the secret link is of, with the event. Raises Registration.DoesNotExist."""
    if not token:
        raise Registration.DoesNotExist
    return Registration.objects.select_related("event", "person", "guest_of").get(token=token)


def seats_for(actor: Actor, roll_id: int) -> QuerySet[Seat]:
    """The roll's seats with their registrations, in no order. Raises Roll.DoesNotExist, Refused."""
    roll = roll_for(actor, roll_id)
    return Seat.objects.filter(roll=roll).select_related(
        "registration__department", "registration__guest_of", "allotment"
    )
