"""Moving an event, postponing it, taking it up again, cancelling it: first every effect, then the deed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from convenor.base import clock
from convenor.base.permissions import require
from convenor.events.actions.moving import Moved, cancel_event, move_event, postpone_event, resume_event
from convenor.events.enums import Occasion
from convenor.events.forms.moving import PREFIX, CallOffForm, MoveForm, choices_in
from convenor.events.queries.effects import Effects, FunctionFate, call_off_effects, move_effects
from convenor.events.rules.dates import local_in
from convenor.scheduling.queries.moved_places import PlaceFate
from convenor.web.events.frame import event_frame, under
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest

REFUSED = 422


@require_http_methods(["GET", "POST"])
def move(request: ActorRequest, pk: int) -> HttpResponse:
    frame = event_frame(request.actor, pk, "event")
    require(request.actor, "event.edit", frame["event"])
    return _moving(request, frame, move_event, "events/move.html")


@require_http_methods(["GET", "POST"])
def resume(request: ActorRequest, pk: int) -> HttpResponse:
    frame = event_frame(request.actor, pk, "event")
    require(request.actor, "event.change_state", frame["event"])
    return _moving(request, frame, resume_event, "events/resume.html")


def _moving(
    request: ActorRequest, frame: dict[str, Any], deed: Callable[..., Moved], template: str
) -> HttpResponse:
    """A date asked for by GET shows what it would do; the same by POST, with what was chosen of rooms, does it."""
    event = frame["event"]
    asked = request.POST if request.method == "POST" else request.GET
    initial = {"starts": local_in(event.zone, event.starts_at), "version": event.version}
    form = MoveForm(asked if "starts" in asked else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = choices_in(request.POST)
        try:
            moved = deed(
                actor=request.actor, event_id=event.pk, rooms=chosen, now=clock.now(), **form.cleaned_data
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, done_words(moved))
            return redirect("event", event.pk)
    context = {**under(frame), "form": form, **_preview(request, event, form)}
    return render_page(request, template, context, status=REFUSED if form.errors else 200)


def _preview(request: ActorRequest, event: Any, form: MoveForm) -> dict[str, Any]:
    effects = _effects(request, event, form) if form.is_bound else None
    if effects is None:
        return {"effects": None}
    return {
        "effects": effects,
        "starts": form["starts"].value(),  # as it was written: a refusal takes the clean one away
        "clashes": clashes_of(effects.functions, choices_in(request.POST)),
        **sorted_out(effects.functions),
    }


def _effects(request: ActorRequest, event: Any, form: MoveForm) -> Effects | None:
    """As long as the date can be read, whatever else was refused. Refusals by GET are shown at their fields."""
    form.is_valid()
    starts = form.cleaned_data.get("starts")
    if starts is None:
        return None
    despite = form.cleaned_data.get("despite_holiday", False)
    effects = move_effects(request.actor, event, starts, despite_holiday=despite, now=clock.now())
    if request.method == "GET" and effects.refused:
        form.refuse(ValidationError({name: list(texts) for name, texts in effects.refused.items()}))
    return effects


@dataclass(frozen=True, slots=True)
class Clash:
    """A booking that can't come along, with its field's name and what is chosen in it."""

    function: FunctionFate
    place: PlaceFate
    name: str
    takes_best: bool
    goes_without: bool


def clashes_of(functions: Sequence[FunctionFate], chosen: Mapping[int, int | None]) -> list[Clash]:
    """The best other room is chosen beforehand; where there is none the user must say something."""
    return [
        Clash(
            function=each,
            place=place,
            name=f"{PREFIX}{place.booking_id}",
            takes_best=place.best is not None
            and chosen.get(place.booking_id, place.best.room_id) == place.best.room_id,
            goes_without=chosen.get(place.booking_id, 0) is None,
        )
        for each in functions
        for place in each.clashes
    ]


def sorted_out(functions: Sequence[FunctionFate]) -> dict[str, list[FunctionFate]]:
    """Those with something to say of them besides clashes, and the others."""
    return {
        "noted": [each for each in functions if each.is_worth_a_look],
        "quiet": [each for each in functions if not each.is_worth_a_look],
    }


def done_words(moved: Moved) -> str:
    words = ngettext(
        "“%(title)s” has its new dates; %(count)d function came along.",
        "“%(title)s” has its new dates; %(count)d functions came along.",
        moved.functions,
    ) % {"title": moved.event.title, "count": moved.functions}
    if moved.late:
        late = ngettext("%(count)d task is late by them.", "%(count)d tasks are late by them.", moved.late)
        words = f"{words} {late % {'count': moved.late}}"
    return words


@require_http_methods(["GET", "POST"])
def postpone(request: ActorRequest, pk: int) -> HttpResponse:
    return _calling_off(request, pk, Occasion.POSTPONED)


@require_http_methods(["GET", "POST"])
def cancel(request: ActorRequest, pk: int) -> HttpResponse:
    return _calling_off(request, pk, Occasion.CANCELLED)


def _calling_off(request: ActorRequest, pk: int, occasion: Occasion) -> HttpResponse:
    frame = event_frame(request.actor, pk, "event")
    event = frame["event"]
    require(request.actor, "event.change_state", event)
    form = CallOffForm(request.POST if request.method == "POST" else None, initial={"version": event.version})
    deed = postpone_event if occasion == Occasion.POSTPONED else cancel_event
    if request.method == "POST" and form.is_valid():
        try:
            deed(actor=request.actor, event_id=pk, now=clock.now(), **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Called off; whoever was asked will hear of it."))
            return redirect("event", pk)
    context = {**under(frame), "form": form, "effects": call_off_effects(event, occasion, clock.now())}
    template = f"events/{'postpone' if occasion == Occasion.POSTPONED else 'cancel'}.html"
    return render_page(request, template, context, status=REFUSED if form.errors else 200)
