"""From an offset to a day: when something that counts from one of the event's dates is due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from convenor.events.enums import Anchor
from convenor.events.rules.dates import Dated, WorkingCalendar, anchor_day
from convenor.events.rules.policy import Due
from convenor.kernel.instants import DAY, Instant, Span
from convenor.kernel.working_days import Offset, WorkingDays

MOST_DAYS = 3_650
"""Of an offset, either way: ten years of calendar days."""
_SPARE = timedelta(days=60)
_AFTERWARDS = frozenset({Anchor.END, Anchor.LOAD_OUT})


def working_days_of(calendar: WorkingCalendar) -> WorkingDays:
    """The site's calendar as the kernel reckons with it."""
    return WorkingDays(calendar.weekdays, frozenset(calendar.holidays))


def due_day(event: Dated, due: Due, days: WorkingDays) -> date | None:
    """The day on which it is due; None while the event has no dates.

    Counted in working days it is never a day off. “On the day” of a start on a Sunday is the Friday before it, since
    it must be done by then; on the day of an end on a Sunday it is the Monday, since it can't be done earlier.
    """
    anchor = anchor_day(event, due.anchor)
    if anchor is None:
        return None
    return days.shifted(anchor, Offset(due.days, due.working, after=due.anchor in _AFTERWARDS))


def span_around(event: Dated, dues: Iterable[Due], *days: date) -> Span | None:
    """What of a calendar must be known to reckon these, and to count from and to `days`; None if there is nothing to reckon."""
    reached = [*days]
    for due in dues:
        anchor = anchor_day(event, due.anchor)
        if anchor is not None:
            reached += [
                anchor,
                anchor + timedelta(days=due.days * 2),
            ]  # working days: five of seven, and holidays
    if not reached:
        return None
    return Span(_midnight(min(reached) - _SPARE), _midnight(max(reached) + _SPARE))


def _midnight(day: date) -> Instant:
    return Instant((day - date(1970, 1, 1)).days * DAY)
