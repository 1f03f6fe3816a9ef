"""Who may see and change people. docs/permissions.md shows the whole table.

The staff see the directory. Somebody from outside sees themselves, whom they meet (`registry.acquaintances`) and whom they are a delegate of.
What people need to eat and to get in is for themselves, for those who look after meetings, and for delegates who may act. What an hour
costs is for those who plan. The kind of leave is told to nobody else: others see "Away".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from convenor.base.actor import Actor
from convenor.base.permissions import coordinator, register, rule, staff

if TYPE_CHECKING:
    from convenor.people.models import Delegation, Person


@rule("the person themselves")
def same_person(actor: Actor, person: Person | None) -> bool:
    return person is not None and actor.person_id == person.pk


@rule("a delegate who may see")
def delegate_sees(actor: Actor, person: Person | None) -> bool:
    return person is not None and actor.may_see_for(person.pk)


@rule("a delegate who may act")
def delegate_acts(actor: Actor, person: Person | None) -> bool:
    return person is not None and actor.may_act_for(person.pk)


@rule("the principal")
def principal(actor: Actor, delegation: Delegation | None) -> bool:
    return delegation is not None and actor.person_id == delegation.principal_id


@rule("the delegate")
def delegate(actor: Actor, delegation: Delegation | None) -> bool:
    return delegation is not None and actor.person_id == delegation.delegate_id


PERMISSIONS = {
    "directory.see": staff,
    "person.edit": coordinator,
    "person.edit_own": same_person | delegate_acts | coordinator,
    "person.deactivate": coordinator,
    "person.import": coordinator,
    "person.see_needs": same_person | delegate_acts | coordinator,
    "person.edit_needs": same_person | delegate_acts | coordinator,
    "person.see_cost": coordinator,
    "person.see_leave": same_person | delegate_sees | coordinator,
    "person.edit_availability": same_person | delegate_acts | coordinator,
    "organisation.edit": coordinator,
    "delegation.see": principal | delegate | coordinator,
    "delegation.grant": principal | coordinator,
    "delegation.withdraw": principal | delegate | coordinator,
}
REFUSALS = {
    "directory.see": _("The directory is for the company's own people."),
    "person.edit": _("People are changed by coordinators and administrators."),
    "person.edit_own": _("You can change this for yourself and for those who let you act for them."),
    "person.deactivate": _("People are deactivated by coordinators and administrators."),
    "person.import": _("People are imported by coordinators and administrators."),
    "person.see_needs": _("These needs are for the person and for those who look after their meetings."),
    "person.edit_needs": _("These needs are for the person and for those who look after their meetings."),
    "person.see_cost": _("Costs are for coordinators and administrators."),
    "person.edit_availability": _(
        "You can change the hours and the leave of yourself and of those who let you act for them."
    ),
    "organisation.edit": _(
        "Departments, organisations and cost bands are changed by coordinators and administrators."
    ),
    "delegation.grant": _("Only you yourself or a coordinator can make somebody your delegate."),
    "delegation.withdraw": _("A delegation is withdrawn by either side or by a coordinator."),
}


def add() -> None:
    register(PERMISSIONS, REFUSALS)
