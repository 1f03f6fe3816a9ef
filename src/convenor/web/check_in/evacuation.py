"""The evacuation roll, on a phone and on paper."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from convenor.attendance.queries.evacuation import Building, evacuation_for
from convenor.attendance.sentences.evacuation import building_name, count_in, evacuation_pdf
from convenor.base import clock
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest, key_in
from convenor.web.served import pdf_answer


@require_GET
def evacuation(request: ActorRequest) -> HttpResponse:
    """Of all events; of one, for who works at its doors."""
    now, event = clock.now(), _event(request)
    found = evacuation_for(request.actor, now, event)
    context: dict[str, Any] = {"buildings": [_shown(each) for each in found], "now": now, "event_id": event}
    answer = render_page(request, "check_in/evacuation.html", context)
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_GET
def pdf(request: ActorRequest) -> HttpResponse:
    now = clock.now()
    found = evacuation_for(request.actor, now, _event(request))
    return pdf_answer(evacuation_pdf(found, now=now), f"evacuation-{now:%Y%m%d-%H%M}.pdf")


def _event(request: ActorRequest) -> int | None:
    return key_in(request.GET.get("event", ""))


def _shown(building: Building) -> dict[str, Any]:
    return {"name": building_name(building), "count": count_in(building), "people": building.people}
