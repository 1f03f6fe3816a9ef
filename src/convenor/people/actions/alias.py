"""Other addresses that a person writes from."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base.actor import Actor
from convenor.base.changes import delete_row, save_row
from convenor.base.permissions import require
from convenor.base.transactions import action
from convenor.people.models import EmailAlias, Person
from convenor.people.queries.people import aliases_for, person_for

MOST = 10


@action
def add_alias(*, actor: Actor, person_id: int, email: str) -> EmailAlias:
    """Answers that come from this address are the person's from now on. Raises Person.DoesNotExist, Refused, ValidationError."""
    person = person_for(actor, person_id)
    require(actor, "person.edit_own", person)
    if person.aliases.count() >= MOST:
        raise ValidationError(
            {"email": _("A person has at most %(count)d other addresses.") % {"count": MOST}}
        )
    alias = EmailAlias(person=person)
    save_row(
        actor=actor,
        action="person.alias_added",
        row=alias,
        changes={"email": email.strip().lower()},
        checks=[belongs_to_nobody],
    )
    return alias


@action
def remove_alias(*, actor: Actor, person_id: int, alias_id: int) -> None:
    """Raises Person.DoesNotExist, EmailAlias.DoesNotExist, Refused."""
    person = person_for(actor, person_id)
    require(actor, "person.edit_own", person)
    delete_row(actor=actor, action="person.alias_removed", row=aliases_for(actor, person).get(pk=alias_id))


def belongs_to_nobody(alias: EmailAlias) -> None:
    """Whoever answers from an address in the directory is the one whom the directory knows by it."""
    if Person.objects.filter(email=alias.email).exists():
        raise ValidationError({"email": _("This is somebody's address in the directory already.")})
