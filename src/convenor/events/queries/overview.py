"""What an event's overview shows beside its own columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.events.enums import EventScope, PartyRole, Service
from convenor.events.models import Contact, Event, Function, Party, Speaker
from convenor.events.queries.classes import policy_of
from convenor.events.queries.dossier import dossier_of
from convenor.events.queries.readiness import readiness_of
from convenor.events.refusals import Missing
from convenor.events.rules.policy import Policy
from convenor.events.rules.readiness import Readiness
from convenor.events.rules.scope import scope_of
from convenor.events.rules.states import REASON, Step, steps_from
from convenor.people.enums import PersonKind
from convenor.people.models import Department, Organisation


@dataclass(frozen=True, slots=True)
class Way:
    """A way on to another state, with everything that it still lacks."""

    step: Step
    missing: tuple[Missing, ...]

    @property
    def needs_reason(self) -> bool:
        return REASON in self.step.conditions


@dataclass(frozen=True, slots=True)
class ContactRow:
    service: Service
    person_id: int
    name: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Overview:
    """`roles` are how many people there are of each role on the list, none left out."""

    policy: Policy
    scope: EventScope
    departments: tuple[Department, ...]
    organisations: tuple[Organisation, ...]
    contacts: tuple[ContactRow, ...]
    roles: tuple[tuple[PartyRole, int], ...]
    functions: int
    readiness: Readiness
    ways: tuple[Way, ...]

    @property
    def people(self) -> int:
        return sum(count for _role, count in self.roles)


def overview_for(actor: Actor, event: Event, now: datetime) -> Overview:
    """For an event that the actor may see. A number of queries that doesn't depend on the event's size."""
    readiness = readiness_of([event.pk], now)[event.pk]
    dossier = dossier_of(event, now, reason="given later", readiness=readiness)
    ways = [
        Way(step, tuple(step.missing(dossier)))
        for step in steps_from(event.state, event.resumes_to)
        if may(actor, "event.change_state", event)
    ]
    departments, organisations = tuple(event.departments.all()), tuple(event.organisations.all())
    return Overview(
        policy=policy_of(event.class_version),
        scope=derived_scope(event, departments, organisations),
        departments=departments,
        organisations=organisations,
        contacts=contacts_of(event),
        roles=_roles(event),
        functions=dossier.functions,
        readiness=readiness,
        ways=tuple(ways),
    )


def derived_scope(
    event: Event, departments: Iterable[Department], organisations: Iterable[Organisation]
) -> EventScope:
    """From the departments and organisations of those who take part, speakers among them. 3 queries."""
    columns = ("person__department_id", "person__kind")
    listed = set(Party.objects.filter(event=event).order_by().values_list(*columns).distinct())
    active = Function.objects.filter(event=event).values("pk")
    listed |= set(Speaker.objects.filter(function__in=active).order_by().values_list(*columns).distinct())
    return scope_of(
        event.host_department_id,
        {*(each.pk for each in departments), *(pk for pk, _kind in listed if pk is not None)},
        with_external=bool(list(organisations)) or any(kind != PersonKind.STAFF for _pk, kind in listed),
        parent_of=dict(
            Department.objects.filter(organisation__is_own=True).order_by().values_list("pk", "parent_id")
        ),
    )


def contacts_of(event: Event) -> tuple[ContactRow, ...]:
    """By service. 1 query."""
    rows = Contact.objects.filter(event=event).select_related("person__organisation").order_by("pk")
    order = list(Service)
    found = [
        ContactRow(Service(row.service), row.person_id, row.person.name, str(row.person.organisation))
        for row in rows
    ]
    return tuple(sorted(found, key=lambda row: order.index(row.service)))


def _roles(event: Event) -> tuple[tuple[PartyRole, int], ...]:
    counted = dict(
        Party.objects.filter(event=event).order_by().values_list("role").annotate(count=Count("pk"))
    )
    return tuple((role, counted[role]) for role in PartyRole if role in counted)
