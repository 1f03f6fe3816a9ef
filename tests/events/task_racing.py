"""What the competing processes of the tasks' race do; run through tests/child.py."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connections

from convenor.base.actor import Actor
from convenor.events.actions.task import change_task
from convenor.events.models import Task
from convenor.events.queries.tasks import task_draft_of
from tests.factories.tasks import NOW


def _compete(pairs: list[list[int]], barrier: Any, outcomes: Any) -> None:
    """In every round, make one task wait for another."""
    for task_id, after_id in pairs:
        task, after = Task.objects.get(pk=task_id), Task.objects.get(pk=after_id)
        draft = replace(task_draft_of(task), after=(after.key,))
        barrier.wait(timeout=60)
        try:
            change_task(actor=Actor.system("race"), task_id=task_id, draft=draft, version=None, now=NOW)
        except ValidationError as error:
            outcomes.put("circle" if "circle" in str(error) else str(error))
        else:
            outcomes.put("won")
    connections.close_all()


def race(pairs_by_racer: list[list[list[int]]]) -> dict[str, int]:
    """Every racer with pairs of its own, round by round at the same time."""
    context = multiprocessing.get_context("fork")  # this process has one thread, and Django is loaded once
    barrier, outcomes = context.Barrier(len(pairs_by_racer)), context.Queue()
    processes = [
        context.Process(target=_compete, args=(pairs, barrier, outcomes)) for pairs in pairs_by_racer
    ]
    for process in processes:
        process.start()
    counted = Counter(outcomes.get(timeout=90) for pairs in pairs_by_racer for _pair in pairs)
    for process in processes:
        process.join()
    return dict(counted)
