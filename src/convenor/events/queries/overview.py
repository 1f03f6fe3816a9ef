"""What an event's overview shows beside its own columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Value

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.events.enums import UNDONE, EventScope, PartyRole, Service
from convenor.events.models import Contact, Event, Function, Party, Speaker, Task
from convenor.events.queries.classes import policy_of
from convenor.events.queries.dossier import dossier_of
from convenor.events.queries.readiness import readiness_of
from convenor.events.queries.task_rows import today_at
from convenor.events.rules.findings import Missing
from convenor.events.rules.policy import Policy
from convenor.events.rules.readiness import Readiness
from convenor.events.rules.scope import scope_of
from convenor.events.rules.states import REASON, Step, steps_from
from convenor.people.enums import PersonKind
from convenor.people.models import Department, Organisation

MOST_TASKS = 5


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
class NextTask:
    """An open task; late by the day that it is where the event takes place."""

    id: int
    title: str
    due_on: date | None
    owner: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """`roles` are how many people there are of each role on the list, none left out."""

    policy: Policy
    scope: EventScope
    departments: tuple[Department, ...]
    organisations: tuple[Organisation, ...]
    contacts: tuple[ContactRow, ...]
    roles: Mapping[PartyRole, int]
    functions: int
    tasks: tuple[NextTask, ...]

    @property
    def people(self) -> int:
        return sum(self.roles.values())


@dataclass(frozen=True, slots=True)
class Progress:
    """How ready the event is, and the ways on from here."""

    readiness: Readiness
    ways: tuple[Way, ...]


def overview_for(event: Event, now: datetime) -> Overview:
    """For an event that the actor may see, with the first MOST_TASKS open tasks. 7 queries, whatever the event's size."""
    departments, organisations = tuple(event.departments.all()), tuple(event.organisations.all())
    groups = _groups(event)
    roles = {role: sum(each.count for each in groups if each.role == role) for role in PartyRole}
    return Overview(
        policy=policy_of(event.class_version),
        scope=scope_of(
            event.host_department_id,
            {*(each.pk for each in departments), *(each.department for each in groups if each.department)},
            with_external=bool(organisations) or any(each.kind != PersonKind.STAFF for each in groups),
            parent_of=_tree(),
        ),
        departments=departments,
        organisations=organisations,
        contacts=contacts_of(event),
        roles={role: count for role, count in roles.items() if count},
        functions=Function.objects.filter(event=event).count(),
        tasks=_next_tasks(event, now),
    )


def progress_for(actor: Actor, event: Event, now: datetime) -> Progress:
    """For an event that the actor may see: live, so it takes the queries of every readiness check. No ways for who may not go them."""
    readiness = readiness_of([event.pk], now)[event.pk]
    if not may(actor, "event.change_state", event):
        return Progress(readiness, ())
    # Where a reason is asked for, the next page asks for it
    dossier = dossier_of(event, now, reason="-", readiness=readiness)
    ways = (Way(step, tuple(step.missing(dossier))) for step in steps_from(event.state, event.resumes_to))
    return Progress(readiness, tuple(ways))


def _next_tasks(event: Event, now: datetime) -> tuple[NextTask, ...]:
    rows = Task.objects.filter(event=event, state__in=UNDONE).select_related("owner")
    today = today_at(event, now)
    return tuple(
        NextTask(
            row.pk,
            row.title,
            row.due_on,
            row.owner.name if row.owner else "",
            row.due_on is not None and row.due_on < today,
        )
        for row in rows.order_by(F("due_on").asc(nulls_last=True), "pk")[:MOST_TASKS]
    )


@dataclass(frozen=True, slots=True)
class _Group:
    """How many people of one department and kind have one role; speakers have "" and stand apart."""

    role: str
    department: int | None
    kind: str
    count: int


def _groups(event: Event) -> list[_Group]:
    """Who takes part: the list, and those who speak without being on it. 1 query."""
    listed = Party.objects.filter(event=event).order_by()
    speakers = Speaker.objects.filter(function__event=event, function__removed_at__isnull=True).order_by()
    columns = ("as_what", "person__department_id", "person__kind")
    counted = listed.annotate(as_what=F("role")).values_list(*columns).annotate(number=Count("pk"))
    spoken = speakers.annotate(as_what=Value("")).values_list(*columns).annotate(number=Count("pk"))
    return [_Group(*row) for row in counted.union(spoken, all=True)]


def _tree() -> Mapping[int, int | None]:
    own = Department.objects.filter(organisation__is_own=True)
    return dict(own.order_by().values_list("pk", "parent_id"))


def contacts_of(event: Event) -> tuple[ContactRow, ...]:
    """By service. 1 query."""
    rows = Contact.objects.filter(event=event).select_related("person__organisation").order_by("pk")
    order = list(Service)
    found = [
        ContactRow(Service(row.service), row.person_id, row.person.name, str(row.person.organisation))
        for row in rows
    ]
    return tuple(sorted(found, key=lambda row: order.index(row.service)))
