"""The board: a column for each state, a card for each event, moved from one to the other by menu or by drag."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from convenor.base import clock
from convenor.base.actor import Actor
from convenor.base.permissions import may, require
from convenor.events.enums import OVER, EventState
from convenor.events.queries.listed import events_for
from convenor.events.queries.readiness import readiness_of
from convenor.events.rules.readiness import Readiness
from convenor.events.rules.states import steps_from
from convenor.web.days import reader_zone
from convenor.web.events.filters import EventsForm
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
    ring = _ring_maker()
    for event in found:
        cards[event.state].append(_card(actor, event, ring(readiness.get(event.pk))))
    return [
        {"state": each.value, "label": each.label, "cards": cards[each]}
        for each in EventState
        if cards[each] or (each not in OVER and not state)
    ]


def _card(actor: Actor, event: Any, ring: str) -> dict[str, Any]:
    """Plain values: a board has hundreds of cards. `targets` are where it may be dragged, "" for who may not."""
    permitted = may(actor, "event.change_state", event)
    return {
        "id": str(event.pk),
        "href": reverse("event", args=[event.pk]),
        "title": event.title,
        "steps_href": reverse("event.progress", args=[event.pk]),
        "version": str(event.version),
        "owner": event.owner.name,
        "when": _day(event.starts_at, event.zone) if event.starts_at else _("no dates yet"),
        "ring": ring,
        "targets": _targets(event.state, event.resumes_to) if permitted else "",
    }


@lru_cache(maxsize=64)
def _targets(state: str, resumes_to: str) -> str:
    return " ".join(step.target.value for step in steps_from(state, resumes_to))


def _day(moment: datetime, zone: str) -> str:
    return date_format(moment.astimezone(ZoneInfo(zone)), "WEEKDAY_YEAR_FORMAT")


def _ring_maker() -> Callable[[Readiness | None], str]:
    """Draws each picture once: of hundreds of events many are equally ready."""
    drawn: dict[tuple[Any, ...], str] = {}

    def ring(readiness: Readiness | None) -> str:
        if readiness is None or not readiness.total:
            return ""
        key = tuple(readiness.counts.items())
        if key not in drawn:
            drawn[key] = render_to_string("events/ring.html", {"readiness": readiness})
        return drawn[key]

    return ring
