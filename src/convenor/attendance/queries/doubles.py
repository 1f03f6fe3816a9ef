"""Who is on two rolls at the same time, as far as the reader may see both: by the person, else by the e-mail.

A fixed number of queries, however long the rolls.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Case, F, Q, QuerySet, When
from django.db.models.functions import Coalesce

from convenor.attendance.enums import TAKING
from convenor.attendance.models import Registration, Roll, Seat
from convenor.attendance.queries.overseen import rolls_seen_by
from convenor.attendance.queries.timing import ends_at, is_on, starts_at
from convenor.attendance.rules.doubles import Double, Held, doubles_among
from convenor.base.actor import Actor
from convenor.events.enums import EventState
from convenor.kernel.instants import Span, instant_of
from convenor.scheduling.enums import OccurrenceState
from convenor.scheduling.queries.windows import in_window

OFF = (EventState.CANCELLED, EventState.POSTPONED)
_TITLE = Case(
    When(roll__function__isnull=True, then=F("roll__event__title")),
    When(~Q(roll__function__occurrence__title=""), then=F("roll__function__occurrence__title")),
    default=F("roll__function__occurrence__meeting__title"),
)
_COLUMNS = (
    *("pk", "roll_id", "roll__event_id", "roll__function_id", "registration_id", "registration__person_id"),
    *("registration__email", "registration__name", "place", "roll__event__zone", "begins", "ends"),
)


def doubles_on(actor: Actor, roll: Roll) -> list[Double]:
    """Of those who hold a seat on the roll, which the actor has been found to see. 4 queries at most, 2 where nothing else is on."""
    starts, ends = starts_at(roll), ends_at(roll)
    if starts is None or ends is None or roll.event.state in OFF or not is_on(roll):
        return []
    others = _rolls_during(actor, starts, ends) - {roll.pk}
    if not others:
        return []
    ours = Registration.objects.filter(seats__roll=roll, seats__state__in=TAKING).order_by()
    there = _held(Seat.objects.filter(_same_people(ours), roll__in=others))
    if not there:
        return []
    here = _held(Seat.objects.filter(_who(there), roll=roll))
    return doubles_among(here, there)


def doubles_of(actor: Actor, registration: Registration) -> list[Double]:
    """Of one registration that the actor has been found to see, each place where they are besides. 3 queries."""
    ours = _held(Seat.objects.filter(registration=registration))
    if not ours:
        return []
    starts, ends = min(each.starts_at for each in ours), max(each.ends_at for each in ours)
    rolls = _rolls_during(actor, starts, ends)
    return doubles_among(ours, _held(Seat.objects.filter(_who(ours), roll__in=rolls)))


def doubles_of_person(actor: Actor, person_id: int, email: str, *, now: datetime) -> list[Double]:
    """Of somebody in the directory, what isn't over. 1 query."""
    theirs = Q(registration__person=person_id) | Q(registration__email=email)
    mine = Seat.objects.filter(theirs, roll__in=rolls_seen_by(actor).values("pk"))
    held = [each for each in _held(mine) if each.ends_at > now]
    found = doubles_among(held, held)
    once = {frozenset((each.here.seat_id, each.there.seat_id)): each for each in reversed(found)}
    return sorted(once.values(), key=lambda each: each.here.starts_at)


def _rolls_during(actor: Actor, starts_at: datetime, ends_at: datetime) -> set[int]:
    """Keys of the rolls that the actor may see of what takes place in that time. 2 queries."""
    seen = rolls_seen_by(actor).exclude(event__state__in=OFF)
    whole = seen.filter(function__isnull=True, event__starts_at__lt=ends_at, event__ends_at__gt=starts_at)
    window = in_window(Span(instant_of(starts_at), instant_of(ends_at)), prefix="function__occurrence__")
    parts = seen.filter(window, function__occurrence__state=OccurrenceState.SCHEDULED)
    return {*whole.values_list("pk", flat=True), *parts.values_list("pk", flat=True)}


def _held(seats: QuerySet[Seat]) -> list[Held]:
    """Of these seats, those that take a place at a time. 1 query."""
    rows = seats.filter(state__in=TAKING).annotate(
        place=_TITLE,
        begins=Coalesce("roll__function__occurrence__starts_at", "roll__event__starts_at"),
        ends=Coalesce("roll__function__occurrence__ends_at", "roll__event__ends_at"),
    )
    rows = rows.filter(begins__isnull=False).order_by("pk")
    return [Held(*values) for values in rows.values_list(*_COLUMNS)]


def _same_people(registrations: QuerySet[Registration]) -> Q:
    people = registrations.filter(person__isnull=False).values("person")
    emails = registrations.exclude(email="").values("email")
    return (
        Q(registration__in=registrations.values("pk"))
        | Q(registration__person__in=people)
        | Q(registration__email__in=emails)
    )


def _who(held: Sequence[Held]) -> Q:
    """Seats of whoever holds these."""
    return (
        Q(registration__in={each.registration_id for each in held})
        | Q(registration__person__in={each.person_id for each in held if each.person_id is not None})
        | Q(registration__email__in={each.email for each in held if each.email})
    )
