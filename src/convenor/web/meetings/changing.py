"""Editing and cancelling a meeting: one occurrence, this and the following, or all; and two people at it at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from convenor.base import clock
from convenor.base.permissions import require
from convenor.scheduling.actions.meeting import cancel_meeting, change_meeting
from convenor.scheduling.enums import Scope
from convenor.scheduling.forms.change import CancelForm, MeetingChangeForm, initial_of
from convenor.scheduling.forms.clashes import choices_in
from convenor.scheduling.queries.page import MeetingPage, meeting_page_for, occurrence_page_for
from convenor.scheduling.refusals import RoomClashes, StaleVersion
from convenor.scheduling.rules.wording import day
from convenor.scheduling.saved import Saved
from convenor.web.form_pages import REFUSED
from convenor.web.meetings.making import SLOTS, page_context, tell
from convenor.web.meetings.showing import clash_rows, difference_rows
from convenor.web.meetings.slots import altered, found_for
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest

TEMPLATE, CANCEL_TEMPLATE = "meetings/edit.html", "meetings/cancel.html"


def page_of(request: ActorRequest, pk: int) -> MeetingPage:
    """The meeting at the occurrence that the address names (`?occurrence=`), else at its next."""
    key, now = request.GET.get("occurrence", ""), clock.now()
    if key.isdecimal() and len(key) < 19:
        page = occurrence_page_for(request.actor, int(key), now=now)
        if page.meeting.pk == pk:
            return page
    return meeting_page_for(request.actor, pk, now=now)


@require_http_methods(["GET", "POST"])
def edit(request: ActorRequest, pk: int) -> HttpResponse:
    page = page_of(request, pk)
    require(request.actor, "meeting.edit", page.meeting)
    if request.method == "GET":
        initial = initial_of(page.meeting, page.occurrence, room_id=room_of(page))
        return shown(request, page, MeetingChangeForm(actor=request.actor, initial=initial))
    form = MeetingChangeForm(request.POST, actor=request.actor)
    extra: Mapping[str, Any] = {}
    if form.is_valid():
        try:
            return changed(request, page, change(request, page, form))
        except StaleVersion as error:
            extra = {"differences": difference_rows(error), "stale": error.messages[0]}
            form = form.on_top_of(error.current.version)
        except RoomClashes as error:
            extra = {"clashes": clash_rows(error, request.POST)}
        except ValidationError as error:
            form.refuse(error)
    return shown(request, page, form, status=REFUSED, **extra)


def change(request: ActorRequest, page: MeetingPage, form: MeetingChangeForm) -> Saved:
    data, chosen = form.cleaned_data, choices_in(request.POST)
    changes = form.changes(
        page.meeting,
        page.occurrence,
        room_id=room_of(page),
        on_clash=chosen.on_clash,
        left_out=chosen.left_out,
    )
    return change_meeting(
        actor=request.actor,
        meeting_id=page.meeting.pk,
        version=data["version"],
        changes=changes,
        scope=data["scope"],
        recurrence_id=page.occurrence.recurrence_id if page.occurrence else None,
        now=clock.now(),
    )


def room_of(page: MeetingPage) -> int | None:
    """The first room that the occurrence has."""
    return next(iter(page.room_ids), None)


def changed(request: ActorRequest, page: MeetingPage, saved: Saved) -> HttpResponse:
    messages.success(request, _("“%(title)s” is changed.") % {"title": saved.meeting.title})
    tell(request, saved)
    return redirect("meeting", (saved.continuation or page.meeting).pk)


@require_POST
def find_time(request: ActorRequest, pk: int) -> HttpResponse:
    """Slots for the form as it is; the meeting itself stands in nobody's way."""
    page = page_of(request, pk)
    require(request.actor, "meeting.edit", page.meeting)
    form = MeetingChangeForm(altered(request.POST), actor=request.actor, searching=True)
    form.is_valid()
    found = found_for(request.actor, form, now=clock.now(), ignoring_meeting=page.meeting.pk)
    form.ask_all()
    return shown(request, page, form, found=found, searched=True)


def shown(
    request: ActorRequest, page: MeetingPage, form: MeetingChangeForm, *, status: int = 200, **extra: Any
) -> HttpResponse:
    at = f"?occurrence={page.occurrence.pk}" if page.occurrence else ""
    context = {
        **page_context(request.actor, form),
        "clashes_of_series": page.meeting.is_series,
        "page": page,
        "meeting": page.meeting,
        "find_href": reverse("meeting.find_time_again", args=[page.meeting.pk]) + at,
        "back_href": reverse("occurrence", args=[page.occurrence.pk])
        if page.occurrence
        else reverse("schedule"),
        **extra,
    }
    return render_page(request, TEMPLATE, context, fragments=SLOTS, status=status)


@require_http_methods(["GET", "POST"])
def cancel(request: ActorRequest, pk: int) -> HttpResponse:
    page = page_of(request, pk)
    require(request.actor, "meeting.cancel", page.meeting)
    initial = {"version": page.meeting.version, "scope": Scope.ONE}
    form = CancelForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            cancel_meeting(
                actor=request.actor,
                meeting_id=pk,
                recurrence_id=page.occurrence.recurrence_id if page.occurrence else None,
                now=clock.now(),
                **form.cleaned_data,
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, cancelled_words(page, form.cleaned_data["scope"]))
            return redirect("meeting", pk)
    context = {"form": form, "page": page, "meeting": page.meeting}
    return render_page(request, CANCEL_TEMPLATE, context, status=REFUSED if form.errors else 200)


def cancelled_words(page: MeetingPage, scope: str) -> str:
    """What was cancelled: one date of a series isn't the meeting."""
    if not page.meeting.is_series or scope == Scope.ALL or page.shown is None:
        return _("Cancelled; whoever was asked will hear of it.")
    words = {"day": day(page.shown.starts_at.astimezone(ZoneInfo(page.shown.zone)))}
    if scope == Scope.ONE:
        return _("%(day)s is cancelled, the other dates stay; whoever was asked will hear of it.") % words
    return _("Cancelled from %(day)s on; whoever was asked will hear of it.") % words
