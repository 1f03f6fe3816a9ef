"""Who is meant by a role at an event: its owner, its caterer, its participants."""

from __future__ import annotations

from collections.abc import Mapping

from convenor.events.enums import OwnerRole, PartyRole, Service
from convenor.events.models import Event
from convenor.people.models import Person


def persons_by_role(event: Event) -> Mapping[OwnerRole, list[int]]:
    """Keys of people, none twice; every role has an entry, empty where nobody is named.

    Participants are all on the list but the event's own staff. 3 queries (2 where the host department is loaded).
    """
    named: dict[OwnerRole, list[int | None]] = {
        OwnerRole.OWNER: [event.owner_id],
        OwnerRole.SPONSOR: [event.sponsor_id],
        OwnerRole.BUDGET_HOLDER: [event.budget_holder_id],
        OwnerRole.DEPARTMENT_LEADER: [event.host_department.leader_id if event.host_department else None],
        OwnerRole.CHAIR: [],
        OwnerRole.PARTICIPANTS: [],
    }
    for person, role in event.parties.order_by("pk").values_list("person_id", "role"):
        if role == PartyRole.CHAIR:
            named[OwnerRole.CHAIR].append(person)
        if role != PartyRole.STAFF:
            named[OwnerRole.PARTICIPANTS].append(person)
    by_service: dict[OwnerRole, list[int | None]] = {OwnerRole(each.value): [] for each in Service}
    for person, service in event.contacts.values_list("person_id", "service"):
        by_service[OwnerRole(service)].append(person)
    return {
        role: list(dict.fromkeys(each for each in people if each is not None))
        for role, people in (named | by_service).items()
    }


def active_by_role(event: Event) -> Mapping[OwnerRole, list[int]]:
    """As persons_by_role, without those who have left. 1 query more."""
    found = persons_by_role(event)
    named = {person for each in found.values() for person in each}
    active = set(Person.objects.filter(pk__in=named, is_active=True).values_list("pk", flat=True))
    return {role: [person for person in each if person in active] for role, each in found.items()}
