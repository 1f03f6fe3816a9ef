"""Tasks of events, made by the action as everything else makes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from convenor.base.actor import Actor
from convenor.events.actions.task import add_tasks
from convenor.events.drafts import TaskDraft
from convenor.events.models import Event, Task
from convenor.events.rules.policy import Due

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
"""A Monday morning, two weeks before the events of factories/events.py."""


def task(title: str, days: int = -5, **fields: Any) -> TaskDraft:
    """Due that many working days before the start; its key is made of the title."""
    values: dict[str, Any] = {"key": "", "title": title, "due": Due(days)}
    return TaskDraft(**values | fields)


def make_tasks(event: Event, *drafts: TaskDraft, actor: Actor | None = None) -> list[Task]:
    return add_tasks(actor=actor or Actor.system("tests"), event_id=event.pk, drafts=drafts, now=NOW)
