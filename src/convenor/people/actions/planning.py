"""What an import of people would do: each row matched by e-mail, its references looked up, checked by the validator of the forms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext

from convenor.base import audit
from convenor.base.bulk import Change, Plan, PlannedRow
from convenor.base.changes import row_problems
from convenor.base.weeks import validate_week
from convenor.kernel.trees import makes_cycle
from convenor.kernel.week_text import WeekRow, week_text
from convenor.people.checks import person_fits
from convenor.people.drafts import PersonDraft
from convenor.people.enums import PersonKind
from convenor.people.models import Department, Organisation, Person
from convenor.people.queries.directory import Directory, folded

TEXTS = ("name", "job_title", "phone", "zone", "kind", "seniority")
COLUMNS = (*TEXTS, "organisation", "department", "home_site", "cost_band", "manager")
_NOT_CLEARED = {"name", "zone", "kind"}


@dataclass(slots=True)
class PlannedPerson:
    """A row on its way: the person as they would be, and how they were."""

    draft: PersonDraft
    person: Person
    before: dict[str, Any]
    shown: dict[str, str]
    week: Sequence[WeekRow] | None = None
    week_before: Sequence[WeekRow] = ()

    @property
    def is_new(self) -> bool:
        return self.person._state.adding


@dataclass(slots=True)
class PeoplePlan:
    """The plan with the rows that would carry it out, in the file's order."""

    plan: Plan = field(default_factory=Plan)
    rows: list[PlannedPerson] = field(default_factory=list)

    def new_organisations(self) -> list[Organisation]:
        found = (row.person.organisation for row in self.rows)
        return list({id(each): each for each in found if each._state.adding}.values())

    def new_departments(self) -> list[Department]:
        found = (row.person.department for row in self.rows if row.person.department)
        return list({id(each): each for each in found if each._state.adding}.values())


def plan_rows(drafts: Sequence[PersonDraft], directory: Directory) -> PeoplePlan:
    """Decide about every draft; nothing is written."""
    planner = _Planner(directory)
    for draft in drafts:
        planner.add(draft)
    planner.set_managers()
    planner.sort_out()
    return planner.result


class _Refusal(Exception):
    """Ends the planning of one row; the sentences are in the plan already."""


