"""What venues put into the registries of the apps below them."""

from convenor.venues import permissions


def register() -> None:
    permissions.add()
