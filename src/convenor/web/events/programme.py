"""The tab Programme: a day as a grid by track or room, or as a list; where a dragged function would fit, and the drop."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from convenor.base import clock
from convenor.base.actor import Refused
from convenor.events.actions.function_moves import Moved, move_function
from convenor.events.queries.function_fit import function_fit_for
from convenor.events.queries.programme import functions_for
from convenor.events.queries.task_rows import today_at
from convenor.kernel.instants import LocalTime
from convenor.scheduling.drafts import KEEP, Unset
from convenor.web.events.frame import event_frame
from convenor.web.events.programme_days import VIEWS, day_chosen, look_at
from convenor.web.events.public import public_panel
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest
from convenor.web.rolls.links import function_rolls
from convenor.web.schedule.answers import fit_json, refusal

LONGEST_BODY = 4_000
MOST_MINUTES = 20_160


@require_GET
def programme(request: ActorRequest, pk: int) -> HttpResponse:
    """Of one day; without JavaScript a list of links, with it functions can be dragged."""
    frame = event_frame(request.actor, pk, "event.programme")
    rows = functions_for(request.actor, pk)
    by = request.GET.get("by", "track")
    chosen, today = day_chosen(request.GET.get("day", "")), today_at(frame["event"], clock.now())
    look = look_at(rows, frame["event"], chosen, by if by in VIEWS else "track", today)
    may_drag = frame["may_edit"] and look["by"] != "list"
    context = {
        **frame,
        **look,
        **public_panel(request, frame["event"]),
        "rolls": function_rolls(request.actor, frame["event"], [each.row.id for each in look["rows"]]),
        "config": _config() if may_drag else None,
    }
    return render_page(request, "events/programme.html", context)


@require_GET
def fit(request: ActorRequest, pk: int) -> HttpResponse:
    """Would it fit there? Changes nothing."""
    try:
        place = _place(request.GET)
    except ValidationError as error:
        return refusal(error.messages, status=400)
    found = function_fit_for(
        request.actor,
        pk,
        local_start=place["local_start"],
        minutes=place["duration_minutes"],
        room_id=place["room_id"],
        now=clock.now(),
    )
    return JsonResponse(fit_json(found))


@require_POST
def move(request: ActorRequest, pk: int) -> HttpResponse:
    """Drop it there; the answer says how to put it back."""
    try:
        body = _body(request)
        place = _place(body)
        version = int(body.get("version") or 0)
        moved = move_function(actor=request.actor, function_id=pk, version=version, now=clock.now(), **place)
    except (TypeError, ValueError):
        return refusal([_("This isn't a place on the programme.")], status=400)
    except ValidationError as error:
        return refusal(error.messages, status=409)
    except Refused as error:
        return refusal([str(error)], status=403)
    return JsonResponse(_moved(moved, pk, place))


def _moved(moved: Moved, pk: int, place: Mapping[str, Any]) -> dict[str, Any]:
    """`back` is what undoing posts: the same kind of move, the other way."""
    before = moved.before
    notices = " ".join(notice.sentence for notice in moved.notices)
    back: dict[str, Any] = {
        "start": f"{before.local_start:%Y-%m-%dT%H:%M}",
        "minutes": before.duration_minutes,
        "track": before.track,
        "version": moved.version,
    }
    if not isinstance(place["room_id"], Unset):
        left = place["instead_of"] or next(iter(before.room_ids), "")
        back |= {"room": str(left), "from_room": str(place["room_id"] or "")}
    return {
        "sentence": f"{_('“%(title)s” is moved.') % {'title': before.title}} {notices}".strip(),
        "links": [{"label": _("Open"), "href": reverse("function", args=[pk])}],
        "back": back,
    }


def _place(values: Mapping[str, Any]) -> dict[str, Any]:
    """`start` is local to the event; `track` and `room` only where they change. ValidationError for anything else."""
    try:
        start = datetime.fromisoformat(str(values.get("start")))
        minutes = int(values.get("minutes") or 0)
        room, leaves = _room(values, "room"), _room(values, "from_room")
    except (TypeError, ValueError) as error:
        raise ValidationError(_("This isn't a place on the programme.")) from error
    if start.tzinfo is not None or not 1 <= minutes <= MOST_MINUTES:
        raise ValidationError(_("This isn't a place on the programme."))
    track = values.get("track")
    return {
        "local_start": LocalTime(start.replace(second=0, microsecond=0)),
        "duration_minutes": minutes,
        "track": KEEP if track is None else str(track),
        "room_id": room,
        "instead_of": None if isinstance(leaves, Unset) else leaves,
    }


def _room(values: Mapping[str, Any], name: str) -> int | Unset | None:
    room = values.get(name)
    if room is None:
        return KEEP
    return int(room) if room != "" else None


def _body(request: ActorRequest) -> dict[str, Any]:
    try:
        body = json.loads(request.body) if len(request.body) <= LONGEST_BODY else None
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise ValidationError(_("This isn't a place on the programme."))
    return body


def _config() -> dict[str, Any]:
    """What js/programme.js needs; `0` stands for the function's key."""
    return {
        "fitUrl": reverse("function.fit", args=[0]),
        "moveUrl": reverse("function.move", args=[0]),
        "text": {
            "checking": _("Checking…"),
            "undo": _("Undo"),
            "failed": _("That didn't work. Nothing was changed."),
        },
    }
