"""Opening a roll, its rules and deadlines, its allotments."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from convenor.attendance.actions.allotment import set_allotments
from convenor.attendance.actions.roll import change_roll, open_roll
from convenor.attendance.drafts import RollDraft
from convenor.attendance.forms.roll import AllotmentsForm, RollForm, roll_initial
from convenor.attendance.queries.roll_draft import allotment_draft_of, draft_of
from convenor.attendance.queries.roll_page import allotments_of, room_seats_of
from convenor.attendance.queries.visibility import roll_for
from convenor.base import clock
from convenor.base.permissions import require
from convenor.events.queries.function_fit import function_for
from convenor.web.events.frame import event_frame, under
from convenor.web.form_pages import form_page, posted
from convenor.web.requests import ActorRequest
from convenor.web.rolls.page import title_of
from convenor.web.rolls.views import TAB

FORM = ["GET", "HEAD", "POST"]
SETTINGS, ALLOTMENTS = "roll/settings.html", "roll/allotments.html"


@require_http_methods(FORM)
def open_event_roll(request: ActorRequest, pk: int) -> HttpResponse:
    return _open(request, pk, None, _("Open the roll"))


@require_http_methods(FORM)
def open_function_roll(request: ActorRequest, pk: int) -> HttpResponse:
    function = function_for(request.actor, pk)
    title = function.occurrence.title or function.occurrence.meeting.title
    return _open(request, function.event_id, pk, _("Open the roll of “%(title)s”") % {"title": title})


def _open(request: ActorRequest, event_id: int, function_id: int | None, title: str) -> HttpResponse:
    frame = under(event_frame(request.actor, event_id, TAB))
    require(request.actor, "roll.edit", frame["event"])
    zone = frame["event"].zone
    initial = roll_initial(RollDraft(), zone)
    form = RollForm(posted(request), zone=zone, of_function=function_id is not None, initial=initial)

    def act(**_values: Any) -> Any:
        return open_roll(
            actor=request.actor,
            event_id=event_id,
            function_id=function_id,
            draft=form.draft(),
            now=clock.now(),
        )

    said = _("The roll is open. Now people can be invited, register, or be put on it.")
    context = {**frame, "title": title, "back": reverse(TAB, args=[event_id]), "is_new": True}
    return form_page(request, form, act, done=_href, said=said, template=SETTINGS, context=context)


@require_http_methods(FORM)
def edit(request: ActorRequest, pk: int) -> HttpResponse:
    roll = roll_for(request.actor, pk, "roll.edit")
    frame = under(event_frame(request.actor, roll.event_id, TAB))
    zone, draft = roll.event.zone, draft_of(roll)
    initial = roll_initial(draft, zone, roll.version)
    form = RollForm(posted(request), zone=zone, of_function=roll.function_id is not None, initial=initial)

    def act(version: int | None, **_values: Any) -> Any:
        return change_roll(
            actor=request.actor, roll_id=pk, version=version or 0, draft=form.draft(), now=clock.now()
        )

    context = {
        **frame,
        "title": _("Roll of “%(title)s”: rules") % {"title": title_of(roll)},
        "back": _href(roll),
        "room_seats": partial(room_seats_of, roll),
    }
    return form_page(request, form, act, done=_href, said=_("Saved."), template=SETTINGS, context=context)


@require_http_methods(FORM)
def allotments(request: ActorRequest, pk: int) -> HttpResponse:
    """Seats set apart: for whom, how many, until when."""
    roll = roll_for(request.actor, pk, "roll.edit")
    frame = under(event_frame(request.actor, roll.event_id, TAB))
    rows = allotments_of(roll)
    drafts = [allotment_draft_of(row) for row in rows]
    form = AllotmentsForm(posted(request), actor=request.actor, zone=roll.event.zone, drafts=drafts)

    def act(**_values: Any) -> Any:
        set_allotments(actor=request.actor, roll_id=pk, drafts=form.drafts(), now=clock.now())
        return roll

    context = {
        **frame,
        "title": _("Roll of “%(title)s”: allotments") % {"title": title_of(roll)},
        "back": _href(roll),
        "roll": roll,
        "rows": rows,
    }
    return form_page(request, form, act, done=_href, said=_("Saved."), template=ALLOTMENTS, context=context)


def _href(roll: Any) -> str:
    if roll.function_id is None:
        return reverse(TAB, args=[roll.event_id])
    return reverse("roll", args=[roll.pk])