class _Planner:
    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.result = PeoplePlan()
        self.by_email: dict[str, PlannedPerson] = {}
        self.lines: dict[str, int] = {}
        self.own = directory.own or Organisation(name=gettext("Our organisation"), is_own=True)
        self.new_organisations: dict[str, Organisation] = {}
        self.new_departments: dict[tuple[str, str], Department] = {}

    @property
    def plan(self) -> Plan:
        return self.result.plan

    def add(self, draft: PersonDraft) -> None:
        email = folded(draft.email)
        if email in self.lines:
            sentence = gettext("Line %(line)d has this e-mail already.")
            self.plan.refuse(draft.line, "email", sentence % {"line": self.lines[email]})
            return
        self.lines[email] = draft.line
        person = self.directory.people.get(email) or Person(email=email)
        week_before = self.directory.weeks.get(person.pk, []) if person.pk else []
        row = PlannedPerson(draft, person, _before(person), _shown(person), draft.working_hours, week_before)
        try:
            self._fill(row)
        except _Refusal:
            return
        self.by_email[email] = row

    def _fill(self, row: PlannedPerson) -> None:
        count = len(self.plan.refused)
        draft, person = row.draft, row.person
        if row.is_new and not draft.name:
            self.plan.refuse(draft.line, "name", gettext("A new person needs a name."))
        for name in TEXTS:
            value = getattr(draft, name)
            if value is not None and not (value == "" and name in _NOT_CLEARED):
                setattr(person, name, value)
        self._place(row)
        if draft.working_hours is not None:
            self._check_week(draft)
        if len(self.plan.refused) == count:
            self.plan.refuse_all(draft.line, row_problems(person, [person_fits], with_database=False))
        if len(self.plan.refused) > count:
            raise _Refusal

    def _place(self, row: PlannedPerson) -> None:
        """Organisation, kind, department, site, zone and cost band, which depend on each other in this order."""
        draft, person = row.draft, row.person
        if draft.organisation:
            person.organisation = self._organisation(draft.organisation)
        elif row.is_new:
            person.organisation = self.own
        if not draft.kind and (row.is_new or draft.organisation):
            person.kind = PersonKind.STAFF if person.organisation.is_own else PersonKind.EXTERNAL
        if draft.department is not None:
            person.department = self._department(draft, person.organisation)
        if draft.home_site is not None:
            person.home_site = self._named(draft, "home_site", self.directory.sites, gettext("site"))
        if not person.zone:
            person.zone = person.home_site.zone if person.home_site else settings.TIME_ZONE
        if draft.cost_band is not None:
            person.cost_band = self._named(
                draft, "cost_band", self.directory.cost_bands, gettext("cost band")
            )

    def _organisation(self, name: str) -> Organisation:
        key = folded(name)
        found = self.directory.organisations.get(key) or self.new_organisations.get(key)
        return found or self.new_organisations.setdefault(key, Organisation(name=name))

    def _department(self, draft: PersonDraft, organisation: Organisation) -> Department | None:
        name = draft.department or ""
        if not name:
            return None
        found = [
            each
            for each in self.directory.departments.get(folded(name), [])
            if each.organisation_id == organisation.pk
        ]
        if len(found) > 1:
            codes = ", ".join(sorted(each.code for each in found))
            sentence = gettext("Several departments are called “%(name)s”; give the code: %(codes)s.")
            self.plan.refuse(draft.line, "department", sentence % {"name": name, "codes": codes})
        return found[0] if found else self._new_department(name, organisation)

    def _new_department(self, name: str, organisation: Organisation) -> Department:
        key = (organisation.name, folded(name))
        if key not in self.new_departments:
            taken = self.directory.department_codes
            code = _free_code(slugify(name)[:30] or "department", taken)
            taken.add(code)
            self.new_departments[key] = Department(organisation=organisation, name=name, code=code)
        return self.new_departments[key]

    def _named(self, draft: PersonDraft, column: str, known: dict[str, Any], what: str) -> Any:
        name = getattr(draft, column)
        if not name:
            return None
        if folded(name) not in known:
            params = {"what": what, "name": name, "known": ", ".join(once_shown(known)) or "–"}
            self.plan.refuse(
                draft.line, column, gettext("There is no %(what)s “%(name)s”. Known: %(known)s.") % params
            )
        return known.get(folded(name))

    def _check_week(self, draft: PersonDraft) -> None:
        try:
            validate_week(draft.working_hours or (), "working_hours")
        except ValidationError as error:
            self.plan.refuse_all(draft.line, error.error_dict)

    # Managers, once it is known who will be there

    def set_managers(self) -> None:
        above = dict(self.directory.managers)
        waiting: dict[str, list[PlannedPerson]] = defaultdict(list)
        gone: list[str] = []
        for email, row in list(self.by_email.items()):
            manager = row.draft.manager
            if manager is None:
                continue
            waiting[folded(manager)].append(row)
            if not self._set_manager(email, row, folded(manager), above):
                gone.append(email)
        while gone:  # who was to be managed by somebody refused can't be entered so either
            for row in waiting.get(gone.pop(), ()):
                email = row.person.email
                if (
                    email in self.by_email
                    and row.person.manager is not None
                    and row.person.manager._state.adding
                ):
                    self._refuse_manager(email, row)
                    gone.append(email)

    def _set_manager(
        self, email: str, row: PlannedPerson, manager: str, above: dict[str, str | None]
    ) -> bool:
        if not manager:
            row.person.manager, above[email] = None, None
            return True
        entered = self.by_email.get(manager)
        person = entered.person if entered else self.directory.people.get(manager)
        if person is None:
            return self._refuse_manager(email, row)
        if makes_cycle(above, email, manager):
            params = {"person": row.person.name, "manager": person.name}
            return self._refuse_manager(
                email, row, gettext("%(person)s is above %(manager)s already.") % params
            )
        row.person.manager, above[email] = person, manager
        return True

    def _refuse_manager(self, email: str, row: PlannedPerson, sentence: str = "") -> bool:
        """False. The row is out, and a new person with it."""
        unknown = gettext("There is nobody with the e-mail “%(email)s”.") % {"email": row.draft.manager}
        self.plan.refuse(row.draft.line, "manager", sentence or unknown)
        del self.by_email[email]
        return False

    # The answer

    def sort_out(self) -> None:
        for row in self.by_email.values():
            changes = tuple(_changes(row))
            planned = PlannedRow(row.draft.line, f"{row.person.name} <{row.person.email}>", changes)
            if row.is_new:
                self.plan.created.append(planned)
            elif changes:
                self.plan.changed.append(planned)
            else:
                self.plan.unchanged.append(planned)
            if row.is_new or changes:
                self.result.rows.append(row)
        self.plan.refused.sort()
        self.plan.notes += [
            gettext("New organisation: %(name)s") % {"name": each} for each in self.result.new_organisations()
        ]
        self.plan.notes += [
            gettext("New department: %(name)s") % {"name": each} for each in self.result.new_departments()
        ]


def once_shown(known: dict[str, Any]) -> list[str]:
    """Up to ten of the rows' own names, sorted."""
    return sorted({str(row) for row in known.values()})[:10]


def _before(person: Person) -> dict[str, Any]:
    return {} if person._state.adding else audit.snapshot(person, COLUMNS)


def _shown(person: Person) -> dict[str, str]:
    return {} if person._state.adding else {name: _text(person, name) for name in COLUMNS}


def _text(person: Person, name: str) -> str:
    if name == "kind":
        return str(PersonKind(person.kind).label)
    value = getattr(person, name)
    return "" if value is None else str(value)


def _changes(row: PlannedPerson) -> list[Change]:
    after, keys = {name: _text(row.person, name) for name in COLUMNS}, audit.snapshot(row.person, COLUMNS)
    changes = [
        Change(name, row.shown.get(name, ""), after[name])
        for name in COLUMNS
        # What is new has no key yet, and two things may bear one name: either difference counts.
        if row.shown.get(name, "") != after[name] or (row.before and row.before[name] != keys[name])
    ]
    if row.week is not None and week_text(row.week) != week_text(row.week_before):
        changes.append(Change("working_hours", week_text(row.week_before), week_text(row.week)))
    return changes


def _free_code(wanted: str, taken: set[str]) -> str:
    code, number = wanted, 1
    while code in taken:
        number += 1
        code = f"{wanted}-{number}"
    return code
