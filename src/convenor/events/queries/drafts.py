"""An event as the draft that would make it: for forms, plan files and clones."""

from __future__ import annotations

from convenor.events.drafts import ContactDraft, EventDraft, PartyDraft
from convenor.events.enums import Confidentiality, PartyRole, Service
from convenor.events.models import Event
from convenor.events.rules.dates import local_in
from convenor.scheduling.enums import Priority


def event_draft_of(event: Event) -> EventDraft:
    """2 queries: departments and organisations."""
    return EventDraft(
        key=event.key,
        title=event.title,
        class_version_id=event.class_version_id,
        owner_id=event.owner_id,
        zone=event.zone,
        sponsor_id=event.sponsor_id,
        budget_holder_id=event.budget_holder_id,
        host_department_id=event.host_department_id,
        department_ids=tuple(event.departments.order_by("pk").values_list("pk", flat=True)),
        organisation_ids=tuple(event.organisations.order_by("pk").values_list("pk", flat=True)),
        site_id=event.site_id,
        confidentiality=Confidentiality(event.confidentiality),
        priority=Priority(event.priority),
        load_in=local_in(event.zone, event.load_in_at),
        starts=local_in(event.zone, event.starts_at),
        ends=local_in(event.zone, event.ends_at),
        load_out=local_in(event.zone, event.load_out_at),
        expected_count=event.expected_count,
        guaranteed_count=event.guaranteed_count,
        actual_count=event.actual_count,
        objectives=event.objectives,
        notes=event.notes,
    )


def party_drafts_of(event: Event) -> list[PartyDraft]:
    """In the order in which they were added. 1 query."""
    return [
        PartyDraft(
            person_id=each.person_id,
            role=PartyRole(each.role),
            precedence=each.precedence,
            host_id=each.host_id,
            arrives=local_in(event.zone, each.arrives_at),
            needs_badge=each.needs_badge,
            note=each.note,
        )
        for each in event.parties.order_by("pk")
    ]


def contact_drafts_of(event: Event) -> list[ContactDraft]:
    """By service. 1 query."""
    rows = event.contacts.order_by("service", "pk").values_list("service", "person_id")
    return [ContactDraft(Service(service), person) for service, person in rows]
