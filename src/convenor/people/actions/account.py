"""An account for a person: made, and theirs from the start."""

from __future__ import annotations

from convenor.base.actions import create_user
from convenor.base.actor import Actor
from convenor.base.enums import Role
from convenor.base.models import User
from convenor.base.transactions import action
from convenor.people.actions.person import link_account
from convenor.people.models import Person


@action
def give_account(
    *, actor: Actor, email: str, display_name: str, role: str = Role.ORGANISER, password: str | None = None
) -> User:
    """Make an account, and say that it is the person's who has this e-mail, if there is one without an account.

    Without a password one is set by the link of "Forgotten your password?". Raises ValidationError, Refused.
    """
    user = create_user(
        actor=actor, email=email, display_name=display_name, role=Role(role), password=password or None
    )
    person = Person.objects.filter(email=user.email, user__isnull=True).first()
    if person is not None:
        link_account(actor=actor, person_id=person.pk, user=user)
    return user
