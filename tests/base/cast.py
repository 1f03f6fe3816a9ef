"""The cast: Alice owns it, Bob is a teammate, Charlie is the outsider; Carol coordinates, Dora administers."""

from __future__ import annotations

from typing import Any

from convenor.base.actor import Actor
from convenor.base.enums import Role
from convenor.base.models import User


def user(name: str, role: Role = Role.ORGANISER, **fields: Any) -> User:
    return User.objects.create_user(
        f"{name.lower()}@example.org", "correct horse", display_name=name, role=role, **fields
    )


def actor(of: User, **fields: Any) -> Actor:
    return Actor(user_id=of.pk, person_id=None, role=Role(of.role), name=of.display_name, **fields)


def alice() -> Actor:
    return actor(user("Alice"))


def bob() -> Actor:
    return actor(user("Bob"))


def charlie() -> Actor:
    return actor(user("Charlie", Role.VIEWER))


def carol() -> Actor:
    return actor(user("Carol", Role.COORDINATOR))


def dora() -> Actor:
    return actor(user("Dora", Role.ADMINISTRATOR))
