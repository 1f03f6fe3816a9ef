"""All events that the reader may see: as a list."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from convenor.base.permissions import may, require
from convenor.events.queries.visibility import events_seen_by
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest

PER_PAGE = 50


@require_GET
def events(request: ActorRequest) -> HttpResponse:
    require(request.actor, "event.see")
    rows = events_seen_by(request.actor).select_related("owner").order_by("-starts_at", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "may_create": may(request.actor, "event.create")}
    return render_page(request, "events/events.html", context)
