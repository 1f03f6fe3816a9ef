"""Today: what needs me."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest


@require_GET
def today(request: ActorRequest) -> HttpResponse:
    return render_page(request, "today/today.html", {})
