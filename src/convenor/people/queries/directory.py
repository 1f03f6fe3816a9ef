"""Everything that the rows of an import may name, read in a number of queries that doesn't grow with the rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from convenor.base.bulk import chunks, once
from convenor.kernel.week_text import WeekRow
from convenor.people.drafts import PersonDraft
from convenor.people.models import CostBand, Department, Organisation, Person, WorkingHours
from convenor.venues.models import Site


@dataclass(frozen=True, slots=True)
class Directory:
    """Rows by the folded names that people write: sites and departments also by their codes."""

    people: dict[str, Person]
    managers: dict[str, str | None]
    weeks: dict[int, list[WeekRow]]
    organisations: dict[str, Organisation]
    departments: dict[str, list[Department]]
    department_codes: set[str]
    sites: dict[str, Site]
    cost_bands: dict[str, CostBand]

    @property
    def own(self) -> Organisation | None:
        return next((each for each in self.organisations.values() if each.is_own), None)


def directory_for_import(drafts: Sequence[PersonDraft]) -> Directory:
    """The people whom the drafts name, as rows or as managers, and all of what else they can name. At most 6 queries, and 1 per 5,000."""
    emails = once(
        [folded(draft.email) for draft in drafts] + [folded(draft.manager or "") for draft in drafts]
    )
    people = _people(emails)
    departments = list(Department.objects.select_related("organisation"))
    return Directory(
        people=people,
        managers=_managers() if any(draft.manager for draft in drafts) else {},
        weeks=_weeks(people) if any(draft.working_hours is not None for draft in drafts) else {},
        organisations={folded(each.name): each for each in Organisation.objects.all()},
        departments=_departments_by_name(departments),
        department_codes={department.code for department in departments},
        sites={name: site for site in Site.objects.all() for name in (folded(site.name), folded(site.code))},
        cost_bands={folded(band.name): band for band in CostBand.objects.all()},
    )


def folded(name: str) -> str:
    """A name as it is looked up: without case, and with single spaces."""
    return " ".join(name.casefold().split())


def _people(emails: Sequence[str]) -> dict[str, Person]:
    rows = Person.objects.select_related(
        "organisation", "department", "home_site", "manager", "cost_band"
    ).order_by()
    return {person.email: person for part in chunks(emails) for person in rows.filter(email__in=part)}


def _managers() -> dict[str, str | None]:
    return dict(
        Person.objects.filter(manager__isnull=False).order_by().values_list("email", "manager__email")
    )


def _weeks(people: dict[str, Person]) -> dict[int, list[WeekRow]]:
    weeks: dict[int, list[WeekRow]] = defaultdict(list)
    rows = WorkingHours.objects.filter(person__among=[person.pk for person in people.values()])
    for person, day, starts, ends in rows.values_list("person_id", "weekday", "starts", "ends"):
        weeks[person].append((day, starts, ends))
    return weeks


def _departments_by_name(departments: Iterable[Department]) -> dict[str, list[Department]]:
    found: dict[str, list[Department]] = defaultdict(list)
    for department in departments:
        for name in {folded(department.name), folded(department.code)}:
            found[name].append(department)
    return found
