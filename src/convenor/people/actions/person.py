"""People: entered, changed, deactivated with everything handed over, taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from convenor.base.actor import Actor
from convenor.base.addresses import clear
from convenor.base.changes import save_row
from convenor.base.models import AuditEntry, User
from convenor.base.permissions import require
from convenor.base.stale import tell_stale
from convenor.base.transactions import action
from convenor.people.checks import manager_fits, person_fits
from convenor.people.drafts import PersonFields
from convenor.people.enums import PersonKind
from convenor.people.models import Organisation, Person, PersonNeeds
from convenor.people.queries.leaving import holdings_of
from convenor.people.queries.people import person_for
from convenor.people.registry import handovers
from convenor.venues.models import Room

OWN_FIELDS = ("phone", "zone")
"""What people may change about themselves; the rest is the personnel department's."""

SHUT = "user.deactivated"
_CHECKS = (person_fits, manager_fits)
_STALE_FIELDS = {"zone", "home_site", "kind"}


@action
def create_person(*, actor: Actor, **fields: Unpack[PersonFields]) -> Person:
    """Without `organisation` staff belong to our own; without `zone` it is the home site's, then the installation's."""
    require(actor, "person.edit")
    person = Person()
    if "organisation" not in fields and fields.get("kind", PersonKind.STAFF) == PersonKind.STAFF:
        fields["organisation"] = own_organisation()
    if not fields.get("zone"):
        site = fields.get("home_site")
        fields["zone"] = site.zone if site else settings.TIME_ZONE
    _require_organisation(fields)
    save_row(actor=actor, action="person.created", row=person, changes=fields, checks=_CHECKS)
    return person


@action
def change_person(*, actor: Actor, person_id: int, **fields: Unpack[PersonFields]) -> Person:
    """Coordinators change anything; people themselves, and delegates who may act, only OWN_FIELDS. Raises Person.DoesNotExist."""
    person = person_for(actor, person_id)
    require(actor, "person.edit_own" if fields.keys() <= set(OWN_FIELDS) else "person.edit", person)
    _require_organisation(fields)
    address = person.email
    if save_row(actor=actor, action="person.changed", row=person, changes=fields, checks=_CHECKS):
        if person.email != address:
            clear(address)  # mail doesn't go there any more, whether it arrived or not
        if _STALE_FIELDS & fields.keys():
            tell_stale(person_ids=[person.pk])
        _rename_account(person)
    return person


@action
def set_needs(
    *, actor: Actor, person_id: int, dietary: str = "", access: str = "", step_free: bool = False
) -> None:
    """Replace a person's dietary and access needs. Raises Person.DoesNotExist."""
    person = person_for(actor, person_id)
    require(actor, "person.edit_needs", person)
    needs = PersonNeeds.objects.filter(person=person).first() or PersonNeeds(person=person)
    changes = {"dietary": dietary, "access": access, "step_free": step_free}
    save_row(actor=actor, action="person.needs_set", row=needs, changes=changes)


@action
def deactivate_person(
    *, actor: Actor, person_id: int, now: datetime, hand_over_to: int | None = None
) -> Person:
    """Take somebody who left out of use; their account can't sign in any more.

    Meetings, departments they lead and rooms they approve for go to `hand_over_to`, an active member of staff; without one, and with
    something to hand over, it is refused and says what. Raises Person.DoesNotExist.
    """
    require(actor, "person.deactivate")
    person = Person.objects.select_for_update(no_key=True, of=("self",)).get(
        pk=person_for(actor, person_id).pk
    )
    if person.pk == actor.person_id:
        raise ValidationError({"__all__": gettext("You can't deactivate yourself; ask another coordinator.")})
    if hand_over_to is not None:
        _hand_over(actor, person, _successor(actor, person, hand_over_to), now)
    if held := holdings_of(person, now):
        sentence = gettext("%(name)s can't be deactivated yet. Hand over first:") % {"name": person}
        raise ValidationError({"hand_over_to": [sentence, *held]})
    if save_row(actor=actor, action="person.deactivated", row=person, changes={"is_active": False}):
        _set_account(actor, person, is_active=False)
        tell_stale(person_ids=[person.pk])
    return person


@action
def reactivate_person(*, actor: Actor, person_id: int) -> Person:
    """Take somebody who came back into use again, and their account if it was shut because they left. Raises Person.DoesNotExist."""
    require(actor, "person.deactivate")
    person = person_for(actor, person_id)
    if save_row(actor=actor, action="person.reactivated", row=person, changes={"is_active": True}):
        if person.user_id is not None and _was_shut_on_leaving(person.user_id):
            _set_account(actor, person, is_active=True)
        tell_stale(person_ids=[person.pk])
    return person


@action
def link_account(*, actor: Actor, person_id: int, user: User | None) -> Person:
    """Say which account is the person's; None takes it away. Raises Person.DoesNotExist."""
    require(actor, "user.set_role", user)
    person = person_for(actor, person_id)
    other = Person.objects.filter(user=user).exclude(pk=person.pk).first() if user else None
    if other is not None:
        raise ValidationError({"user": gettext("This account is %(name)s's.") % {"name": other}})
    save_row(actor=actor, action="person.account_linked", row=person, changes={"user": user})
    return person


def own_organisation() -> Organisation:
    """Raises ValidationError while there is none."""
    own = Organisation.objects.filter(is_own=True).first()
    if own is None:
        raise ValidationError({"organisation": gettext("Enter your own organisation first.")})
    return own


def _require_organisation(fields: PersonFields) -> None:
    if "organisation" in fields and fields["organisation"] is None:
        raise ValidationError({"organisation": gettext("Say which organisation the person belongs to.")})


def _successor(actor: Actor, person: Person, pk: int) -> Person:
    successor = person_for(actor, pk)
    if successor.pk == person.pk or not successor.is_active or successor.kind != PersonKind.STAFF:
        raise ValidationError({"hand_over_to": gettext("Hand over to another, active member of staff.")})
    return successor


def _hand_over(actor: Actor, person: Person, successor: Person, now: datetime) -> None:
    for handover in handovers:
        handover.hand_over(actor, person.pk, successor.pk, now)
    for department in person.leads.all():
        save_row(actor=actor, action="department.changed", row=department, changes={"leader": successor})
    if person.user_id is not None and successor.user_id is not None:
        for room in Room.objects.filter(approver=person.user_id):
            save_row(actor=actor, action="room.changed", row=room, changes={"approver": successor.user})


def _set_account(actor: Actor, person: Person, *, is_active: bool) -> None:
    if person.user is not None:
        verb = "user.activated" if is_active else SHUT
        save_row(actor=actor, action=verb, row=person.user, changes={"is_active": is_active})


def _was_shut_on_leaving(user_id: int) -> bool:
    """An account that an administrator shut stays shut, whoever brings its person back."""
    entries = AuditEntry.objects.filter(object_type=User._meta.label_lower, object_id=user_id)
    last = entries.filter(after__has_key="is_active").order_by("-pk").first()
    return last is not None and last.action == SHUT


def _rename_account(person: Person) -> None:
    """An account bears its person's name."""
    if person.user_id is not None:
        User.objects.filter(pk=person.user_id).exclude(display_name=person.name).update(
            display_name=person.name[:150]
        )
