"""What events put into the registries of the apps below them."""

from __future__ import annotations

from datetime import timedelta

from convenor.base.tasks import periodic
from convenor.events import permissions, registry, tasks
from convenor.events.queries.readiness_checks import CHECKS


def register() -> None:
    permissions.add()
    registry.readiness_checks.extend(CHECKS)
    periodic.every("note_readiness", timedelta(hours=24), tasks.note_readiness_trend)
