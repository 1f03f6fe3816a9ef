"""The cast of every test as actors: Alice owns it, Bob is a teammate, Charlie is the outsider who must see nothing."""

from __future__ import annotations

from typing import Any

from convenor.base.actor import Actor
from convenor.base.enums import Role
from convenor.people.models import Person
from convenor.people.queries.actors import actor_for
from tests.factories.people import MemberFactory, OutsiderFactory


def actor_of(person: Person) -> Actor:
    """The actor of a person made by MemberFactory or OutsiderFactory."""
    assert person.user is not None
    return actor_for(person.user)


def alice(**fields: Any) -> Person:
    """A coordinator."""
    return _member("alice", **{"user__role": Role.COORDINATOR} | fields)


def bob(**fields: Any) -> Person:
    """One of the staff."""
    return _member("bob", **fields)


def charlie(**fields: Any) -> Person:
    """Somebody from outside with an account."""
    person = OutsiderFactory.create(**{"email": "charlie@elsewhere.example", "name": "Charlie"} | fields)
    assert isinstance(person, Person)
    return person


def _member(name: str, **fields: Any) -> Person:
    person = MemberFactory.create(**{"email": f"{name}@example.org", "name": name.title()} | fields)
    assert isinstance(person, Person)
    return person
