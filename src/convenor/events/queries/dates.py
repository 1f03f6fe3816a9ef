"""Working days where an event takes place. About places, not about anybody's data: no actor."""

from __future__ import annotations

from convenor.events.rules.dates import WorkingCalendar
from convenor.kernel.instants import Span
from convenor.venues.queries.opening import holidays_of


def working_calendar_for(site_id: int | None, span: Span) -> WorkingCalendar:
    """Monday to Friday without the site's public holidays that touch the span; without a site, without any. 1 query, or none."""
    if site_id is None:
        return WorkingCalendar()
    holidays = holidays_of([site_id], span).get(site_id, [])
    return WorkingCalendar(holidays={each.day: each.name for each in holidays})
