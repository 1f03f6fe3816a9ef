"""What rolls say of how many come, in the terms of their events. For actions/feeding.py."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from convenor.attendance.models import Roll
from convenor.attendance.queries.counts import counts_of
from convenor.events.enums import ALIVE

Numbers = dict[str, int | None]


def has_roll(event_id: int) -> bool:
    """Whether the event's counts come from its roll, or from one of its functions'."""
    return Roll.objects.filter(event=event_id, function__removed_at__isnull=True).exists()


def events_with_rolls() -> list[int]:
    """Those whose counts can still change."""
    rows = Roll.objects.filter(event__state__in=ALIVE, function__removed_at__isnull=True)
    return sorted(set(rows.order_by().values_list("event_id", flat=True)))


def numbers_of(event_ids: Collection[int], now: datetime) -> dict[int, Numbers]:
    """By event that has a roll; None where nobody has come, or nothing was guaranteed. 4 queries."""
    rows: Any = Roll.objects.filter(event__among=event_ids, function__removed_at__isnull=True).order_by()
    there = sorted(set(rows.values_list("event_id", flat=True)))
    return {
        key: {
            "expected_count": counts.expected,
            "guaranteed_count": counts.guaranteed,
            "actual_count": counts.actual or None,
        }
        for key, counts in counts_of(there, now).items()
    }
