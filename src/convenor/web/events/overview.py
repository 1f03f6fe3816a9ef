"""An event's first tab: what it is, who answers for it, how far it has got."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from convenor.web.events.frame import event_frame
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest


@require_GET
def event(request: ActorRequest, pk: int) -> HttpResponse:
    return render_page(request, "events/overview.html", event_frame(request.actor, pk, "event"))
