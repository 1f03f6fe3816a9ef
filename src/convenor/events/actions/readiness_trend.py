"""A point a day for the trend of every event that is alive."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from convenor.base.transactions import action
from convenor.events.enums import ALIVE, Level
from convenor.events.models import Event, ReadinessPoint
from convenor.events.queries.readiness import readiness_of
from convenor.events.rules.readiness import Readiness

BATCH = 200


def note_readiness(now: datetime) -> int:
    """Write today's points, by each event's own calendar; a second round the same day replaces them. How many.

    Worked out from what is on record already, so nothing of it goes on record.
    """
    alive = Event.objects.filter(state__in=ALIVE).order_by("pk").values_list("pk", "zone")
    rows = list(alive)
    for first in range(0, len(rows), BATCH):
        _note(dict(rows[first : first + BATCH]), now)
    return len(rows)


@action
def _note(zones: dict[int, str], now: datetime) -> None:
    points = [
        _point(event, now.astimezone(ZoneInfo(zones[event])).date(), readiness)
        for event, readiness in readiness_of(zones, now).items()
    ]
    ReadinessPoint.objects.bulk_create(
        points,
        update_conflicts=True,
        unique_fields=["event", "day"],
        update_fields=[level.value for level in Level],
    )


def _point(event: int, day: date, readiness: Readiness) -> ReadinessPoint:
    counts = {level.value: count for level, count in readiness.counts.items()}
    return ReadinessPoint(event_id=event, day=day, **counts)
