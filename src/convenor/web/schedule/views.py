"""The schedule's page and the four addresses that its JavaScript calls."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from convenor.base import clock
from convenor.base.actor import Refused
from convenor.base.permissions import may
from convenor.kernel.instants import ZoneName
from convenor.people.queries.people import departments_for
from convenor.scheduling.actions.move import move_occurrence
from convenor.scheduling.queries.fit import fit_for
from convenor.scheduling.queries.meetings import occurrences_for
from convenor.scheduling.refusals import StaleVersion
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest
from convenor.web.schedule import answers
from convenor.web.schedule.frame import config_of, frame_of
from convenor.web.schedule.looks import look_from, picked_from, span_from, span_of_days
from convenor.web.schedule.moves import drag_from_body, drag_from_query


def reader_zone() -> ZoneName:
    return ZoneName(timezone.get_current_timezone_name())


@require_GET
def schedule(request: ActorRequest) -> HttpResponse:
    zone, today = reader_zone(), timezone.localdate()
    look = look_from(request.GET, today=today)
    people, rooms = answers.picked_keys(request.actor, look.picked, look.view)
    rows = occurrences_for(request.actor, span_of_days(*look.days, zone), person_ids=people, room_ids=rooms)
    context: dict[str, Any] = {
        "look": look,
        "schedule": frame_of(look, today=today),
        "config": config_of(look, zone=zone, today=today, may_create=may(request.actor, "meeting.organise")),
        "days": answers.by_day(rows),
        "departments": departments_for(request.actor),
        "sites": answers.site_choices(request.actor),
    }
    return render_page(request, "schedule/schedule.html", context)


@require_GET
def events(request: ActorRequest) -> HttpResponse:
    zone = reader_zone()
    try:
        span, picked = span_from(request.GET, zone), picked_from(request.GET)
    except ValidationError as error:
        return answers.bad_request(error)
    body = answers.events_json(request.actor, span, zone, picked, by=request.GET.get("by", ""))
    return HttpResponse(body, content_type="application/json")


@require_GET
def resources(request: ActorRequest) -> HttpResponse:
    try:
        picked = picked_from(request.GET)
    except ValidationError as error:
        return answers.bad_request(error)
    return JsonResponse({"resources": answers.resources(request.actor, picked, by=request.GET.get("by", ""))})


@require_GET
def fit(request: ActorRequest) -> HttpResponse:
    """Would it fit there? Changes nothing."""
    try:
        drag = drag_from_query(request, reader_zone())
    except ValidationError as error:
        return answers.bad_request(error)
    found = fit_for(
        request.actor,
        occurrence_id=drag.occurrence_id,
        starts_at=drag.starts_at,
        ends_at=drag.ends_at,
        room_id=drag.room_id,
        now=clock.now(),
    )
    return JsonResponse(answers.fit_json(found))


@require_POST
def move(request: ActorRequest) -> HttpResponse:
    """Drop it there: the ordinary move, refused with the sentence where it can't be."""
    try:
        drag = drag_from_body(request, reader_zone())
        saved = move_occurrence(
            actor=request.actor,
            occurrence_id=drag.occurrence_id,
            version=drag.version,
            starts_at=drag.starts_at,
            ends_at=drag.ends_at,
            room_id=drag.room_id,
            now=clock.now(),
        )
    except StaleVersion as error:
        return answers.refusal(error.messages, status=409)
    except ValidationError as error:
        return answers.refusal(error.messages, status=409)
    except Refused as error:
        return answers.refusal([str(error)], status=403)
    href = reverse("occurrence", args=[drag.occurrence_id])
    return JsonResponse(answers.moved_json(saved, _("Open"), href))
