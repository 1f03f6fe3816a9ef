"""Rooms as a table, and the kinds of equipment with how many movable pieces each site has."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from convenor.base import clock
from convenor.base.permissions import require
from convenor.venues.actions.equipment import (
    change_equipment,
    create_equipment,
    retire_equipment,
    set_stock,
)
from convenor.venues.forms import EquipmentForm, StockForm
from convenor.venues.queries.rooms import equipment_for, equipment_kind_for, rooms_for, stock_of
from convenor.venues.queries.sites import site_for, sites_for
from convenor.web.form_pages import deed, form_page, posted
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest
from convenor.web.settings_tabs import frame_for

TAB = "settings.equipment"
FORM = ["GET", "HEAD", "POST"]


@require_GET
def rooms(request: ActorRequest) -> HttpResponse:
    require(request.actor, "venue.edit")
    context = {"rooms": rooms_for(request.actor, active=None)}
    return render_page(request, "settings/rooms.html", context | frame_for(request.actor, "settings.rooms"))


@require_GET
def equipment(request: ActorRequest) -> HttpResponse:
    require(request.actor, "venue.edit")
    kinds, sites = list(equipment_for(request.actor)), list(sites_for(request.actor))
    context = {"rows": _stock(kinds, sites), "sites": sites}
    return render_page(request, "settings/equipment.html", context | frame_for(request.actor, TAB))


def _stock(kinds: list[Any], sites: list[Any]) -> list[tuple[Any, list[tuple[Any, int]]]]:
    """Each kind with its pieces at each site."""
    stock = stock_of([kind.pk for kind in kinds])
    return [(kind, [(site, len(stock.get((kind.pk, site.pk), ()))) for site in sites]) for kind in kinds]


@require_http_methods(FORM)
def new_equipment(request: ActorRequest) -> HttpResponse:
    require(request.actor, "venue.edit")
    return form_page(
        request,
        EquipmentForm(posted(request)),
        partial(create_equipment, actor=request.actor),
        done=lambda _kind: reverse(TAB),
        said=_("The kind is on the list."),
        template="settings/form.html",
        context=frame_for(request.actor, TAB, _("New kind of equipment")),
    )


@require_http_methods(FORM)
def edit_equipment(request: ActorRequest, pk: int) -> HttpResponse:
    require(request.actor, "venue.edit")
    kind = equipment_kind_for(request.actor, pk)
    return form_page(
        request,
        EquipmentForm(posted(request), initial=EquipmentForm.initial_of(kind)),
        partial(change_equipment, actor=request.actor, equipment_id=pk),
        done=lambda _kind: reverse(TAB),
        said=_("The kind is changed."),
        template="settings/form.html",
        context=frame_for(request.actor, TAB, kind.name),
    )


@require_POST
def drop_equipment(request: ActorRequest, pk: int) -> HttpResponse:
    act = partial(retire_equipment, actor=request.actor, equipment_id=pk)
    return deed(request, act, done=reverse(TAB), said=_("The kind is off the list."))


@require_http_methods(FORM)
def stock(request: ActorRequest, pk: int, site: int) -> HttpResponse:
    """How many movable pieces of a kind a site has."""
    require(request.actor, "venue.edit")
    kind, place = equipment_kind_for(request.actor, pk), site_for(request.actor, site)
    pieces = len(stock_of([pk]).get((pk, site), ()))
    title = _("%(kind)s at %(site)s") % {"kind": kind, "site": place}
    return form_page(
        request,
        StockForm(posted(request), initial={"pieces": pieces}),
        partial(set_stock, actor=request.actor, equipment_id=pk, site_id=site, now=clock.now()),
        done=lambda _none: reverse(TAB),
        said=_("The stock is saved."),
        template="settings/form.html",
        context=frame_for(request.actor, TAB, title),
    )
