"""New meeting, with find-a-time beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from convenor.base import clock
from convenor.base.actor import Actor
from convenor.base.permissions import may, require
from convenor.scheduling.actions.meeting import create_meeting
from convenor.scheduling.forms.clashes import choices_in
from convenor.scheduling.forms.meeting import MeetingForm
from convenor.scheduling.refusals import RoomClashes
from convenor.scheduling.saved import Saved
from convenor.web.form_pages import REFUSED
from convenor.web.meetings.prefill import prefilled
from convenor.web.meetings.showing import clash_rows
from convenor.web.meetings.slots import altered, found_for
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest

TEMPLATE = "meetings/new.html"
SLOTS = {"slots": "slots"}


@require_http_methods(["GET", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    require(request.actor, "meeting.organise")
    if request.method == "GET":
        initial, notes = prefilled(request.actor, request.GET, now=clock.now())
        for note in notes:
            messages.warning(request, note)
        form = MeetingForm(actor=request.actor, initial=initial)
        return render_page(request, TEMPLATE, page_context(request.actor, form))
    form = MeetingForm(request.POST, actor=request.actor)
    extra: Mapping[str, Any] = {}
    if form.is_valid():
        chosen = choices_in(request.POST)
        draft = form.draft(on_clash=chosen.on_clash, exdates=chosen.left_out)
        try:
            return made(request, create_meeting(actor=request.actor, draft=draft, now=clock.now()))
        except RoomClashes as error:
            extra = {"clashes": clash_rows(error, request.POST), "clashes_of_series": draft.is_series}
        except ValidationError as error:
            form.refuse(error)
    return render_page(request, TEMPLATE, {**page_context(request.actor, form), **extra}, status=REFUSED)


@require_POST
def find_time(request: ActorRequest) -> HttpResponse:
    """The slots for the form as it is: their part alone for htmx, else the whole page with the form as sent."""
    require(request.actor, "meeting.organise")
    form = MeetingForm(altered(request.POST), actor=request.actor, searching=True)
    form.is_valid()
    found = found_for(request.actor, form, now=clock.now())
    form.ask_all()
    return render_page(
        request,
        TEMPLATE,
        {**page_context(request.actor, form), "found": found, "searched": True},
        fragments=SLOTS,
    )


def page_context(actor: Actor, form: MeetingForm) -> dict[str, Any]:
    return {
        "form": form,
        "crumbs": [{"label": _("Schedule"), "href": reverse("schedule")}],
        "find_href": reverse("meeting.find_time"),
        "may_organise_for_others": may(actor, "meeting.see_private") or bool(actor.principals),
    }


def made(request: ActorRequest, saved: Saved) -> HttpResponse:
    """Say what was made and what to know of it, and go to its page."""
    messages.success(request, _("“%(title)s” is in the calendar.") % {"title": saved.meeting.title})
    tell(request, saved)
    return redirect("meeting", saved.meeting.pk)


def tell(request: ActorRequest, saved: Saved) -> None:
    """The notices of a change, and how many it double-books."""
    for notice in saved.notices:
        messages.warning(request, notice.sentence)
    if saved.collisions:
        sentence = _("Somebody is double-booked by this: see the conflicts below.")
        messages.warning(request, sentence)
