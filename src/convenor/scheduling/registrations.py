"""What scheduling puts into the registries of the apps below it."""

from convenor.scheduling import permissions


def register() -> None:
    permissions.add()
