"""The working days that an event's due dates are counted in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from convenor.events.models import Event
from convenor.events.queries.dates import working_calendar_for
from convenor.events.rules.dates import Dated, WorkingCalendar
from convenor.events.rules.due_dates import span_around, working_days_of
from convenor.events.rules.policy import Due
from convenor.kernel.working_days import WorkingDays


def calendar_of(
    event: Event, dues: Iterable[Due], *days: date, dated: Dated | None = None
) -> WorkingCalendar:
    """The event's working days as far as these reach; `dated` are other dates for it. 1 query, none for an event without a site."""
    span = span_around(dated or event, dues, *days)
    return WorkingCalendar() if span is None else working_calendar_for(event.site_id, span)


def working_days_for(
    event: Event, dues: Iterable[Due], *days: date, dated: Dated | None = None
) -> WorkingDays:
    """`calendar_of` as the kernel reckons with it. 1 query, none for an event without a site."""
    return working_days_of(calendar_of(event, dues, *days, dated=dated))
