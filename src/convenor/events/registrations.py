"""What events put into the registries of the apps below them."""

from __future__ import annotations

from convenor.events import permissions


def register() -> None:
    permissions.add()
