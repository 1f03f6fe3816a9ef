"""Opening one registration for change: with its guests, all their seats, and the rolls of these locked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q

from convenor.attendance.actions.opening import as_registrant, lock_rolls
from convenor.attendance.models import Registration, Roll, Seat
from convenor.attendance.queries.visibility import registration_by_token
from convenor.attendance.rules.seat_states import By
from convenor.base.actor import Actor
from convenor.base.permissions import require
from convenor.events.models import Event
from convenor.events.queries.visibility import events_seen_by


@dataclass(slots=True)
class Party:
    """`seats` are of the registration and of its guests, on the rolls that are locked; `by` is as whom the actor acts."""

    registration: Registration
    rolls: dict[int, Roll]
    seats: list[Seat]
    actor: Actor
    by: By

    @property
    def event(self) -> Event:
        return self.registration.event

    @property
    def own(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.registration_id == self.registration.pk]

    def beside(self, seat: Seat) -> list[Seat]:
        """The seat and those of the guests who stand as it does on its roll: they share its fate."""
        if seat.registration_id != self.registration.pk:
            return [seat]
        here = (each for each in self.seats if each.roll_id == seat.roll_id and each.state == seat.state)
        return sorted(here, key=lambda each: each.pk != seat.pk)


def open_registration(actor: Actor, registration_id: int, function_ids: Collection[int] = ()) -> Party:
    """For whoever keeps the roll, and for the person themselves and their delegates. The rolls of these functions of
    the event are locked too.

    Raises Registration.DoesNotExist for what the actor may not see, Refused.
    """
    row = Registration.objects.select_related("event").get(pk=registration_id)
    if _is_own(actor, row):
        return opened_as(row, actor, By.SELF, function_ids)
    if not actor.is_system and not events_seen_by(actor).filter(pk=row.event_id).exists():
        raise Registration.DoesNotExist
    require(actor, "roll.edit", row.event)
    return opened_as(row, actor, By.STAFF, function_ids)


def _is_own(actor: Actor, row: Registration) -> bool:
    return row.person_id is not None and not actor.is_system and actor.may_act_for(row.person_id)


def open_by_token(token: str, function_ids: Collection[int] = ()) -> Party:
    """As `open_registration`, for whoever holds the secret link. Raises Registration.DoesNotExist."""
    row = registration_by_token(token)
    return opened_as(row, as_registrant(row), By.SELF, function_ids)


def opened_as(row: Registration, actor: Actor, by: By, function_ids: Collection[int] = ()) -> Party:
    """Without asking whether the actor may. The event's own roll is always among the locked, so that a registration changes one step at a time."""
    theirs = Q(seats__registration=row.pk) | Q(seats__registration__guest_of=row.pk)
    wanted = Q(function__isnull=True) | Q(function__in=function_ids) | theirs
    rolls = Roll.objects.filter(wanted, event=row.event_id)
    locked = lock_rolls(set(rolls.values_list("pk", flat=True)))
    fresh = Registration.objects.select_for_update(no_key=True, of=("self",))
    registration = fresh.select_related("event", "guest_of").get(pk=row.pk)
    return Party(registration, locked, seats_of_party(row.pk, locked), actor, by)


def seats_of_party(registration_id: int, roll_ids: Iterable[int]) -> list[Seat]:
    rows = Seat.objects.filter(Q(registration=registration_id) | Q(registration__guest_of=registration_id))
    rows = rows.filter(roll__in=list(roll_ids)).select_related(
        "registration__guest_of", "registration__event"
    )
    return list(rows.order_by("roll_id", "pk"))


def registration_of_seat(seat_id: int, among: Collection[int] | None = None) -> int:
    """The key of the registration that has the seat. Raises Seat.DoesNotExist; for one that is not `among` these too."""
    rows = Seat.objects.filter(pk=seat_id)
    if among is not None:
        rows = rows.filter(registration__in=among)
    return rows.values_list("registration_id", flat=True).get()
