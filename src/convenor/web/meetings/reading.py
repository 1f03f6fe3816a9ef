"""A meeting's page, and the buttons on it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from convenor.base import clock
from convenor.base.actor import Actor
from convenor.base.forms import ActionForm
from convenor.events.queries.of_meeting import of_meeting_for
from convenor.kernel.instants import Span, ZoneName, instant_of
from convenor.scheduling.actions.booking import book_room, decide_booking, release_booking
from convenor.scheduling.actions.meeting import confirm_meeting
from convenor.scheduling.actions.response import ANSWERS, respond
from convenor.scheduling.enums import PartStat, Scope
from convenor.scheduling.forms.fields import MOST_KEY
from convenor.scheduling.queries.counters import counters_of_occurrence_for
from convenor.scheduling.queries.page import (
    MeetingPage,
    free_room_choices,
    meeting_page_for,
    occurrence_page_for,
)
from convenor.scheduling.sentences.words import when
from convenor.web.days import reader_zone
from convenor.web.form_pages import deed
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest

TEMPLATE = "meetings/meeting.html"
SAID = {
    PartStat.ACCEPTED: gettext_lazy("Answered with yes."),
    PartStat.TENTATIVE: gettext_lazy("Answered with maybe."),
    PartStat.DECLINED: gettext_lazy("Answered with no."),
}


class AnswerForm(ActionForm):
    """respond."""

    person_id = forms.IntegerField(min_value=1, max_value=MOST_KEY)
    partstat = forms.TypedChoiceField(choices=[(each, each) for each in ANSWERS], coerce=PartStat)
    scope = forms.TypedChoiceField(choices=Scope.choices, coerce=Scope, required=False, empty_value=Scope.ONE)


class RoomForm(ActionForm):
    """book_room."""

    room_id = forms.IntegerField(min_value=1, max_value=MOST_KEY)


class DecisionForm(ActionForm):
    """decide_booking."""

    approve = forms.TypedChoiceField(
        choices=[("yes", "yes"), ("no", "no")], coerce=lambda text: text == "yes"
    )


class VersionForm(ActionForm):
    """confirm_meeting."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)


def clean(form: ActionForm) -> dict[str, Any]:
    """Raises ValidationError for what no button of ours sends."""
    if not form.is_valid():
        raise ValidationError(_("This can't be read; nothing was changed."))
    return form.cleaned_data


@require_GET
def meeting(request: ActorRequest, pk: int) -> HttpResponse:
    return show(request, meeting_page_for(request.actor, pk, now=clock.now()))


@require_GET
def occurrence(request: ActorRequest, pk: int) -> HttpResponse:
    return show(request, occurrence_page_for(request.actor, pk, now=clock.now()))


def show(request: ActorRequest, page: MeetingPage) -> HttpResponse:
    return render_page(request, TEMPLATE, page_context(request.actor, page))


def page_context(actor: Actor, page: MeetingPage) -> dict[str, Any]:
    return {
        "page": page,
        "meeting": page.meeting,
        "shown": page.shown,
        "now": clock.now(),
        "times": times_of(page),
        "counters": counters_of_occurrence_for(actor, page.shown.id) if page.may_edit and page.shown else (),
        "free_rooms": free_room_choices(actor, page) if page.may_edit else (),
        "of_event": of_meeting_for(actor, page.meeting, page.occurrence.pk if page.occurrence else None),
        "crumbs": [{"label": _("Schedule"), "href": reverse("schedule")}],
    }


def times_of(page: MeetingPage) -> list[tuple[str, str]]:
    """When, in the meeting's own zone and the reader's, each with the zone."""
    if page.shown is None:
        return []
    span = Span(instant_of(page.shown.starts_at), instant_of(page.shown.ends_at))
    zones = dict.fromkeys((ZoneName(page.meeting.zone), reader_zone()))
    return [(when(span, zone), zone) for zone in zones]


@require_POST
def answer(request: ActorRequest, pk: int) -> HttpResponse:
    """Yes, maybe or no to one occurrence, this and the following, or all."""
    form = AnswerForm(request.POST)
    said = SAID[form.cleaned_data["partstat"]] if form.is_valid() else ""

    def act() -> None:
        respond(actor=request.actor, occurrence_id=pk, now=clock.now(), **clean(form))

    return deed(request, act, done=reverse("occurrence", args=[pk]), said=said)


@require_POST
def book(request: ActorRequest, pk: int) -> HttpResponse:
    """One more room for the occurrence."""

    def act() -> None:
        book_room(actor=request.actor, occurrence_id=pk, now=clock.now(), **clean(RoomForm(request.POST)))

    return deed(request, act, done=reverse("occurrence", args=[pk]), said=_("The room is booked."))


@require_POST
def release(request: ActorRequest, pk: int, booking: int) -> HttpResponse:
    """Let a room or equipment of the occurrence go."""

    def act() -> None:
        release_booking(actor=request.actor, booking_id=booking)

    return deed(request, act, done=reverse("occurrence", args=[pk]), said=_("The booking is released."))


@require_POST
def decide(request: ActorRequest, pk: int, booking: int) -> HttpResponse:
    """Approve or decline a booking that waits for it."""
    form = DecisionForm(request.POST)
    approved = form.is_valid() and form.cleaned_data["approve"]

    def act() -> None:
        decide_booking(actor=request.actor, booking_id=booking, now=clock.now(), **clean(form))

    said = _("The booking is approved.") if approved else _("The booking is declined.")
    return deed(request, act, done=reverse("occurrence", args=[pk]), said=said)


@require_POST
def confirm(request: ActorRequest, pk: int) -> HttpResponse:
    """Make a proposed meeting a real one."""

    def act() -> None:
        confirm_meeting(actor=request.actor, meeting_id=pk, **clean(VersionForm(request.POST)))

    return deed(request, act, done=reverse("meeting", args=[pk]), said=_("The meeting is confirmed."))
