"""The calendar of events: a month by weeks or a year by months, each event a bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from convenor.base import clock
from convenor.base.permissions import require
from convenor.events.queries.listed import Asked, events_for
from convenor.events.rules.calendar_bars import (
    Bar,
    Lasting,
    month_after,
    month_before,
    weeks_of,
    year_bars,
)
from convenor.events.rules.dates import days_of
from convenor.kernel.instants import Span, datetime_of
from convenor.kernel.weekly_hours import days_span
from convenor.web.days import reader_zone, today_in
from convenor.web.events.filters import EventsForm
from convenor.web.events.lists import frame_of
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest

MOST_BARS = 1_000
FIRST_YEAR, LAST_YEAR = 1970, 2199


@require_GET
def calendar(request: ActorRequest) -> HttpResponse:
    require(request.actor, "event.see")
    form = EventsForm(request.GET, actor=request.actor, zone=reader_zone())
    today = today_in(reader_zone(), clock.now())
    month, by_year = month_in(request.GET.get("at", ""), today), request.GET.get("by") == "year"
    shown = year_of(request, form, month) if by_year else month_of(request, form, month)
    context = {
        **frame_of(request, form, "events.calendar"),
        "today": today,
        "month": month,
        "by_year": by_year,
        "months": [date(month.year, each, 1) for each in range(1, 13)],
        **shown,
    }
    return render_page(request, "events/calendar.html", context)


def month_in(text: str, today: date) -> date:
    """The first day of the month that the address names, such as 2026-12; this month where it names none."""
    try:
        found = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month, in no zone
    except ValueError:
        return today.replace(day=1)
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else today.replace(day=1)


def month_of(request: ActorRequest, form: EventsForm, month: date) -> dict[str, Any]:
    first = weeks_of(month, ())[0].days[0]
    last = weeks_of(month, ())[-1].days[-1]
    found = _found(request, form, first, last)
    weeks = weeks_of(month, _lasting(found))
    return {
        "weeks": [{"days": week.days, "bars": _shown(week.bars, found)} for week in weeks],
        "earlier": month_before(month),
        "later": month_after(month),
        "too_many": len(found) >= MOST_BARS,
    }


def year_of(request: ActorRequest, form: EventsForm, month: date) -> dict[str, Any]:
    found = _found(request, form, date(month.year, 1, 1), date(month.year, 12, 31))
    return {
        "bars": _shown(year_bars(month.year, _lasting(found)), found),
        "earlier": month.replace(year=month.year - 1),
        "later": month.replace(year=month.year + 1),
        "too_many": len(found) >= MOST_BARS,
    }


def _found(request: ActorRequest, form: EventsForm, first: date, last: date) -> Sequence[Any]:
    """What touches these days, within what is asked for besides."""
    asked, span = form.asked, days_span(first, last, reader_zone())
    return list(events_for(request.actor, _within(asked, span))[:MOST_BARS])


def _within(asked: Asked, span: Span) -> Asked:
    starts, ends = datetime_of(span.start), datetime_of(span.end)
    return replace(
        asked,
        starts=max(starts, asked.starts or starts),
        ends=min(ends, asked.ends or ends),
        sort="starts",
    )


def _lasting(found: Sequence[Any]) -> list[Lasting]:
    """In each event's own zone: that of the place where it is on."""
    days = ((each.pk, days_of(each)) for each in found)
    return [Lasting(pk, each[0], each[-1]) for pk, each in days if each]


def _shown(bars: Sequence[Bar], found: Sequence[Any]) -> list[dict[str, Any]]:
    by_key = {each.pk: each for each in found}
    return [{"event": by_key[bar.key], "bar": bar, "words": _words(by_key[bar.key])} for bar in bars]


def _words(event: Any) -> str:
    return _("%(title)s, %(state)s") % {"title": event.title, "state": event.get_state_display()}
