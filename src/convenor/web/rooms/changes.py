"""Rooms made, changed, taken out of use and closed."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from convenor.base import clock
from convenor.base.permissions import require
from convenor.venues.actions.closure import create_closure, withdraw_closure
from convenor.venues.actions.room import change_room, create_room, restore_room, retire_room
from convenor.venues.forms import ClosureForm, RoomForm
from convenor.venues.queries.rooms import room_for
from convenor.web.form_pages import deed, form_page, posted, uploaded
from convenor.web.requests import ActorRequest

TEMPLATE = "rooms/form.html"


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    require(request.actor, "venue.edit")
    form = RoomForm(posted(request), uploaded(request), actor=request.actor)
    return form_page(
        request,
        form,
        partial(create_room, actor=request.actor, now=clock.now()),
        done=lambda room: reverse("room", args=[room.pk]),
        said=_("The room is made."),
        template=TEMPLATE,
        context={"title": _("New room"), "back": reverse("rooms"), "crumbs": _crumbs()},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: ActorRequest, pk: int) -> HttpResponse:
    require(request.actor, "venue.edit")
    room = room_for(request.actor, pk)
    page = reverse("room", args=[pk])
    form = RoomForm(posted(request), uploaded(request), actor=request.actor, room=room)
    return form_page(
        request,
        form,
        partial(change_room, actor=request.actor, room_id=pk, now=clock.now()),
        done=lambda _room: page,
        said=_("The room is changed."),
        template=TEMPLATE,
        context={
            "title": _("Change %(room)s") % {"room": room.name},
            "room": room,
            "back": page,
            "crumbs": _crumbs(),
        },
    )


@require_POST
def retire(request: ActorRequest, pk: int) -> HttpResponse:
    act = partial(retire_room, actor=request.actor, room_id=pk, now=clock.now())
    return deed(request, act, done=reverse("room", args=[pk]), said=_("The room is out of use."))


@require_POST
def restore(request: ActorRequest, pk: int) -> HttpResponse:
    act = partial(restore_room, actor=request.actor, room_id=pk)
    return deed(request, act, done=reverse("room", args=[pk]), said=_("The room is in use again."))


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: ActorRequest, pk: int) -> HttpResponse:
    """Close the room, its floor or its site for a while."""
    require(request.actor, "venue.edit")
    room = room_for(request.actor, pk)
    page = reverse("room", args=[pk])
    form = ClosureForm(posted(request), actor=request.actor, initial={"site": room.site, "room": room})
    return form_page(
        request,
        form,
        partial(create_closure, actor=request.actor),
        done=lambda _closure: page,
        said=_("The closure is on record. Meetings in it show as conflicts."),
        template="rooms/closure.html",
        context={
            "title": _("Close %(room)s") % {"room": room.name},
            "room": room,
            "back": page,
            "crumbs": _crumbs(),
        },
    )


@require_POST
def reopen(request: ActorRequest, pk: int, closure: int) -> HttpResponse:
    act = partial(withdraw_closure, actor=request.actor, closure_id=closure)
    return deed(request, act, done=reverse("room", args=[pk]), said=_("The closure is withdrawn."))


def _crumbs() -> list[dict[str, str]]:
    return [{"label": _("Rooms"), "href": reverse("rooms")}]
