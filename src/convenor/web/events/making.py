"""New event, and a changed cover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from convenor.base import clock
from convenor.base.actor import Actor
from convenor.base.permissions import require
from convenor.events.actions.event import change_event, create_event
from convenor.events.forms.event import EventForm, initial_of
from convenor.events.queries.classes import classes_for
from convenor.events.queries.shown import named_differences
from convenor.events.queries.visibility import event_for
from convenor.events.refusals import StaleEvent
from convenor.people.queries.people import person_for
from convenor.web.days import reader_zone
from convenor.web.form_pages import REFUSED
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest

TEMPLATE = "events/form.html"
FORM = ["GET", "HEAD", "POST"]


@require_http_methods(FORM)
def new(request: ActorRequest) -> HttpResponse:
    require(request.actor, "event.create")
    classes = classes_for(request.actor)
    if request.method != "POST":
        initial = initial_for(request.actor, request.GET.get("class", ""), classes)
        return shown(request, EventForm(actor=request.actor, classes=classes, initial=initial))
    form = EventForm(request.POST, actor=request.actor, classes=classes, initial={"zone": reader_zone()})
    if form.is_valid():
        try:
            event = create_event(actor=request.actor, draft=form.draft, now=clock.now())
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("“%(title)s” is on the list.") % {"title": event.title})
            return redirect("event", event.pk)
    return shown(request, form, status=REFUSED)


def initial_for(actor: Actor, code: str, classes: Sequence[Any]) -> dict[str, Any]:
    """Its coordinator is who makes it; `code` names a class."""
    picked = [row.current.pk for row in classes if row.event_class.code == code]
    owner = person_for(actor, actor.person_id) if actor.person_id else None
    return {
        "owner_id": owner,
        "zone": reader_zone(),
        "site_id": owner.home_site_id if owner else None,
        "class_version_id": picked[0] if picked else None,
    }


@require_http_methods(FORM)
def edit(request: ActorRequest, pk: int) -> HttpResponse:
    event = event_for(request.actor, pk)
    require(request.actor, "event.edit", event)
    if request.method != "POST":
        return shown(request, EventForm(actor=request.actor, event=event, initial=initial_of(event)), event)
    form = EventForm(request.POST, actor=request.actor, event=event, initial={"zone": event.zone})
    extra: Mapping[str, Any] = {}
    if form.is_valid():
        try:
            change(request.actor, pk, form)
        except StaleEvent as error:
            rows = named_differences(request.actor, error.differences)
            extra = {"differences": rows, "stale": error.messages[0]}
            form = form.on_top_of(error.current.version)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("event", pk)
    return shown(request, form, event, status=REFUSED, **extra)


def change(actor: Actor, pk: int, form: EventForm) -> None:
    version = form.cleaned_data["version"]
    if version is None:
        raise ValidationError({"__all__": [_("This can't be read; nothing was changed.")]})
    change_event(
        actor=actor, event_id=pk, version=version, draft=form.draft, now=clock.now(), from_class=True
    )


def shown(
    request: ActorRequest, form: EventForm, event: Any = None, *, status: int = 200, **extra: Any
) -> HttpResponse:
    crumbs = [{"label": _("Events"), "href": reverse("events")}]
    if event is not None:
        crumbs.append({"label": event.title, "href": reverse("event", args=[event.pk])})
    context = {
        "form": form,
        "event": event,
        "title": _("Change “%(title)s”") % {"title": event.title} if event else _("New event"),
        "back": crumbs[-1]["href"],
        "crumbs": crumbs,
        **extra,
    }
    return render_page(request, TEMPLATE, context, status=status)
