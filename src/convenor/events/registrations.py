"""What events put into the registries of the apps below them."""

from __future__ import annotations

from datetime import datetime, timedelta

from convenor.base.actor import Actor
from convenor.base.tasks import periodic
from convenor.events import permissions, registry, tasks
from convenor.events.actions.handover import hand_over_events, hand_over_tasks
from convenor.events.plan.functions import FUNCTIONS
from convenor.events.plan.people import CONTACTS, PEOPLE
from convenor.events.plan.tasks import TASKS
from convenor.events.queries.leaving import events_held, tasks_held
from convenor.events.queries.readiness_checks import CHECKS
from convenor.events.queries.within import times_outside
from convenor.people import registry as people
from convenor.scheduling import registry as scheduling


def register() -> None:
    permissions.add()
    registry.readiness_checks.extend(CHECKS)
    registry.plan_sections.extend((PEOPLE, CONTACTS, FUNCTIONS, TASKS))
    scheduling.time_guards.append(times_outside)
    people.handovers.append(
        people.Handover("events", lambda person, _now: events_held(person), _hand_over_events)
    )
    people.handovers.append(
        people.Handover("tasks", lambda person, _now: tasks_held(person), _hand_over_tasks)
    )
    periodic.every("note_readiness", timedelta(hours=24), tasks.note_readiness_trend)
    periodic.every("sweep_documents", timedelta(hours=24), tasks.sweep_lost_documents)
    periodic.every("remind_of_tasks", timedelta(hours=1), tasks.remind_of_due_tasks)


def _hand_over_events(actor: Actor, leaver: int, successor: int, _now: datetime) -> None:
    hand_over_events(actor=actor, from_person_id=leaver, to_person_id=successor)


def _hand_over_tasks(actor: Actor, leaver: int, successor: int, _now: datetime) -> None:
    hand_over_tasks(actor=actor, from_person_id=leaver, to_person_id=successor)
