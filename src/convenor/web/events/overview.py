"""An event's first tab: what it is, who answers for it, how far it has got and what it lacks for the next step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from convenor.base import clock
from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.events.enums import EventState
from convenor.events.queries.overview import Way, overview_for, progress_for
from convenor.web.events.frame import event_frame
from convenor.web.events.links import href_of, preview_href
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest

MOMENTS: tuple[tuple[str, str | Promise], ...] = (
    ("load_in_at", _("Load-in")),
    ("starts_at", _("Starts")),
    ("ends_at", _("Ends")),
    ("load_out_at", _("Load-out")),
)


@dataclass(frozen=True, slots=True)
class Part:
    """Something that another family of screens shows on the overview: a template, and what it needs for an event."""

    template: str
    look: Callable[[Actor, Any, datetime], Mapping[str, Any]]


CALLED_OFF = (EventState.POSTPONED, EventState.CANCELLED)
PARTS: list[Part] = []
"""In the aside, in this order. Families add theirs where their views are."""


@require_GET
def event(request: ActorRequest, pk: int) -> HttpResponse:
    return render_page(request, "events/overview.html", page_of(request.actor, pk, now=clock.now()))


@require_GET
def progress(request: ActorRequest, pk: int) -> HttpResponse:
    """How ready it is and what the next steps lack; as a part of the overview, since looking may take a moment."""
    frame = event_frame(request.actor, pk, "event")
    found = progress_for(request.actor, frame["event"], clock.now())
    ways = [_way(each, pk) for each in found.ways]
    context = {
        **frame,
        "readiness": found.readiness,
        "readiness_href": preview_href("event.readiness", pk),
        "forward": [way for way in ways if way["is_forward"]],
        "others": [way for way in ways if way["is_aside"]],
        "may_clone": may_clone(request.actor, frame["event"]),
    }
    return render_page(request, "events/progress.html", context, fragments={"progress": "progress"})


def page_of(actor: Actor, pk: int, *, now: datetime) -> dict[str, Any]:
    """Raises Event.DoesNotExist."""
    frame = event_frame(actor, pk, "event")
    shown = frame["event"]
    overview = overview_for(shown, now)
    return {
        **frame,
        "may_clone": may_clone(actor, shown),
        "overview": overview,
        "class_title": overview.policy.title.to(get_language() or "en"),
        "moments": [(label, getattr(shown, name)) for name, label in MOMENTS if getattr(shown, name)],
        "parts": list(_parts(actor, shown, now)),
    }


def may_clone(actor: Actor, event: Any) -> bool:
    return event.starts_at is not None and may(actor, "event.create")


def _way(way: Way, pk: int) -> dict[str, Any]:
    step = way.step
    return {
        "label": step.label,
        "target": step.target,
        "target_label": step.target.label,
        "effects": [effect.label for effect in step.effects],
        "missing": [{"sentence": each.sentence, "href": href_of(each.where)} for each in way.missing],
        "href": preview_href(step.preview, pk),
        "is_forward": not step.is_back and not step.preview,
        # What calls it off stands in the menu
        "is_aside": step.target not in CALLED_OFF and (step.is_back or bool(step.preview)),
    }


def _parts(actor: Actor, shown: Any, now: datetime) -> Iterator[dict[str, Any]]:
    for part in PARTS:
        yield {"template": part.template, **part.look(actor, shown, now)}
