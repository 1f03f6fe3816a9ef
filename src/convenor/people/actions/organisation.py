"""Organisations, departments and cost bands: how the company and those it works with are made up."""

from __future__ import annotations

from typing import Unpack

from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils.translation import gettext

from convenor.base.actor import Actor
from convenor.base.changes import delete_row, save_row
from convenor.base.permissions import require
from convenor.base.transactions import action
from convenor.people.actions.person import own_organisation
from convenor.people.checks import cost_band_fits, department_fits, organisation_fits
from convenor.people.drafts import CostBandFields, DepartmentFields
from convenor.people.models import CostBand, Department, Organisation
from convenor.people.queries.people import cost_bands_for, department_for, organisation_for


@action
def create_organisation(*, actor: Actor, name: str, is_own: bool = False) -> Organisation:
    require(actor, "organisation.edit")
    organisation = Organisation()
    changes = {"name": name, "is_own": is_own}
    save_row(
        actor=actor,
        action="organisation.created",
        row=organisation,
        changes=changes,
        checks=[organisation_fits],
    )
    return organisation


@action
def change_organisation(*, actor: Actor, organisation_id: int, name: str, is_own: bool) -> Organisation:
    """Raises Organisation.DoesNotExist."""
    require(actor, "organisation.edit")
    organisation = organisation_for(actor, organisation_id)
    changes = {"name": name, "is_own": is_own}
    save_row(
        actor=actor,
        action="organisation.changed",
        row=organisation,
        changes=changes,
        checks=[organisation_fits],
    )
    return organisation


@action
def create_department(*, actor: Actor, **fields: Unpack[DepartmentFields]) -> Department:
    """Without `organisation` it is our own."""
    require(actor, "organisation.edit")
    department = Department()
    if "organisation" not in fields:
        fields["organisation"] = own_organisation()
    save_row(
        actor=actor, action="department.created", row=department, changes=fields, checks=[department_fits]
    )
    return department


@action
def change_department(*, actor: Actor, department_id: int, **fields: Unpack[DepartmentFields]) -> Department:
    """Raises Department.DoesNotExist."""
    require(actor, "organisation.edit")
    department = department_for(actor, department_id)
    save_row(
        actor=actor, action="department.changed", row=department, changes=fields, checks=[department_fits]
    )
    return department


@action
def retire_department(*, actor: Actor, department_id: int) -> None:
    """Take a department away; refused while people or other departments are in it. Raises Department.DoesNotExist."""
    require(actor, "organisation.edit")
    department = department_for(actor, department_id)
    try:
        delete_row(actor=actor, action="department.retired", row=department)
    except ProtectedError as error:
        sentence = gettext("People, departments or meetings belong to %(name)s; move them first.")
        raise ValidationError({"__all__": sentence % {"name": department}}) from error


@action
def create_cost_band(*, actor: Actor, **fields: Unpack[CostBandFields]) -> CostBand:
    require(actor, "organisation.edit")
    band = CostBand()
    save_row(actor=actor, action="cost_band.created", row=band, changes=fields, checks=[cost_band_fits])
    return band


@action
def change_cost_band(*, actor: Actor, cost_band_id: int, **fields: Unpack[CostBandFields]) -> CostBand:
    """Raises CostBand.DoesNotExist."""
    require(actor, "organisation.edit")
    band = cost_bands_for(actor).get(pk=cost_band_id)
    save_row(actor=actor, action="cost_band.changed", row=band, changes=fields, checks=[cost_band_fits])
    return band
