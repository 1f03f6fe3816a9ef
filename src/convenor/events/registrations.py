"""What events put into the registries of the apps below them."""

from __future__ import annotations

from datetime import timedelta

from convenor.base.tasks import periodic
from convenor.events import permissions, registry, tasks
from convenor.events.plan.functions import FUNCTIONS
from convenor.events.plan.people import CONTACTS, PEOPLE
from convenor.events.plan.tasks import TASKS
from convenor.events.queries.readiness_checks import CHECKS


def register() -> None:
    permissions.add()
    registry.readiness_checks.extend(CHECKS)
    registry.plan_sections.extend((PEOPLE, CONTACTS, FUNCTIONS, TASKS))
    periodic.every("note_readiness", timedelta(hours=24), tasks.note_readiness_trend)
    periodic.every("sweep_documents", timedelta(hours=24), tasks.sweep_lost_documents)
    periodic.every("remind_of_tasks", timedelta(hours=1), tasks.remind_of_due_tasks)
