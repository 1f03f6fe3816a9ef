"""Opening rolls for change: locked in the order of their keys, so that whoever needs several queues and nobody deadlocks."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from convenor.attendance.enums import SeatState
from convenor.attendance.models import Registration, RegistrationForm, Roll, Seat
from convenor.attendance.queries.visibility import roll_for
from convenor.attendance.rules.closing import EventFacts, why_closed, why_ended, why_over
from convenor.base.actor import Actor
from convenor.base.refusals import as_validation_error
from convenor.events.models import Event

WAITING = Exists(Seat.objects.filter(roll=OuterRef("pk"), state=SeatState.WAITLISTED))
"""Annotated to rolls that are locked, as `has_waiting`."""


def lock_rolls(roll_ids: Collection[int]) -> dict[int, Roll]:
    """The rolls by key, locked until the transaction ends, with event, form and function as they are now. At most 2 statements.

    Whoever changes seats, allotments or capacities holds the rolls' locks; nothing of a roll may be read before.
    """
    return _locked(Q(pk__in=roll_ids)) if roll_ids else {}


def lock_rolls_of(event_id: int, function_ids: Collection[int] = ()) -> dict[int, Roll]:
    """The event's own roll and those of these functions, as `lock_rolls`; what isn't there isn't in the answer."""
    return _locked(Q(event=event_id) & (Q(function__isnull=True) | Q(function__in=function_ids)))


def _locked(which: Q) -> dict[int, Roll]:
    if not connection.features.has_select_for_update:  # SQLite: whoever writes is alone already
        return {roll.pk: roll for roll in _fresh(which)}
    rows = Roll.objects.filter(which).order_by("pk")
    keys = list(rows.select_for_update(no_key=True).values_list("pk", flat=True))
    # Read again, since what is joined to a row that was waited for is as it was before
    return {roll.pk: roll for roll in fresh_rolls(keys)}


def fresh_rolls(roll_ids: Collection[int]) -> list[Roll]:
    """As they are now, with `has_waiting`, the event and its form, and the function's time. One query."""
    return _fresh(Q(pk__in=roll_ids))


def _fresh(which: Q) -> list[Roll]:
    rows = Roll.objects.filter(which).select_related("event__registration_form", "function__occurrence")
    return list(rows.annotate(has_waiting=WAITING).order_by("pk"))


def form_of(event: Event) -> RegistrationForm | None:
    """The event's registration form, if it has one. No query for a roll that was just locked."""
    return getattr(event, "registration_form", None)


def has_waiting(roll: Roll) -> bool:
    """Whether anybody was on its waitlist when it was locked."""
    return bool(roll.has_waiting)  # type: ignore[attr-defined]  # annotated


def editable_roll(actor: Actor, roll_id: int, verb: str = "roll.edit", *, version: int | None = None) -> Roll:
    """The roll, locked, if the actor may. `version` is the one that the change began from.

    Raises Roll.DoesNotExist, Refused, ValidationError where somebody else changed it, or its event is over.
    """
    roll_for(actor, roll_id, verb)
    roll = lock_rolls([roll_id])[roll_id]
    if version is not None and version != roll.version:
        sentence = _("Somebody else has changed this roll since you opened it.")
        raise ValidationError({"version": [ValidationError(sentence, code="stale")]})
    return roll


def as_registrant(registration: Registration) -> Actor:
    """Nobody, on record under the registration's name: whoever came by its secret link."""
    return replace(Actor.nobody(), name=registration.name)


def refuse_ended(event: EventFacts) -> None:
    """Raises ValidationError for an event that is closed or cancelled, even to those who keep its roll."""
    if sentence := why_ended(event):
        raise ValidationError({"state": [ValidationError(sentence, code="over")]})


def refuse_over(event: EventFacts, now: datetime) -> None:
    """Raises ValidationError where registrants change nothing any more."""
    if sentence := why_over(event, now):
        raise ValidationError({"state": [ValidationError(sentence, code="over")]})


def refuse_closed(event: EventFacts, now: datetime) -> None:
    """Raises ValidationError where nobody new can come onto the roll."""
    if sentence := why_closed(event, now):
        raise ValidationError({"state": [ValidationError(sentence, code="closed")]})


@contextmanager
def refusing() -> Iterator[None]:
    """The database's last word as a sentence: what it refuses in here becomes a ValidationError."""
    try:
        yield
    except IntegrityError as error:
        raise as_validation_error(error) from error
