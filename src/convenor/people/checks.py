"""What a row of people must satisfy beyond its columns: one place for forms, imports and commands.

Each raises ValidationError with a dict from field to sentence.
"""

from __future__ import annotations

from datetime import date

from babel import Locale
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from convenor.kernel.trees import makes_cycle
from convenor.people.enums import PersonKind
from convenor.people.models import (
    CostBand,
    Delegation,
    Department,
    Leave,
    Organisation,
    Person,
    WorkingException,
)

FIRST_YEAR, LAST_YEAR = 2000, 2100
LOWEST, HIGHEST = 1, 5  # seniority
LONGEST_LEAVE_DAYS = 1_100  # three years: parental leave is the longest there is


def person_fits(person: Person) -> None:
    """Staff belong to our own organisation, people from outside to another; a department is of the person's own organisation."""
    problems: dict[str, str] = {}
    params: dict[str, object]
    own = person.organisation.is_own
    if person.kind == PersonKind.STAFF and not own:
        params = {"organisation": person.organisation}
        problems["organisation"] = (
            gettext("%(organisation)s is not our own organisation; its people are external.") % params
        )
    if person.kind == PersonKind.EXTERNAL and own:
        problems["organisation"] = gettext("External people belong to another organisation than our own.")
    if person.department is not None and person.department.organisation_id != person.organisation_id:
        params = {"department": str(person.department), "organisation": str(person.department.organisation)}
        problems["department"] = gettext("%(department)s is a department of %(organisation)s.") % params
    if not LOWEST <= person.seniority <= HIGHEST:
        params = {"lowest": LOWEST, "highest": HIGHEST}
        problems["seniority"] = gettext("Seniority goes from %(lowest)d to %(highest)d.") % params
    if person.manager is not None and not person.manager.is_active:
        problems["manager"] = gettext("%(name)s is no longer active.") % {"name": person.manager}
    if problems:
        raise ValidationError(problems)


def manager_fits(person: Person) -> None:
    """Nobody is their own manager, however many steps up. 1 query."""
    if not person._state.adding and person.manager_id is not None:
        managers = dict(
            Person.objects.filter(manager__isnull=False).order_by().values_list("pk", "manager_id")
        )
        if makes_cycle(managers, person.pk, person.manager_id):
            params = {"person": person, "manager": person.manager}
            raise ValidationError({"manager": gettext("%(person)s is above %(manager)s already.") % params})


def department_fits(department: Department) -> None:
    """Its leader is active staff, its parent of the same organisation and not below it. 1 query."""
    problems: dict[str, str] = {}
    leader, parent = department.leader, department.parent
    if leader is not None and (leader.kind != PersonKind.STAFF or not leader.is_active):
        problems["leader"] = gettext("A department is led by an active member of staff.")
    if parent is not None and parent.organisation_id != department.organisation_id:
        problems["parent"] = gettext("%(parent)s belongs to another organisation.") % {"parent": parent}
    elif parent is not None and not department._state.adding:
        parents = dict(Department.objects.order_by().values_list("pk", "parent_id"))
        if makes_cycle(parents, department.pk, parent.pk):
            params = {"parent": parent, "department": department}
            problems["parent"] = gettext("%(parent)s is %(department)s itself or a part of it.") % params
    if problems:
        raise ValidationError(problems)


def organisation_fits(organisation: Organisation) -> None:
    """There is one of our own, and it stays so while staff belong to it."""
    others = Organisation.objects.filter(is_own=True).exclude(pk=organisation.pk)
    if organisation.is_own and others.exists():
        raise ValidationError(
            {"is_own": gettext("“%(name)s” is our own organisation already.") % {"name": others.get()}}
        )
    if (
        organisation.pk
        and not organisation.is_own
        and organisation.people.filter(kind=PersonKind.STAFF).exists()
    ):
        raise ValidationError({"is_own": gettext("Members of staff belong to this organisation.")})


def cost_band_fits(band: CostBand) -> None:
    if band.currency not in Locale("en").currencies:
        sentence = gettext("“%(code)s” is not a currency's three-letter code, such as EUR.")
        raise ValidationError({"currency": sentence % {"code": band.currency}})
    if band.hourly_rate < 0:
        raise ValidationError({"hourly_rate": gettext("A rate can't be negative.")})


def leave_fits(leave: Leave) -> None:
    """In order, of a sensible length, not twice for the same days. 1 query."""
    _year_fits(leave.starts_on, "starts_on")
    if leave.ends_on < leave.starts_on:
        raise ValidationError({"ends_on": gettext("Leave must not end before it starts.")})
    if (leave.ends_on - leave.starts_on).days > LONGEST_LEAVE_DAYS:
        raise ValidationError({"ends_on": gettext("This is more than three years; is the year right?")})
    same = Leave.objects.filter(
        person=leave.person, starts_on__lte=leave.ends_on, ends_on__gte=leave.starts_on
    )
    if same.exclude(pk=leave.pk).exists():
        raise ValidationError({"starts_on": gettext("There is other leave on some of these days.")})


def exception_fits(exception: WorkingException) -> None:
    """Both times or none, in order, and not over other hours of the day. 1 query."""
    _year_fits(exception.day, "day")
    starts, ends = exception.starts, exception.ends
    if (starts is None) != (ends is None):
        raise ValidationError({"ends": gettext("Give both times, or none for a day off.")})
    if starts is not None and ends is not None and ends <= starts:
        raise ValidationError({"ends": gettext("Working hours must end after they start.")})
    for other in WorkingException.objects.filter(person=exception.person, day=exception.day).exclude(
        pk=exception.pk
    ):
        if starts is None or ends is None or other.starts is None or other.ends is None:
            raise ValidationError({"day": gettext("There is another exception for this day.")})
        if starts < other.ends and other.starts < ends:
            raise ValidationError({"starts": gettext("These hours overlap others of this day.")})


def delegation_fits(delegation: Delegation) -> None:
    """To another, active person with a beginning before its end."""
    problems: dict[str, str] = {}
    if delegation.principal_id == delegation.delegate_id:
        problems["delegate"] = gettext("Nobody can be their own delegate.")
    elif not delegation.delegate.is_active:
        problems["delegate"] = gettext("%(name)s is no longer active.") % {"name": delegation.delegate}
    elif delegation.delegate.kind != PersonKind.STAFF and delegation.principal.kind == PersonKind.STAFF:
        problems["delegate"] = gettext("%(name)s is from outside; staff delegate to staff.") % {
            "name": delegation.delegate
        }
    if delegation.ends_on is not None and delegation.ends_on < delegation.starts_on:
        problems["ends_on"] = gettext("The last day must not be before the first.")
    if problems:
        raise ValidationError(problems)


def _year_fits(day: date, field: str) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        params = {"first": FIRST_YEAR, "last": LAST_YEAR}
        raise ValidationError({field: gettext("The year must be from %(first)d to %(last)d.") % params})
