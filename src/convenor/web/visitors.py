"""Who comes from outside: a site's day for reception, on screen, on paper and as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from convenor.base import clock
from convenor.base.permissions import require
from convenor.base.spreadsheets import CSV_TYPE, Table, csv_file
from convenor.events.queries.visitors import Visitor, visitors_for
from convenor.kernel.instants import ZoneName
from convenor.venues.queries.sites import site_for, sites_for
from convenor.web.days import reader_zone, today_in
from convenor.web.desk import day_in
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest
from convenor.web.served import file_answer

LONGEST_KEY = 19


@require_GET
def visitors(request: ActorRequest) -> HttpResponse:
    """The site and the day of the address; without them the first site, and today there."""
    require(request.actor, "visitor.see")
    sites = list(sites_for(request.actor))
    named = request.GET.get("site", "")
    is_key = named.isascii() and named.isdigit() and len(named) < LONGEST_KEY
    site = site_for(request.actor, int(named)) if is_key else next(iter(sites), None)
    zone = ZoneName(site.zone) if site else reader_zone()
    day = day_in(request.GET.get("day", "")) or today_in(zone, clock.now())
    found = visitors_for(request.actor, site.pk, day) if site else []
    if request.GET.get("format") == "csv" and site:
        with timezone.override(zone):
            name = f"{slugify(site.code)}-{day.isoformat()}"
            return file_answer(csv_file(_table(found, name)), f"{name}.csv", CSV_TYPE)
    context: dict[str, Any] = {"sites": sites, "site": site, "day": day, "visitors": found, "zone": zone}
    return render_page(request, "visitors/visitors.html", context)


def _table(found: Sequence[Visitor], name: str) -> Table:
    head = (
        *(_("Arrives"), _("Until"), _("Name"), _("Organisation"), _("Host"), _("For"), _("Rooms")),
        *(_("Badge"), _("Access needs"), _("Step-free"), _("Note"), _("Accepted")),
    )
    return Table(name, head, [_cells(each) for each in found])


def _cells(visitor: Visitor) -> tuple[str, ...]:
    yes = {True: _("yes"), False: _("no")}
    until = timezone.localtime(visitor.until).strftime("%H:%M") if visitor.until else ""
    return (
        *(
            timezone.localtime(visitor.arrives_at).strftime("%H:%M"),
            until,
            visitor.name,
            visitor.organisation,
        ),
        *(visitor.host, "; ".join(visitor.what), "; ".join(visitor.rooms), yes[visitor.needs_badge]),
        *(visitor.access, yes[visitor.step_free], visitor.note, yes[visitor.is_certain]),
    )
