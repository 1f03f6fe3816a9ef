"""From an account to the actor that every query and action asks for."""

from __future__ import annotations

from datetime import datetime

from convenor.base import clock
from convenor.base.actor import Actor
from convenor.base.enums import Role, Scope
from convenor.base.models import User
from convenor.kernel.instants import ZoneName, instant_of
from convenor.kernel.weekly_hours import day_of
from convenor.people.enums import PersonKind
from convenor.people.models import Delegation, Person
from convenor.people.rules import is_in_force


def actor_for(user: User, *, now: datetime | None = None) -> Actor:
    """The account's actor, with the delegations in force today in each principal's zone; nobody, for one that is out of use. 2 queries.

    An account without a person is one of the staff that nobody has entered yet.
    """
    if not user.is_active or user.pk is None:
        return Actor.nobody()
    person = Person.objects.filter(user=user.pk).only("pk", "name", "kind", "is_active").first()
    if person is not None and not person.is_active:
        return Actor.nobody()
    return Actor(
        user_id=user.pk,
        person_id=person.pk if person else None,
        role=Role(user.role),
        name=person.name if person else str(user),
        principals=_principals(person.pk, now or clock.now()) if person else {},
        is_outsider=person is not None and person.kind == PersonKind.EXTERNAL,
    )


def actor_of(person_id: int, *, now: datetime | None = None) -> Actor:
    """The actor behind a person, for work done in their name. Raises User.DoesNotExist for a person without an account."""
    return actor_for(User.objects.get(person=person_id), now=now)


def actor_of_account(user_id: int, *, now: datetime | None = None) -> Actor:
    """The actor behind an account, for work that it started. Raises User.DoesNotExist."""
    return actor_for(User.objects.get(pk=user_id), now=now)


def standing_in_for(person_id: int, name: str) -> Actor:
    """Nobody who is signed in, but an answer of this person's that came in another way: it reaches what they are asked to, and nothing
    else. `name` goes on record, such as "Bob, by mail".
    """
    return Actor(
        user_id=None,
        person_id=None,
        role=Role.VIEWER,
        name=name,
        stands_in_for=frozenset({person_id}),
        is_outsider=True,
    )


def _principals(person_id: int, now: datetime) -> dict[int, Scope]:
    granted = Delegation.objects.filter(delegate=person_id, principal__is_active=True).order_by()
    rows = granted.values_list("principal_id", "scope", "starts_on", "ends_on", "principal__zone")
    return {
        principal: Scope(scope)
        for principal, scope, starts_on, ends_on, zone in rows
        if is_in_force(starts_on, ends_on, day_of(instant_of(now), ZoneName(zone)))
    }
