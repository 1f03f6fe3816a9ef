"""Bringing events' counts up to their rolls, a little after something changed: a hundred registrations are one task."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django_tasks import task

from convenor.attendance.actions.feeding import feed_counts
from convenor.attendance.queries.feeding import events_with_rolls
from convenor.base import clock
from convenor.base.tasks.backend import enqueue_once

AFTER = timedelta(seconds=5)


@task()
def feed_event_counts(event_id: int) -> int:
    """Write one event's counts; how many changed."""
    return feed_counts([event_id], clock.now())


@task()
def feed_all_counts() -> int:
    """Write the counts of all events that aren't over: some change by the time alone, as when answers are due."""
    return feed_counts(events_with_rolls(), clock.now())


def feed_soon(event_ids: Iterable[int]) -> None:
    """Inside the transaction of the change. What is waiting already isn't asked for again."""
    run_after = clock.now() + AFTER
    for event in sorted(set(event_ids)):
        enqueue_once(feed_event_counts.using(run_after=run_after), event, key=f"counts:{event}")
