"""One box over everything that the reader may see."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from convenor.people.queries.people import people_for
from convenor.venues.queries.rooms import rooms_for
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest

MOST = 8


@require_GET
def search(request: ActorRequest) -> HttpResponse:
    text = request.GET.get("q", "")[:200].strip()
    groups: list[dict[str, Any]] = []
    if text:
        people = [
            {"label": p.name, "href": reverse("person", args=[p.pk]), "hint": p.job_title, "icon": "user"}
            for p in people_for(request.actor, text=text)[:MOST]
        ]
        rooms = [
            {"label": r.name, "href": reverse("room", args=[r.pk]), "hint": r.code, "icon": "door-open"}
            for r in rooms_for(request.actor, text=text)[:MOST]
        ]
        groups = [
            g
            for g in ({"label": _("People"), "items": people}, {"label": _("Rooms"), "items": rooms})
            if g["items"]
        ]
    return render_page(
        request,
        "search/search.html",
        {"search_query": text, "groups": groups},
        fragments={"search-results": "results"},
    )
