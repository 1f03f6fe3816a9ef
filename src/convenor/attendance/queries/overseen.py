"""Which events' rolls somebody keeps or may read, as sets of rows: what permissions.py decides of one event, for many."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from convenor.attendance.enums import EVENT_STAFF
from convenor.attendance.models import Roll
from convenor.base.actor import Actor
from convenor.base.permissions import coordinator, organiser
from convenor.events.enums import Confidentiality
from convenor.events.models import Contact, Event, Party
from convenor.events.queries.visibility import events_seen_by


def events_kept_by(actor: Actor) -> QuerySet[Event]:
    """Where the actor may `roll.edit`."""
    if coordinator.test(actor):
        return events_seen_by(actor)
    return events_in_hand_of(actor)


def events_in_hand_of(actor: Actor) -> QuerySet[Event]:
    """Which the actor runs in person: as coordinator in charge, sponsor, or a delegate of one of them who may act."""
    if not organiser.test(actor):
        return Event.objects.none()
    mine = acting_for(actor)
    return events_seen_by(actor).filter(Q(owner__in=mine) | Q(sponsor__in=mine))


def rolls_seen_by(actor: Actor) -> QuerySet[Roll]:
    """Where the actor may `roll.see`; who only works at the event sees no rolls of its private functions."""
    present = Roll.objects.filter(Q(function__isnull=True) | Q(function__removed_at__isnull=True))
    kept = Q(event__in=events_kept_by(actor).values("pk"))
    if actor.person_id is None or actor.is_outsider or coordinator.test(actor):
        return present.filter(kept)
    open_ones = (
        Q(event__confidentiality__gte=Confidentiality.RESTRICTED)
        | Q(function__isnull=True)
        | Q(function__occurrence__meeting__is_private=False)
    )
    return present.filter(kept | (Q(event__in=_worked_at(actor).values("pk")) & open_ones))


def acting_for(actor: Actor) -> list[int]:
    """The actor and everybody in whose name they may act, by key."""
    people = {*actor.principals, *actor.stands_in_for, *([actor.person_id] if actor.person_id else [])}
    return sorted(person for person in people if actor.may_act_for(person))


def _worked_at(actor: Actor) -> QuerySet[Event]:
    here = OuterRef("pk")
    return events_seen_by(actor).filter(
        Exists(Party.objects.filter(event=here, person=actor.person_id, role=EVENT_STAFF))
        | Exists(Contact.objects.filter(event=here, person=actor.person_id))
    )
