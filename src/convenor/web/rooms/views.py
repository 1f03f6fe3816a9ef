"""The finder, a room's page and its photo."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from convenor.base import clock
from convenor.base.permissions import may
from convenor.kernel.instants import datetime_of
from convenor.scheduling.queries.room_finder import find_rooms_for, states_now
from convenor.venues.queries.rooms import room_for, rooms_for
from convenor.web.days import day_span, reader_zone, today_in
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest
from convenor.web.rooms.finder import FinderForm
from convenor.web.rooms.page import page_of
from convenor.web.rooms.shown import answer_of

FRAGMENTS = {"found": "found"}


@require_GET
def rooms(request: ActorRequest) -> HttpResponse:
    """What can be had for what is asked, and why not the others; where nothing is asked every room and its present state."""
    now, zone = clock.now(), reader_zone()
    form = FinderForm(request.GET, actor=request.actor, zone=zone, today=today_in(zone, now))
    question = form.question
    context: dict[str, Any] = {"form": form, "now": now, "may_edit": may(request.actor, "venue.edit")}
    if form.is_asked:
        found = find_rooms_for(request.actor, question, now=now)
        may_book = may(request.actor, "meeting.organise")
        context |= answer_of(found, question, zone=zone, equipment=form.names, may_book=may_book)
    else:
        listed = list(rooms_for(request.actor, text=question.text, site=question.site_id))
        states = states_now(listed, now=now, until=datetime_of(day_span(zone, now).end))
        context["rooms"] = [(each, states[each.pk]) for each in listed]
    return render_page(request, "rooms/rooms.html", context, fragments=FRAGMENTS)


@require_GET
def room(request: ActorRequest, pk: int) -> HttpResponse:
    """Facts, set-ups, equipment, the week as a calendar, closures; what the reader may change."""
    return render_page(request, "rooms/room.html", page_of(request, pk, now=clock.now()))


@require_GET
@cache_control(private=True, max_age=86_400)
def photo(request: ActorRequest, pk: int) -> FileResponse:
    """The room's photo, to those who may see the room. Always a JPEG of our own making (venues/pictures.py)."""
    found = room_for(request.actor, pk)
    if not found.photo.name or not found.photo.storage.exists(found.photo.name):
        raise Http404
    return FileResponse(found.photo.open(), content_type="image/jpeg", filename=f"{found.code}.jpg")
