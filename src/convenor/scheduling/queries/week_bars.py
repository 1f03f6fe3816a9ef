"""When somebody can be met this week, without saying what they do."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.kernel.instants import Instant, Span, ZoneName
from convenor.kernel.weekly_hours import days_span
from convenor.people.queries.availability import away_spans, working_spans
from convenor.scheduling.queries.freebusy import busy_arrays
from convenor.scheduling.rules.day_bars import DayBar, day_bar


def week_bars_for(actor: Actor, person_id: int, *, monday: date, zone: ZoneName) -> list[DayBar]:
    """Seven days from Monday on, as the zone's clocks have them. For the staff, the person themselves and their delegates; six queries.

    Nobody's free time is told to people from outside.
    """
    if not may(actor, "directory.see") and not actor.may_see_for(person_id):
        return []
    days = [monday + timedelta(days=place) for place in range(7)]
    week = days_span(days[0], days[-1], zone)
    arrays = busy_arrays([person_id], week)
    busy = [
        Span(Instant(int(start)), Instant(int(end)))
        for start, end in np.column_stack([arrays.starts, arrays.ends])
    ]
    working = working_spans([person_id], week).get(person_id, ())
    away = [(each.span, each.label) for each in away_spans([person_id], week).get(person_id, ())]
    return [
        day_bar(day, days_span(day, day, zone).start, working=working, busy=busy, away=away) for day in days
    ]
