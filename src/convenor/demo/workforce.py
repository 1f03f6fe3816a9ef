"""Departments, people, accounts and delegations of the demo, through the ordinary actions."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal

from convenor.base.actor import Actor
from convenor.base.enums import Role, Scope
from convenor.base.models import User
from convenor.demo.premises import Premises
from convenor.demo.staff import DEPARTMENTS, PARTIES, DemoPerson
from convenor.people.actions.availability import add_leave, set_working_hours
from convenor.people.actions.delegation import grant_delegation
from convenor.people.actions.organisation import (
    change_department,
    create_cost_band,
    create_department,
    create_organisation,
)
from convenor.people.actions.person import create_person, link_account, set_needs
from convenor.people.models import CostBand, Department, Organisation, Person

PASSWORD = "danube-demo-2026"  # noqa: S105 - printed for whoever tries the demo; real accounts are never made here
RATES = {1: 32, 2: 46, 3: 68, 4: 95, 5: 140}
PART_TIME = 0.008
ON_LEAVE = 0.05
ACCOUNTS = {
    "Ioana Marinescu": Role.COORDINATOR,
    "Radu Constantinescu": Role.ORGANISER,
    "Elena Dobre": Role.ORGANISER,
    "Cristina Ardelean": Role.ORGANISER,
    "Sorin Barbu": Role.ORGANISER,
    "Irina Păun": Role.VIEWER,
}
ADMINISTRATOR = "admin@danubia.example"
_MORNING, _AFTERNOON = time(8), time(14)
_NEEDS = (
    ("Vegetarian", "", False),
    ("Coeliac: no gluten", "", False),
    ("", "Wheelchair user", True),
    ("Vegan", "Hearing loop", False),
)


@dataclass(slots=True)
class Workforce:
    organisations: dict[str, Organisation] = field(default_factory=dict)
    bands: dict[int, CostBand] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)  # by e-mail


def administrator() -> User:
    return User.objects.create_user(
        ADMINISTRATOR, PASSWORD, display_name="Administrator", role=Role.ADMINISTRATOR
    )


def hire(actor: Actor, premises: Premises, staff: list[DemoPerson], parties: list[DemoPerson]) -> Workforce:
    """Everybody, with their departments led and their accounts made."""
    force = Workforce()
    force.organisations["Danubia Systems"] = create_organisation(
        actor=actor, name="Danubia Systems", is_own=True
    )
    for name in PARTIES:
        force.organisations[name] = create_organisation(actor=actor, name=name)
    for seniority, rate in RATES.items():
        band = create_cost_band(
            actor=actor, name=f"Band {seniority}", hourly_rate=Decimal(rate), currency="EUR"
        )
        force.bands[seniority] = band
    for department in DEPARTMENTS:
        force.departments[department.code] = create_department(
            actor=actor,
            organisation=force.organisations["Danubia Systems"],
            parent=force.departments.get(department.parent),
            code=department.code,
            name=department.name,
            cost_centre=f"CC-{len(force.departments) + 100}",
        )
    for person in (*staff, *parties):
        force.people[person.email] = _person(actor, premises, force, person)
    _leaders(actor, force, staff)
    return force


def _person(actor: Actor, premises: Premises, force: Workforce, person: DemoPerson) -> Person:
    site = premises.sites.get(person.site)
    return create_person(
        actor=actor,
        kind=person.kind,
        organisation=force.organisations[person.organisation],
        department=force.departments.get(person.department),
        email=person.email,
        name=person.name,
        job_title=person.title,
        manager=force.people.get(person.manager),
        home_site=site,
        zone=site.zone if site else "Europe/Berlin",
        cost_band=force.bands[person.seniority] if person.kind == "staff" else None,
        seniority=person.seniority,
    )


def _leaders(actor: Actor, force: Workforce, staff: list[DemoPerson]) -> None:
    first: dict[str, Person] = {}
    for person in staff:
        first.setdefault(person.department, force.people[person.email])
    for code, leader in first.items():
        change_department(actor=actor, department_id=force.departments[code].pk, leader=leader)


def open_accounts(actor: Actor, force: Workforce) -> list[User]:
    """Accounts for the people whom the guide knows by name, and the executive's delegate."""
    named = {person.name: person for person in force.people.values()}
    users = []
    for name, role in ACCOUNTS.items():
        person = named[name]
        user = User.objects.create_user(
            person.email, PASSWORD, display_name=name, role=role, zone=person.zone
        )
        link_account(actor=actor, person_id=person.pk, user=user)
        users.append(user)
    return users


def delegate(actor: Actor, force: Workforce, today: date) -> None:
    """Elena acts for the chief executive; Tudor may propose for them."""
    named = {person.name: person.pk for person in force.people.values()}
    chief = named["Radu Constantinescu"]
    start = today - timedelta(days=90)
    grant_delegation(
        actor=actor, principal_id=chief, delegate_id=named["Elena Dobre"], scope=Scope.ACT, starts_on=start
    )
    grant_delegation(
        actor=actor,
        principal_id=chief,
        delegate_id=named["Tudor Neagu"],
        scope=Scope.PROPOSE,
        starts_on=start,
    )


def live(actor: Actor, force: Workforce, staff: list[DemoPerson], today: date, source: random.Random) -> None:
    """Part-timers, leave to come and a few needs, so that the calendar is lived in."""
    for person in staff:
        row = force.people[person.email]
        if person.seniority < 3 and source.random() < PART_TIME:
            row_hours = [(day, _MORNING, _AFTERNOON) for day in range(4)]
            set_working_hours(actor=actor, person_id=row.pk, hours=row_hours)
        if source.random() < ON_LEAVE:
            start = today + timedelta(days=source.randrange(3, 80))
            end = start + timedelta(days=source.choice((0, 1, 4, 4, 9)))
            add_leave(actor=actor, person_id=row.pk, starts_on=start, ends_on=end)
    for place, (dietary, access, step_free) in enumerate(_NEEDS):
        person_id = force.people[staff[17 + 23 * place].email].pk
        set_needs(actor=actor, person_id=person_id, dietary=dietary, access=access, step_free=step_free)
