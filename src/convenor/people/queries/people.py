"""People, departments and what belongs to them, as the actor may see them."""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce
from operator import or_

from django.db.models import Count, Q, QuerySet

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.kernel.trees import below, in_tree_order
from convenor.kernel.week_text import WeekRow
from convenor.people import registry
from convenor.people.models import (
    CostBand,
    Delegation,
    Department,
    EmailAlias,
    Leave,
    Organisation,
    Person,
    PersonNeeds,
    WorkingException,
)


def people_for(
    actor: Actor,
    *,
    text: str = "",
    department: Department | int | None = None,
    kind: str | None = None,
    active: bool | None = True,
) -> QuerySet[Person]:
    """People by name, with organisation, department, site and manager in the same query.

    `text` is looked for in name, e-mail, job title and department, each word somewhere; a department holds those below it;
    `active=None` gives the deactivated too. The cost band is loaded only where asked: see `cost_bands_for`.
    """
    people = Person.objects.filter(_visible_to(actor))
    people = people.select_related("organisation", "department", "home_site", "manager")
    for word in text.replace("\x00", "").split()[:8]:
        people = people.filter(
            Q(name__matches=word)
            | Q(email__matches=word)
            | Q(job_title__matches=word)
            | Q(department__name__matches=word)
        )
    if department is not None:
        people = people.filter(department__in=_with_those_below(department))
    if kind:
        people = people.filter(kind=kind)
    return people if active is None else people.filter(is_active=active)


def person_for(actor: Actor, pk: int) -> Person:
    """Raises Person.DoesNotExist."""
    return people_for(actor, active=None).get(pk=pk)


def home_site_of(actor: Actor) -> int | None:
    """Where the actor sits, as far as it is known. One query."""
    people = Person.objects.filter(pk=actor.person_id) if actor.person_id else Person.objects.none()
    return people.values_list("home_site", flat=True).first()


def person_by_email_for(actor: Actor, email: str) -> Person:
    """In any case. Raises Person.DoesNotExist."""
    return people_for(actor, active=None).get(email=email.strip().lower())


def reports_for(actor: Actor, person: Person) -> QuerySet[Person]:
    """Who reports to the person, by name."""
    return people_for(actor).filter(manager=person)


def needs_for(actor: Actor, person_ids: Collection[int]) -> dict[int, PersonNeeds]:
    """The needs that the actor may know of; people without needs, or whose needs are not for the actor, are left out. 1 query."""
    visible = set(person_ids)
    if not may(actor, "person.see_needs"):
        visible = {person for person in visible if actor.may_act_for(person)}
    return {needs.person_id: needs for needs in PersonNeeds.objects.filter(person__among=visible)}


def organisations_for(actor: Actor) -> QuerySet[Organisation]:
    """Our own first. Somebody from outside sees our own and theirs."""
    if may(actor, "directory.see"):
        return Organisation.objects.all()
    return Organisation.objects.filter(people=actor.person_id).distinct()


def organisation_for(actor: Actor, pk: int) -> Organisation:
    """Raises Organisation.DoesNotExist."""
    return organisations_for(actor).get(pk=pk)


def departments_for(actor: Actor) -> QuerySet[Department]:
    """Departments by name, with leader and parent, and `headcount`: the active people directly in each."""
    if not may(actor, "directory.see"):
        return Department.objects.none()
    departments = Department.objects.select_related("leader", "parent", "organisation")
    return departments.annotate(headcount=Count("people", filter=Q(people__is_active=True)))


def department_for(actor: Actor, pk: int) -> Department:
    """Raises Department.DoesNotExist."""
    return departments_for(actor).get(pk=pk)


def department_family_for(actor: Actor, pk: int) -> set[int]:
    """Keys of the department and of all below it. Raises Department.DoesNotExist."""
    return _with_those_below(department_for(actor, pk))


def department_tree_for(actor: Actor) -> list[tuple[Department, int]]:
    """Departments with their depth, each under its parent. 1 query."""
    departments = {department.pk: department for department in departments_for(actor)}
    order = in_tree_order([(pk, department.parent_id) for pk, department in departments.items()])
    return [(departments[pk], depth) for pk, depth in order]


def cost_bands_for(actor: Actor) -> QuerySet[CostBand]:
    """Cheapest first; none for those who may not know."""
    return CostBand.objects.all() if may(actor, "person.see_cost") else CostBand.objects.none()


def cost_band_for(actor: Actor, pk: int) -> CostBand:
    """Raises CostBand.DoesNotExist."""
    return cost_bands_for(actor).get(pk=pk)


def hourly_rates_for(actor: Actor, person_ids: Collection[int]) -> dict[int, tuple[float, str]]:
    """Rate per hour and currency by person, where there is a band; nothing for those who may not know. 1 query."""
    if not may(actor, "person.see_cost"):
        return {}
    people = Person.objects.filter(pk__among=person_ids, cost_band__isnull=False).order_by()
    rows = people.values_list("pk", "cost_band__hourly_rate", "cost_band__currency")
    return {person: (float(rate), currency) for person, rate, currency in rows}


def delegations_for(actor: Actor, person: Person | int | None = None) -> QuerySet[Delegation]:
    """Delegations that the actor gave, got or looks after, past and coming ones too; of one person: theirs on either side."""
    delegations = Delegation.objects.select_related("principal", "delegate")
    if not may(actor, "delegation.see"):
        delegations = delegations.filter(Q(principal=actor.person_id) | Q(delegate=actor.person_id))
    if person is not None:
        delegations = delegations.filter(Q(principal=person) | Q(delegate=person))
    return delegations


def leave_for(actor: Actor, person: Person) -> QuerySet[Leave]:
    """A person's leave with its kind, latest first; none for those whom it is no business of (they see `away_spans`)."""
    if not may(actor, "person.see_leave", person):
        return Leave.objects.none()
    return Leave.objects.filter(person=person).select_related("person").order_by("-starts_on")


def aliases_for(actor: Actor, person: Person) -> QuerySet[EmailAlias]:
    """Other addresses that the person writes from; none for those whom it is no business of."""
    if not may(actor, "person.edit_own", person):
        return EmailAlias.objects.none()
    return EmailAlias.objects.filter(person=person)


def working_week_for(actor: Actor, person: Person) -> list[WeekRow]:
    """A person's own weekly hours; empty where they keep the usual week. Raises Person.DoesNotExist."""
    person_for(actor, person.pk)
    return sorted(person.working_hours.values_list("weekday", "starts", "ends"))


def working_exceptions_for(actor: Actor, person: Person) -> QuerySet[WorkingException]:
    """Days with other hours, latest first; none for those whom it is no business of."""
    if not may(actor, "person.see_leave", person):
        return WorkingException.objects.none()
    return WorkingException.objects.filter(person=person).select_related("person").order_by("-day", "starts")


def _visible_to(actor: Actor) -> Q:
    """A condition on Person. Outsiders see themselves, those they are a delegate of, and those they meet."""
    if may(actor, "directory.see"):
        return Q()
    if not actor.is_signed_in or actor.person_id is None:
        return Q(pk__in=[])
    known = Q(pk__in=[actor.person_id, *actor.principals])
    return reduce(or_, (source(actor.person_id) for source in registry.acquaintances), known)


def _with_those_below(department: Department | int) -> set[int]:
    root = department if isinstance(department, int) else department.pk
    return below(dict(Department.objects.order_by().values_list("pk", "parent_id")), root)
