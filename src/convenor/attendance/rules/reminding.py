"""When somebody is reminded: to answer, of an offer that ends, of a count to be guaranteed, and of what is tomorrow.

Each step is taken once. A step that was missed (the machine was off) is taken late, unless the next is due too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

ANSWER_BEFORE = (7, 2)
"""Days before answers are due. Two letters are read; a third is noise."""
GUARANTEE_BEFORE = (3, 1)
"""Days before the caterer must know."""
SEND_FROM = time(9)
"""On the event's clocks, the day before it."""
AHEAD = timedelta(hours=48)
"""No day before begins earlier than so long before the start, whatever the clocks do."""


def step_due(due: datetime, now: datetime, days_before: Sequence[int]) -> tuple[int, datetime] | None:
    """The last step up to now, and since when it is due; None before the first and once the time is over."""
    if now >= due:
        return None
    passed = [(days, due - timedelta(days=days)) for days in sorted(days_before)]
    return next(((days, since) for days, since in passed if since <= now), None)


def half_time(offered_at: datetime, expires_at: datetime) -> datetime:
    return offered_at + (expires_at - offered_at) / 2


def day_before(starts_at: datetime, zone: str) -> datetime:
    """When those who come are reminded."""
    local = starts_at.astimezone(ZoneInfo(zone))
    return datetime.combine(local.date() - timedelta(days=1), SEND_FROM, tzinfo=ZoneInfo(zone))
