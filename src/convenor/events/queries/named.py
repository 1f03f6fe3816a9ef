"""The rows that a draft of an event names, for rules/event.py. Only looked up by key: no actor."""

from __future__ import annotations

from django.db.models import Q

from convenor.base.actor import Actor
from convenor.base.enums import Role
from convenor.base.permissions import may
from convenor.events.drafts import EventDraft
from convenor.events.enums import EventState
from convenor.events.models import ClassVersion, Event
from convenor.events.rules.event import EventFacts, PersonFacts, key_stem
from convenor.people.enums import PersonKind
from convenor.people.models import Department, Organisation, Person
from convenor.venues.models import Site

COORDINATORS = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})


def facts_of(
    draft: EventDraft, *, actor: Actor, event: Event | None = None, before: EventDraft | None = None
) -> EventFacts:
    """What the validator needs to know of a draft that the actor hands in. 4 to 6 queries."""
    people = {draft.owner_id, draft.sponsor_id, draft.budget_holder_id} - {None}
    host = draft.host_department_id
    departments = {*draft.department_ids, *([] if host is None else [host])}
    return EventFacts(
        people=people_facts({pk for pk in people if pk is not None}),
        departments=dict(
            Department.objects.filter(pk__in=departments).values_list("pk", "organisation__is_own")
        ),
        organisations={
            pk: (name, own)
            for pk, name, own in Organisation.objects.filter(pk__in=draft.organisation_ids).values_list(
                "pk", "name", "is_own"
            )
        },
        site_ids=frozenset(
            Site.objects.filter(pk__in=[draft.site_id] if draft.site_id else []).values_list("pk", flat=True)
        ),
        class_versions=dict(
            ClassVersion.objects.filter(pk=draft.class_version_id)
            .order_by()
            .values_list("pk", "event_class__is_active")
        ),
        taken_keys=taken_keys(draft, event),
        state=EventState(event.state) if event else EventState.ENQUIRY,
        before=before,
        in_name_of=None if may(actor, "event.see_all") else _names_lent_to(actor),
    )


def _names_lent_to(actor: Actor) -> frozenset[int]:
    """The actor's own key, and those of whom they may act for."""
    lent = {pk for pk in actor.principals if actor.may_act_for(pk)}
    return frozenset(lent | ({actor.person_id} if actor.person_id is not None else set()))


def taken_keys(draft: EventDraft, event: Event | None) -> frozenset[str]:
    """Keys of other events that are, or begin as, the one that is wanted."""
    stem = draft.key or key_stem(draft.title)
    others = Event.objects.filter(Q(key=stem) | Q(key__startswith=f"{stem}-"))
    return frozenset((others.exclude(pk=event.pk) if event else others).values_list("key", flat=True))


def people_facts(keys: set[int]) -> dict[int, PersonFacts]:
    columns = ("pk", "name", "kind", "is_active", "user__role")
    rows = Person.objects.filter(pk__in=keys).order_by().values_list(*columns)
    return {
        pk: PersonFacts(name, kind == PersonKind.STAFF, active, role in COORDINATORS)
        for pk, name, kind, active, role in rows
    }
