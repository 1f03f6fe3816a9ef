"""Who is on an event's list, as the People tab and the seating list show it. The caller has checked that the actor may see the event."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from convenor.events.enums import PartyRole
from convenor.events.models import Event, Party
from convenor.people.enums import PersonKind


def parties_of_event(
    event: Event, *, text: str = "", role: str = "", outside: bool = False, by_precedence: bool = False
) -> QuerySet[Party]:
    """With person, organisation, department and host in the same query; by name, or as they sit.

    `text` is looked for in names, organisations and departments, each word somewhere.
    """
    rows = Party.objects.filter(event=event)
    rows = rows.select_related("person__organisation", "person__department", "host")
    for word in text.replace("\x00", "").split()[:8]:
        rows = rows.filter(
            Q(person__name__matches=word)
            | Q(person__organisation__name__matches=word)
            | Q(person__department__name__matches=word)
        )
    if role:
        rows = rows.filter(role=role)
    if outside:
        rows = rows.exclude(person__kind=PersonKind.STAFF)
    if by_precedence:
        return rows.order_by(F("precedence").asc(nulls_last=True), "-person__seniority", "person__name", "pk")
    return rows.order_by("person__name", "pk")


def party_of(event: Event, person_id: int) -> Party:
    """Raises Party.DoesNotExist."""
    return parties_of_event(event).get(person__pk=person_id)  # of any size: an address names it


def seating_of(event: Event) -> list[Party]:
    """As people sit: the chair, then by precedence, seniority and name; event staff don't sit. 1 query."""
    rows = parties_of_event(event, by_precedence=True).exclude(role=PartyRole.STAFF)
    return sorted(rows, key=lambda row: row.role != PartyRole.CHAIR)
