"""What interop puts into the registries of the apps below it."""

from __future__ import annotations

from datetime import timedelta

from convenor.base.tasks import periodic
from convenor.interop import tasks


def register() -> None:
    periodic.every("read_calendars", timedelta(minutes=1), tasks.read_due_calendars)
