"""Work that comes round: registered by the apps, started once however many workers there are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django_tasks.base import Task

from convenor.base.models import PeriodicRun
from convenor.base.tasks.backend import enqueue_once

_registered: dict[str, tuple[timedelta, Task[Any, Any]]] = {}


def every(name: str, interval: timedelta, task: Task[Any, Any]) -> None:
    """Enqueue `task`, without arguments, every `interval`; a run that is still going is not joined by a second."""
    if name in _registered:
        raise ValueError(f"two periodic tasks called {name}")
    _registered[name] = (interval, task)


def start_due(now: datetime) -> list[str]:
    """Enqueue what is due at `now`; the names of what this call started."""
    rows = {row.name: row.next_at for row in PeriodicRun.objects.all()}
    if new := _registered.keys() - rows.keys():
        PeriodicRun.objects.bulk_create(
            [PeriodicRun(name=name, next_at=now) for name in new], ignore_conflicts=True
        )
    due = [name for name in sorted(_registered) if rows.get(name, now) <= now]
    return [name for name in due if _start(name, rows.get(name, now), now)]


def _start(name: str, next_at: datetime, now: datetime) -> bool:
    """Take this round of `name`, in one transaction with its job; False if another worker has it."""
    interval, task = _registered[name]
    with transaction.atomic():
        round_ = PeriodicRun.objects.filter(name=name, next_at__lte=max(next_at, now))
        if not round_.update(next_at=now + interval, started_at=now):
            return False
        enqueue_once(task, key=f"periodic:{name}")
    return True
