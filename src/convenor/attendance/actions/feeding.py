"""Events know how many are expected, guaranteed and there: their rolls count, and write it down where everybody reads it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from convenor.attendance.queries.feeding import numbers_of
from convenor.base.transactions import action
from convenor.base.updating import update_rows
from convenor.events.models import Event

COLUMNS = ("expected_count", "guaranteed_count", "actual_count")


@action
def feed_counts(event_ids: Collection[int], now: datetime) -> int:
    """Write the counts that differ; how many events. Quietly: nobody decided anything, and no form goes stale by it.

    Each change of a seat is on record by itself. 5 queries, and one statement where anything differs.
    """
    found = numbers_of(event_ids, now)
    changed: list[Event] = []
    for event in Event.objects.filter(pk__among=found).only("pk", *COLUMNS).order_by("pk"):
        if {name: getattr(event, name) for name in COLUMNS} != found[event.pk]:
            for name, number in found[event.pk].items():
                setattr(event, name, number)
            changed.append(event)
    update_rows(changed, COLUMNS)
    return len(changed)
