"""Who can be invited in one go: the event's list, a department. For a roll that the actor has been found to keep."""

from __future__ import annotations

from convenor.attendance.enums import EVENT_STAFF
from convenor.attendance.models import Roll
from convenor.base.actor import Actor
from convenor.events.models import Party
from convenor.people.queries.people import people_for


def listed_at(roll: Roll) -> list[int]:
    """Keys of the people on the event's list, without those who work there, in order. 1 query."""
    rows = Party.objects.filter(event=roll.event_id, person__is_active=True).exclude(role=EVENT_STAFF)
    return list(rows.order_by("person__name", "person_id").values_list("person_id", flat=True))


def members_of(actor: Actor, department_id: int) -> list[int]:
    """Keys of the active people in the department and below it, by name. 2 queries."""
    rows = people_for(actor, department=department_id).order_by("name", "pk")
    return list(rows.values_list("pk", flat=True))
