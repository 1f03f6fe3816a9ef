"""The finder and a room's page."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from convenor.venues.queries.rooms import room_for, rooms_for
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest


@require_GET
def rooms(request: ActorRequest) -> HttpResponse:
    return render_page(request, "rooms/rooms.html", {"rooms": rooms_for(request.actor)})


@require_GET
def room(request: ActorRequest, pk: int) -> HttpResponse:
    return render_page(request, "rooms/room.html", {"room": room_for(request.actor, pk)})
