"""What people put into the registries of the apps below them."""

from convenor.people import permissions


def register() -> None:
    permissions.add()
