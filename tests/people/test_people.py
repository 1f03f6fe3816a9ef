"""Who sees whom, and who may change whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Q

from convenor.base.actions import change_account
from convenor.base.actor import Actor, Refused
from convenor.base.changes import sentences
from convenor.base.enums import Role, Scope
from convenor.base.models import AuditEntry
from convenor.people import registry
from convenor.people.actions.organisation import (
    change_department,
    create_cost_band,
    create_department,
    create_organisation,
    retire_department,
)
from convenor.people.actions.person import (
    change_person,
    create_person,
    deactivate_person,
    reactivate_person,
    set_needs,
)
from convenor.people.enums import PersonKind
from convenor.people.models import Department, Organisation, Person
from convenor.people.queries.actors import actor_for
from convenor.people.queries.people import (
    cost_bands_for,
    department_tree_for,
    departments_for,
    hourly_rates_for,
    needs_for,
    organisations_for,
    people_for,
    person_by_email_for,
    person_for,
)
from convenor.people.registry import Handover
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.people import (
    CostBandFactory,
    DelegationFactory,
    DepartmentFactory,
    MemberFactory,
    OrganisationFactory,
    PersonFactory,
    PersonNeedsFactory,
)
from tests.factories.venues import RoomFactory, SiteFactory

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


def refusal(error: pytest.ExceptionInfo[ValidationError]) -> dict[str, list[str]]:
    return sentences(error.value)


@pytest.fixture
def acquaintances() -> Iterator[list[Any]]:
    before = list(registry.acquaintances)
    yield registry.acquaintances
    registry.acquaintances[:] = before


@pytest.fixture
def handovers() -> Iterator[list[Handover]]:
    before = list(registry.handovers)
    registry.handovers.clear()
    yield registry.handovers
    registry.handovers[:] = before


# Seeing


def test_the_staff_see_the_directory_and_the_outsider_only_themselves() -> None:
    a, b, c = alice(), bob(), charlie()
    assert list(people_for(actor_of(a))) == list(people_for(actor_of(b))) == [a, b, c]
    assert list(people_for(actor_of(c))) == [c]
    assert list(people_for(Actor.nobody())) == []
    with pytest.raises(Person.DoesNotExist):
        person_for(actor_of(c), a.pk)
    with pytest.raises(Person.DoesNotExist):
        person_by_email_for(actor_of(c), a.email)
    assert list(departments_for(actor_of(c))) == []
    assert list(organisations_for(actor_of(c))) == [c.organisation]


def test_the_outsider_sees_whom_they_meet(acquaintances: list[Any]) -> None:
    a, b, c = alice(), bob(), charlie()
    acquaintances.append(lambda person_id: Q(pk=b.pk) if person_id == c.pk else Q(pk__in=[]))
    assert list(people_for(actor_of(c))) == [b, c]
    assert a not in people_for(actor_of(c))


def test_a_staff_viewer_sees_the_directory() -> None:
    viewer = bob(user__role=Role.VIEWER)
    assert list(people_for(actor_of(viewer))) == [viewer]
    other = alice()
    assert other in people_for(actor_of(viewer))


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_of_people_is_one_query(count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    boss = PersonFactory.create(name="Boss")
    for _ in range(count):
        PersonFactory.create(department=DepartmentFactory.create(), manager=boss, kind=PersonKind.STAFF)
    with django_assert_num_queries(1):
        shown = [
            (str(p.department), str(p.organisation), str(p.home_site), str(p.manager))
            for p in people_for(Actor.system("test"))
        ]
    assert len(shown) == count + 1


def test_people_are_found_by_words_department_and_kind() -> None:
    engineering: Department = DepartmentFactory.create(name="Engineering")
    platform: Department = DepartmentFactory.create(name="Platform", parent=engineering)
    ana: Person = PersonFactory.create(name="Ana Țurcanu", department=platform, job_title="Lead")
    PersonFactory.create(name="Ana Pop")
    gone: Person = PersonFactory.create(name="Ana Gone", department=engineering, is_active=False)
    actor = Actor.system("test")
    assert list(people_for(actor, text="ana lead")) == [ana]
    assert list(people_for(actor, text="ana platform")) == [ana]
    assert list(people_for(actor, department=engineering)) == [ana]
    assert list(people_for(actor, department=engineering.pk, active=None)) == [gone, ana]
    assert list(people_for(actor, kind=PersonKind.EXTERNAL)) == []
    assert person_by_email_for(actor, f" {ana.email.upper()} ") == ana


def test_needs_are_for_the_person_delegates_who_act_and_coordinators() -> None:
    a, b, c = alice(), bob(), charlie()
    helper, watcher = MemberFactory.create(), MemberFactory.create()
    for person in (a, b, c):
        PersonNeedsFactory.create(person=person)
    DelegationFactory.create(principal=b, delegate=helper, scope=Scope.ACT)
    DelegationFactory.create(principal=b, delegate=watcher, scope=Scope.PROPOSE)
    everybody = [a.pk, b.pk, c.pk]
    assert set(needs_for(actor_of(a), everybody)) == {a.pk, b.pk, c.pk}
    assert set(needs_for(actor_of(b), everybody)) == {b.pk}
    assert set(needs_for(actor_of(c), everybody)) == {c.pk}
    assert set(needs_for(actor_of(helper), everybody)) == {b.pk}
    assert set(needs_for(actor_of(watcher), everybody)) == set()
    set_needs(actor=actor_of(helper), person_id=b.pk, dietary="No nuts", step_free=True)
    assert needs_for(actor_of(b), [b.pk])[b.pk].step_free
    with pytest.raises(Refused):
        set_needs(actor=actor_of(watcher), person_id=b.pk, dietary="Nuts")
    with pytest.raises(Person.DoesNotExist):
        set_needs(actor=actor_of(c), person_id=b.pk, dietary="Nuts")


def test_costs_are_for_coordinators() -> None:
    band = CostBandFactory.create(hourly_rate=75)
    person: Person = PersonFactory.create(cost_band=band)
    a, b, c = (actor_of(each) for each in (alice(), bob(), charlie()))
    assert (list(cost_bands_for(a)), list(cost_bands_for(b)), list(cost_bands_for(c))) == ([band], [], [])
    assert hourly_rates_for(a, [person.pk]) == {person.pk: (75.0, "EUR")}
    assert hourly_rates_for(b, [person.pk]) == hourly_rates_for(c, [person.pk]) == {}


# The actor


def test_an_actor_carries_the_delegations_in_force() -> None:
    b = bob()
    today, day = datetime(2026, 12, 1, 22, 30, tzinfo=UTC), date(2026, 12, 2)  # the 2nd in Bucharest
    running = DelegationFactory.create(delegate=b, scope=Scope.SEE, starts_on=day, ends_on=day)
    DelegationFactory.create(delegate=b, starts_on=date(2026, 12, 3))
    DelegationFactory.create(delegate=b, ends_on=date(2026, 12, 1))
    assert b.user is not None
    actor = actor_for(b.user, now=today)
    assert dict(actor.principals) == {running.principal_id: Scope.SEE}
    assert (actor.person_id, actor.name, actor.is_outsider) == (b.pk, "Bob", False)
    assert actor_of(charlie()).is_outsider


def test_who_is_out_of_use_is_nobody() -> None:
    b = bob(is_active=False)
    c = MemberFactory.create(user__is_active=False)
    assert not actor_of(b).is_signed_in
    assert not actor_of(c).is_signed_in


# Changing


def test_only_coordinators_enter_and_change_people() -> None:
    OrganisationFactory.create()
    site = SiteFactory.create(zone="Europe/Lisbon")
    a, b, c = alice(), bob(), charlie()
    made = create_person(actor=actor_of(a), email="Ana@Example.org ", name="Ana 🎻", home_site=site)
    assert (made.email, made.name, made.zone, made.kind) == (
        "ana@example.org",
        "Ana 🎻",
        "Europe/Lisbon",
        "staff",
    )
    change_person(actor=actor_of(a), person_id=made.pk, job_title="Cellist")
    for outsider in (b, c):
        with pytest.raises(Refused):
            create_person(actor=actor_of(outsider), email="x@example.org", name="X")
    with pytest.raises(Refused):
        change_person(actor=actor_of(b), person_id=made.pk, job_title="None")
    with pytest.raises(Person.DoesNotExist):
        change_person(actor=actor_of(c), person_id=made.pk, job_title="None")
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.before, entry.after) == (
        "person.changed",
        {"job_title": ""},
        {"job_title": "Cellist"},
    )


def test_people_change_their_own_phone_and_zone_and_nothing_else() -> None:
    b = bob()
    change_person(actor=actor_of(b), person_id=b.pk, phone="+40 721", zone="Europe/Lisbon")
    with pytest.raises(Refused):
        change_person(actor=actor_of(b), person_id=b.pk, seniority=5)
    b.refresh_from_db()
    assert (b.phone, b.zone, b.seniority) == ("+40 721", "Europe/Lisbon", 1)


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"email": "no address"}, "email", "Enter a valid email address."),
        ({"email": "bob@example.org"}, "email", "There is already a person with this e-mail."),
        ({"name": ""}, "name", "This field cannot be blank."),
        ({"name": "x\x00"}, "name", "Character 2 is one that can't be kept (U+0000)."),
        ({"zone": "Mars/Phobos"}, "zone", "“Mars/Phobos” is not a time zone."),
        ({"seniority": 9}, "seniority", "Seniority goes from 1 to 5."),
        ({"kind": "robot"}, "kind", "Value 'robot' is not a valid choice."),
        (
            {"kind": "external"},
            "organisation",
            "External people belong to another organisation than our own.",
        ),
        ({"organisation": None}, "organisation", "Say which organisation the person belongs to."),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(
    fields: dict[str, Any], field: str, sentence: str
) -> None:
    bob()
    own = Organisation.objects.get()
    given: dict[str, Any] = {"email": "new@example.org", "name": "New", "organisation": own}
    with pytest.raises(ValidationError) as error:
        create_person(actor=Actor.system("test"), **given | fields)
    assert refusal(error) == {field: [sentence]}
    assert (Person.objects.count(), AuditEntry.objects.count()) == (1, 0)


def test_nobody_manages_their_own_manager() -> None:
    top: Person = PersonFactory.create(name="Top")
    low: Person = PersonFactory.create(name="Low", manager=PersonFactory.create(manager=top))
    with pytest.raises(ValidationError) as error:
        change_person(actor=Actor.system("test"), person_id=top.pk, manager=low)
    assert refusal(error) == {"manager": ["Top is above Low already."]}


# Leaving


def test_a_person_leaves_when_everything_is_handed_over(handovers: list[Handover]) -> None:
    a, b = alice(), bob()
    department: Department = DepartmentFactory.create(name="Sales", leader=b)
    room = RoomFactory.create(code="R1", name="Danube", approval_needed=True, approver=b.user)
    meetings = {b.pk: ["organises “Sprint review”"]}

    def hand_over(_actor: Actor, from_id: int, to_id: int, _now: datetime) -> None:
        meetings[to_id] = meetings.pop(from_id)

    handovers.append(Handover("meetings", lambda pk, _now: meetings.get(pk, []), hand_over))
    with pytest.raises(ValidationError) as error:
        deactivate_person(actor=actor_of(a), person_id=b.pk, now=NOW)
    assert refusal(error) == {
        "hand_over_to": [
            "Bob can't be deactivated yet. Hand over first:",
            "organises “Sprint review”",
            "leads Sales",
            "approves bookings of R1 Danube",
        ]
    }
    deactivate_person(actor=actor_of(a), person_id=b.pk, now=NOW, hand_over_to=a.pk)
    for row in (b, department, room):
        row.refresh_from_db()
    assert (b.is_active, department.leader, room.approver) == (False, a, a.user)
    assert meetings == {a.pk: ["organises “Sprint review”"]}
    assert not actor_of(Person.objects.get(pk=b.pk)).is_signed_in
    assert b not in people_for(actor_of(a))

    reactivate_person(actor=actor_of(a), person_id=b.pk)
    assert actor_of(Person.objects.get(pk=b.pk)).is_signed_in


def test_an_account_that_an_administrator_shut_stays_shut_when_its_person_comes_back() -> None:
    a, b = alice(), bob()
    assert b.user is not None
    change_account(actor=Actor.system("an administrator"), user=b.user, is_active=False)
    deactivate_person(actor=actor_of(a), person_id=b.pk, now=NOW)
    reactivate_person(actor=actor_of(a), person_id=b.pk)
    b = Person.objects.select_related("user").get(pk=b.pk)
    assert b.user is not None
    assert (b.is_active, b.user.is_active) == (True, False)


def test_who_may_not_deactivate_and_whom_to_hand_over_to() -> None:
    a, b, c = alice(), bob(), charlie()
    for actor in (actor_of(b), actor_of(c)):
        with pytest.raises(Refused):
            deactivate_person(actor=actor, person_id=a.pk, now=NOW)
    with pytest.raises(ValidationError):
        deactivate_person(actor=actor_of(a), person_id=a.pk, now=NOW)
    for successor in (b, c):
        with pytest.raises(ValidationError) as error:
            deactivate_person(actor=actor_of(a), person_id=b.pk, now=NOW, hand_over_to=successor.pk)
        assert refusal(error) == {"hand_over_to": ["Hand over to another, active member of staff."]}
    assert Person.objects.filter(is_active=True).count() == 3


# Departments, organisations, cost bands


def test_departments_make_a_tree_without_cycles() -> None:
    OrganisationFactory.create()
    actor = actor_of(alice())
    top = create_department(actor=actor, code="eng", name="Engineering")
    low = create_department(actor=actor, code="platform", name="Platform", parent=top)
    assert [(d.name, depth) for d, depth in department_tree_for(actor)] == [
        ("Engineering", 0),
        ("Platform", 1),
    ]
    for parent in (low, top):
        with pytest.raises(ValidationError) as error:
            change_department(actor=actor, department_id=top.pk, parent=parent)
        assert list(refusal(error)) == ["parent"]
    with pytest.raises(ValidationError) as error:
        change_department(actor=actor, department_id=top.pk, leader=charlie())
    assert refusal(error) == {"leader": ["A department is led by an active member of staff."]}
    with pytest.raises(ValidationError):
        retire_department(actor=actor, department_id=top.pk)
    retire_department(actor=actor, department_id=low.pk)
    assert list(departments_for(actor)) == [top]


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.VIEWER])
def test_only_coordinators_change_how_the_company_is_made_up(role: Role) -> None:
    department: Department = DepartmentFactory.create()
    member = actor_of(bob(user__role=role))
    with pytest.raises(Refused):
        create_organisation(actor=member, name="Other")
    with pytest.raises(Refused):
        change_department(actor=member, department_id=department.pk, name="Mine")
    with pytest.raises(Refused):
        create_cost_band(actor=member, name="A", hourly_rate=Decimal(1))


def test_there_is_one_own_organisation() -> None:
    OrganisationFactory.create(name="Acme")
    with pytest.raises(ValidationError) as error:
        create_organisation(actor=actor_of(alice()), name="Other", is_own=True)
    assert refusal(error) == {"is_own": ["“Acme” is our own organisation already."]}
    with pytest.raises(ValidationError) as error:
        create_cost_band(
            actor=actor_of(Person.objects.get(name="Alice")), name="A", hourly_rate=Decimal(1), currency="XXY"
        )
    assert list(refusal(error)) == ["currency"]
