"""What somebody still holds, and so must hand over before they can be deactivated."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.people.models import Person
from convenor.people.registry import held_by
from convenor.venues.models import Room


def holdings_of(person: Person, now: datetime) -> list[str]:
    """Sentences: meetings ahead that they organise or chair, departments that they lead, rooms whose bookings they approve."""
    return [*held_by(person.pk, now), *offices_of(person)]


def holdings_for(actor: Actor, person: Person, now: datetime) -> list[str]:
    """The same for those who may deactivate people; nothing for others."""
    return holdings_of(person, now) if may(actor, "person.deactivate") else []


def offices_of(person: Person) -> list[str]:
    """What the person does by name in people and venues."""
    held = [gettext("leads %(department)s") % {"department": department} for department in person.leads.all()]
    if person.user_id is not None:
        rooms = Room.objects.filter(approver=person.user_id, is_active=True)
        held += [gettext("approves bookings of %(room)s") % {"room": room} for room in rooms]
    return held
