"""An executive's own page, for them and their delegates."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from convenor.base import clock
from convenor.events.queries.desk import desk_for
from convenor.web.days import reader_zone, today_in, week_of
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest

FIRST_YEAR, LAST_YEAR = 1970, 2199


@require_GET
def desk(request: ActorRequest, pk: int) -> HttpResponse:
    """The week that has the day in `week`, this one without."""
    zone, now = reader_zone(), clock.now()
    week = week_of(day_in(request.GET.get("week", "")) or today_in(zone, now), zone)
    found = desk_for(request.actor, pk, span=week.span, now=now)
    context = {
        "desk": found,
        "week": week,
        "this_week": week_of(today_in(zone, now), zone),
        "days": week.days(found.agenda.parts),
        "now": now,
    }
    return render_page(request, "desk/desk.html", context)


def day_in(text: str) -> date | None:
    """The day that an address names; None for what names none within reason."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
