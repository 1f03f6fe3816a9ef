"""The forms of people: what they clean goes into the actions as it is, and nobody is offered what they may not see."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from convenor.people.actions.availability import add_leave, add_working_exception, set_working_hours
from convenor.people.actions.delegation import grant_delegation
from convenor.people.actions.organisation import create_cost_band, create_department
from convenor.people.actions.person import change_person, create_person, deactivate_person, set_needs
from convenor.people.forms import (
    ContactForm,
    CostBandForm,
    DeactivateForm,
    DelegationForm,
    DepartmentForm,
    LeaveForm,
    NeedsForm,
    PersonForm,
    WorkingExceptionForm,
    WorkingHoursForm,
)
from convenor.people.models import Organisation, Person
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.people import CostBandFactory, DepartmentFactory
from tests.people.test_people import NOW

pytestmark = pytest.mark.django_db


def person_data(**more: Any) -> dict[str, Any]:
    own = Organisation.objects.get(is_own=True)
    return {
        "name": "Ana",
        "email": "ana@x.org",
        "kind": "staff",
        "organisation": own.pk,
        "seniority": 2,
    } | more


def test_a_person_goes_through_the_form_and_back() -> None:
    a = alice()
    department, band = DepartmentFactory.create(), CostBandFactory.create()
    data = person_data(
        department=department.pk,
        manager="Alice <ALICE@example.org>",
        cost_band=band.pk,
        home_site=a.home_site_id,
    )
    form = PersonForm(data, actor=actor_of(a))
    assert form.is_valid(), form.errors
    ana = create_person(actor=actor_of(a), **form.cleaned_data)
    assert (ana.manager, ana.cost_band, ana.seniority, ana.zone) == (a, band, 2, "Europe/Bucharest")
    shown = PersonForm(actor=actor_of(a), initial=PersonForm.initial_of(ana))
    assert (shown["manager"].value(), shown["name"].value()) == ("alice@example.org", "Ana")
    again = PersonForm(data | {"manager": "", "name": "Ana Pop"}, actor=actor_of(a))
    assert again.is_valid()
    changed = change_person(actor=actor_of(a), person_id=ana.pk, **again.cleaned_data)
    assert (changed.name, changed.manager) == ("Ana Pop", None)


def test_bad_people_are_refused_at_their_fields() -> None:
    a = alice()
    data = person_data(
        name="a\x00", email="none", manager="who@x.org", zone="Mars", seniority=9, department=999
    )
    form = PersonForm(data, actor=actor_of(a))
    assert set(form.errors) == {"name", "email", "manager", "zone", "seniority", "department"}
    assert form.errors["manager"] == ["There is nobody with the e-mail “who@x.org”."]


def test_nobody_is_offered_what_they_may_not_see() -> None:
    a, b, c = alice(), bob(), charlie()
    assert "cost_band" not in PersonForm(actor=actor_of(b)).fields
    outsider = DelegationForm(
        {"delegate": a.email, "scope": "act", "starts_on": "2026-12-07"}, actor=actor_of(c)
    )
    assert outsider.errors["delegate"] == ["There is nobody with the e-mail “alice@example.org”."]


def test_the_small_forms_feed_their_actions() -> None:
    a, b = alice(), bob()
    actor = actor_of(b)
    contact = ContactForm({"phone": "1", "zone": "Europe/Lisbon"}, actor=actor)
    assert contact.is_valid()
    assert change_person(actor=actor, person_id=b.pk, **contact.cleaned_data).phone == "1"

    needs = NeedsForm({"dietary": "No nuts", "step_free": "on"})
    assert needs.is_valid()
    set_needs(actor=actor, person_id=b.pk, **needs.cleaned_data)
    assert NeedsForm.initial_of(Person.objects.get(pk=b.pk).needs)["step_free"] is True

    week = WorkingHoursForm({"from_0_0": "09:00", "until_0_0": "17:00"})
    assert week.is_valid()
    set_working_hours(actor=actor, person_id=b.pk, **week.cleaned_data)
    assert b.working_hours.get().ends == time(17)

    day_off = WorkingExceptionForm({"day": "2026-12-08"})
    assert day_off.is_valid()
    assert add_working_exception(actor=actor, person_id=b.pk, **day_off.cleaned_data).starts is None

    leave = LeaveForm({"starts_on": "2026-12-07", "ends_on": "2026-12-09", "kind": "sick"}, actor=actor)
    assert leave.is_valid()
    assert add_leave(actor=actor, person_id=b.pk, **leave.cleaned_data).ends_on == date(2026, 12, 9)

    delegation = DelegationForm({"delegate": a.email, "scope": "act", "starts_on": "2026-12-07"}, actor=actor)
    assert delegation.is_valid()
    assert grant_delegation(actor=actor, principal_id=b.pk, **delegation.cleaned_data).delegate == a

    leaving = DeactivateForm({"hand_over_to": a.email}, actor=actor_of(a))
    assert leaving.is_valid()
    assert not deactivate_person(actor=actor_of(a), person_id=b.pk, now=NOW, **leaving.cleaned_data).is_active


def test_departments_and_cost_bands() -> None:
    a = alice()
    data = {"organisation": a.organisation_id, "code": "eng", "name": "Engineering", "leader": a.email}
    form = DepartmentForm(data, actor=actor_of(a))
    assert form.is_valid(), form.errors
    assert create_department(actor=actor_of(a), **form.cleaned_data).leader == a
    band = CostBandForm({"name": "A", "hourly_rate": "55", "currency": "EUR"}, actor=actor_of(a))
    assert band.is_valid()
    assert create_cost_band(actor=actor_of(a), **band.cleaned_data).hourly_rate == 55
