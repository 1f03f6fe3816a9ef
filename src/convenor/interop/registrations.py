"""What interop puts into the registries of the apps below it."""

from __future__ import annotations

from datetime import timedelta

from convenor.base import delivery
from convenor.base.tasks import periodic
from convenor.interop import tasks
from convenor.interop.imip import invitations


def register() -> None:
    delivery.compose(invitations.KIND, invitations.compose)
    periodic.every("read_calendars", timedelta(minutes=1), tasks.read_due_calendars)
