"""Who may work in whose name: granted by the principal or a coordinator, withdrawn by either side."""

from __future__ import annotations

from datetime import date

from convenor.base.actor import Actor
from convenor.base.changes import delete_row, save_row
from convenor.base.permissions import require
from convenor.base.transactions import action
from convenor.people.checks import delegation_fits
from convenor.people.models import Delegation
from convenor.people.queries.people import delegations_for, person_for


@action
def grant_delegation(
    *,
    actor: Actor,
    principal_id: int,
    delegate_id: int,
    scope: str,
    starts_on: date,
    ends_on: date | None = None,
) -> Delegation:
    """Let somebody work in a principal's name from/until, both included; no end means until withdrawn.

    For a pair that has a delegation already it is changed, to a narrower or a wider scope. A delegate can't pass on what they were given,
    nor widen it. Raises Person.DoesNotExist.
    """
    principal, delegate = person_for(actor, principal_id), person_for(actor, delegate_id)
    found = Delegation.objects.filter(principal=principal, delegate=delegate).first()
    delegation = found or Delegation(principal=principal, delegate=delegate)
    require(actor, "delegation.grant", delegation)
    changes = {"scope": scope, "starts_on": starts_on, "ends_on": ends_on}
    verb = "delegation.changed" if found else "delegation.granted"
    save_row(actor=actor, action=verb, row=delegation, changes=changes, checks=[delegation_fits])
    return delegation


@action
def withdraw_delegation(*, actor: Actor, delegation_id: int) -> None:
    """Raises Delegation.DoesNotExist."""
    delegation = delegations_for(actor).get(pk=delegation_id)
    require(actor, "delegation.withdraw", delegation)
    delete_row(actor=actor, action="delegation.withdrawn", row=delegation)
