"""The board: a column for each state, a card for each event, moved from one to the other by menu or by drag."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from convenor.base import clock
from convenor.base.actor import Actor
from convenor.base.permissions import may, require
from convenor.events.enums import OVER, EventState
from convenor.events.queries.listed import events_for
from convenor.events.queries.readiness import readiness_of
from convenor.events.rules.states import steps_from
from convenor.web.days import reader_zone
from convenor.web.events.filters import EventsForm
from convenor.web.events.links import preview_href
from convenor.web.events.lists import frame_of
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest

MOST_CARDS = 500


@require_GET
def board(request: ActorRequest) -> HttpResponse:
    require(request.actor, "event.see")
    form = EventsForm(request.GET, actor=request.actor, zone=reader_zone())
    found = list(events_for(request.actor, form.asked)[: MOST_CARDS + 1])
    context = {
        **frame_of(request, form, "events.board"),
        "columns": columns_of(request.actor, found[:MOST_CARDS], state=form.asked.state),
        "has_more": len(found) > MOST_CARDS,
        "most": MOST_CARDS,
    }
    return render_page(request, "events/board.html", context)


def columns_of(actor: Actor, found: list[Any], *, state: str) -> list[dict[str, Any]]:
    """The states in their order, those over only where asked for or there; readiness of all cards at once."""
    readiness = readiness_of([each.pk for each in found if each.state not in OVER], clock.now())
    cards: dict[str, list[dict[str, Any]]] = {each: [] for each in EventState}
    for event in found:
        cards[event.state].append(_card(actor, event, readiness.get(event.pk)))
    return [
        {"state": each.value, "label": each.label, "cards": cards[each]}
        for each in EventState
        if cards[each] or (each not in OVER and not state)
    ]


def _card(actor: Actor, event: Any, readiness: Any) -> dict[str, Any]:
    permitted = may(actor, "event.change_state", event)
    steps = steps_from(event.state, event.resumes_to) if permitted else []
    ways = [
        {"target": step.target.value, "label": step.label, "href": preview_href(step.preview, event.pk)}
        for step in steps
    ]
    return {
        "event": event,
        "readiness": readiness,
        "ways": ways,
        "targets": " ".join(step.target.value for step in steps),
    }
