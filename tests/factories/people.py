"""People, departments, organisations, and the cast: Alice owns it, Bob is a teammate, Charlie is the outsider."""

from __future__ import annotations

from datetime import date, time

import factory
from factory.django import DjangoModelFactory

from convenor.base.enums import Role, Scope
from convenor.base.models import User
from convenor.people.enums import LeaveKind, PersonKind
from convenor.people.models import (
    CostBand,
    Delegation,
    Department,
    Leave,
    Organisation,
    Person,
    PersonNeeds,
    WorkingException,
    WorkingHours,
)
from tests.factories.venues import SiteFactory


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"user{n}@example.org")
    display_name = factory.LazyAttribute(lambda user: user.email.partition("@")[0].title())
    role = Role.ORGANISER
    password = "!"  # no password signs in


class OrganisationFactory(DjangoModelFactory):
    """Our own; there is only one."""

    class Meta:
        model = Organisation
        django_get_or_create = ("name",)

    name = "Acme"
    is_own = True


class DepartmentFactory(DjangoModelFactory):
    class Meta:
        model = Department

    organisation = factory.SubFactory(OrganisationFactory)
    code = factory.Sequence(lambda n: f"dept-{n}")
    name = factory.LazyAttribute(lambda department: department.code.title())


class CostBandFactory(DjangoModelFactory):
    class Meta:
        model = CostBand

    name = factory.Sequence(lambda n: f"Band {n}")
    hourly_rate = 50


class PersonFactory(DjangoModelFactory):
    """One of the staff, without an account."""

    class Meta:
        model = Person

    organisation = factory.SubFactory(OrganisationFactory)
    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.LazyAttribute(lambda person: person.email.partition("@")[0].title())
    home_site = factory.SubFactory(SiteFactory)
    zone = factory.LazyAttribute(
        lambda person: person.home_site.zone if person.home_site else "Europe/Bucharest"
    )


class MemberFactory(PersonFactory):
    """One of the staff who can sign in; `user__role=Role.COORDINATOR` for another role."""

    user = factory.SubFactory(
        UserFactory,
        email=factory.SelfAttribute("..email"),
        display_name=factory.SelfAttribute("..name"),
    )


class OutsiderFactory(MemberFactory):
    """Somebody from another organisation, with an account that may see next to nothing."""

    kind = PersonKind.EXTERNAL
    organisation = factory.SubFactory(OrganisationFactory, name="Elsewhere", is_own=False)
    user__role = Role.VIEWER
    home_site = None
    zone = "Europe/London"


class PersonNeedsFactory(DjangoModelFactory):
    class Meta:
        model = PersonNeeds

    person = factory.SubFactory(PersonFactory)
    dietary = "No nuts"


class WorkingHoursFactory(DjangoModelFactory):
    class Meta:
        model = WorkingHours

    person = factory.SubFactory(PersonFactory)
    weekday = 0
    starts = time(10)
    ends = time(18)


class WorkingExceptionFactory(DjangoModelFactory):
    """A day off; give `starts` and `ends` for other hours."""

    class Meta:
        model = WorkingException

    person = factory.SubFactory(PersonFactory)
    day = date(2026, 12, 8)


class LeaveFactory(DjangoModelFactory):
    class Meta:
        model = Leave

    person = factory.SubFactory(PersonFactory)
    starts_on = date(2026, 12, 7)
    ends_on = date(2026, 12, 11)
    kind = LeaveKind.HOLIDAY


class DelegationFactory(DjangoModelFactory):
    class Meta:
        model = Delegation

    principal = factory.SubFactory(MemberFactory)
    delegate = factory.SubFactory(MemberFactory)
    scope = Scope.ACT
    starts_on = date(2020, 1, 1)
