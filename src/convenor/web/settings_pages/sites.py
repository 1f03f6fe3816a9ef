"""Sites: where they are, when they are open, how far they are from each other, which days are holidays there."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from convenor.base import clock
from convenor.base.permissions import may, require
from convenor.kernel.instants import Span, instant_of
from convenor.venues.actions.site import (
    change_site,
    create_site,
    restore_site,
    retire_site,
    set_opening_hours,
    set_travel,
)
from convenor.venues.forms import OpeningHoursForm, SiteForm, TravelForm
from convenor.venues.queries.opening import holidays_of
from convenor.venues.queries.sites import site_for, sites_for, travel_minutes
from convenor.web.form_pages import deed, form_page, posted
from convenor.web.pages import render_page
from convenor.web.people.page import week_lines
from convenor.web.requests import ActorRequest
from convenor.web.settings_tabs import frame_for

TAB = "settings.sites"
FORM = ["GET", "HEAD", "POST"]
HOLIDAYS_AHEAD = timedelta(days=365)
MOST_HOLIDAYS = 6


@require_GET
def sites(request: ActorRequest) -> HttpResponse:
    require(request.actor, "venue.see")
    rows = list(sites_for(request.actor, active=None))
    context = {"sites": _shown(rows, clock.now()), "may_edit": may(request.actor, "venue.edit")}
    return render_page(request, "settings/sites.html", context | frame_for(request.actor, TAB))


def _shown(rows: list[Any], now: datetime) -> list[dict[str, Any]]:
    """Each site with its week, the ways from it and the next holidays, read for all at once."""
    names = {row.pk: row.name for row in rows}
    ahead = Span(instant_of(now), instant_of(now + HOLIDAYS_AHEAD))
    holidays, minutes = holidays_of(list(names), ahead), travel_minutes()
    return [
        {
            "site": row,
            "week": week_lines((each.weekday, each.opens, each.closes) for each in row.hours.all()),
            "travel": [
                (names[to], n)
                for (origin, to), n in sorted(minutes.items())
                if origin == row.pk and to in names
            ],
            "holidays": holidays.get(row.pk, [])[:MOST_HOLIDAYS],
        }
        for row in rows
    ]


@require_http_methods(FORM)
def new(request: ActorRequest) -> HttpResponse:
    require(request.actor, "venue.edit")
    return form_page(
        request,
        SiteForm(posted(request)),
        partial(create_site, actor=request.actor),
        done=lambda _site: reverse(TAB),
        said=_("The site is on the list."),
        template="settings/form.html",
        context=frame_for(request.actor, TAB, _("New site")),
    )


@require_http_methods(FORM)
def edit(request: ActorRequest, pk: int) -> HttpResponse:
    require(request.actor, "venue.edit")
    site = site_for(request.actor, pk)
    return form_page(
        request,
        SiteForm(posted(request), initial=SiteForm.initial_of(site)),
        partial(change_site, actor=request.actor, site_id=pk),
        done=lambda _site: reverse(TAB),
        said=_("The site is changed."),
        template="settings/form.html",
        context=frame_for(request.actor, TAB, site.name),
    )


@require_http_methods(FORM)
def hours(request: ActorRequest, pk: int) -> HttpResponse:
    require(request.actor, "venue.edit")
    site = site_for(request.actor, pk)
    rows = [(each.weekday, each.opens, each.closes) for each in site.hours.all()]
    return form_page(
        request,
        OpeningHoursForm(posted(request), initial=OpeningHoursForm.initial_of(rows)),
        partial(set_opening_hours, actor=request.actor, site_id=pk),
        done=lambda _none: reverse(TAB),
        said=_("The opening hours are saved."),
        template="settings/hours.html",
        context=frame_for(request.actor, TAB, _("Opening hours: %(site)s") % {"site": site}),
    )


@require_http_methods(FORM)
def travel(request: ActorRequest, pk: int) -> HttpResponse:
    require(request.actor, "venue.edit")
    site = site_for(request.actor, pk)
    form = TravelForm(posted(request), actor=request.actor, site=site, initial=TravelForm.initial_of(site))
    return form_page(
        request,
        form,
        partial(set_travel, actor=request.actor, site_id=pk),
        done=lambda _none: reverse(TAB),
        said=_("The travel times are saved, in both directions."),
        template="settings/form.html",
        context=frame_for(request.actor, TAB, _("Travel times from %(site)s") % {"site": site}),
    )


@require_POST
def retire(request: ActorRequest, pk: int) -> HttpResponse:
    act = partial(retire_site, actor=request.actor, site_id=pk)
    return deed(request, act, done=reverse(TAB), said=_("The site is out of use."))


@require_POST
def restore(request: ActorRequest, pk: int) -> HttpResponse:
    act = partial(restore_site, actor=request.actor, site_id=pk)
    return deed(request, act, done=reverse(TAB), said=_("The site is in use again."))
