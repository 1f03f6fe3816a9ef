"""What attendance puts into the registries of the apps below it."""

from __future__ import annotations

from convenor.attendance import permissions


def register() -> None:
    permissions.add()
