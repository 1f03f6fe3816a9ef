"""The run of show: minute by minute, with who does what on which cue; its lines are added, changed and removed here."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from convenor.base import clock
from convenor.base.permissions import require
from convenor.events.actions.run_of_show import add_cue, change_cue, remove_cue
from convenor.events.forms.function import CueForm
from convenor.events.queries.programme import functions_for
from convenor.events.queries.run_of_show import cue_for, run_of_show_for
from convenor.events.sentences.programme_paper import run_of_show_pdf
from convenor.web.events.frame import event_frame, under
from convenor.web.events.programme_days import cue_initial, day_chosen, starts_of
from convenor.web.form_pages import deed, form_page, posted
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest
from convenor.web.served import pdf_answer

TAB = "event.programme"
TEMPLATE = "events/cue_form.html"


@require_GET
def run_of_show(request: ActorRequest, pk: int) -> HttpResponse:
    """On the day it marks what is on now, and asks again every half minute."""
    frame = event_frame(request.actor, pk, TAB)
    day = day_chosen(request.GET.get("day", ""))
    show = run_of_show_for(request.actor, pk, day=day, now=clock.now())
    context = {**frame, "show": show, "now": clock.now()}
    return render_page(request, "events/run_of_show.html", context, fragments={"show-lines": "lines"})


@require_GET
def pdf(request: ActorRequest, pk: int) -> HttpResponse:
    day = day_chosen(request.GET.get("day", ""))
    show = run_of_show_for(request.actor, pk, day=day, now=clock.now())
    return pdf_answer(run_of_show_pdf(show, now=clock.now()), f"{show.event.key}-run-of-show.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: ActorRequest, pk: int) -> HttpResponse:
    frame = event_frame(request.actor, pk, TAB)
    require(request.actor, "event.edit", frame["event"])
    rows = functions_for(request.actor, pk)
    form = CueForm(
        posted(request), actor=request.actor, starts=starts_of(rows), initial=cue_initial(rows, request.GET)
    )
    return form_page(
        request,
        form,
        lambda function_id, **_values: add_cue(
            actor=request.actor, function_id=function_id, draft=form.draft()
        ),
        done=lambda _cue: _back(pk, request),
        said=_("The line is in the run of show."),
        template=TEMPLATE,
        context={**under(frame), "title": _("New line"), "back": _back(pk, request)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: ActorRequest, pk: int) -> HttpResponse:
    cue = cue_for(request.actor, pk)
    frame = event_frame(request.actor, cue.event.pk, TAB)
    require(request.actor, "event.edit", cue.event)
    rows = [row for row in functions_for(request.actor, cue.event.pk) if row.id == cue.function_id]
    form = CueForm(
        posted(request), actor=request.actor, starts=starts_of(rows), initial=cue_initial(rows, {}, cue)
    )
    back = _back(cue.event.pk, request)
    return form_page(
        request,
        form,
        lambda **_values: change_cue(actor=request.actor, cue_id=pk, draft=form.draft()),
        done=lambda _cue: back,
        said=_("The line is changed."),
        template=TEMPLATE,
        context={**under(frame), "title": _("Change a line"), "back": back, "cue": cue},
    )


@require_POST
def remove(request: ActorRequest, pk: int) -> HttpResponse:
    event_id = cue_for(request.actor, pk).event.pk
    act = partial(remove_cue, actor=request.actor, cue_id=pk)
    return deed(request, act, done=_back(event_id, request), said=_("The line is gone."))


def _back(pk: int, request: ActorRequest) -> str:
    """The run of show on the day that one came from."""
    day: Any = day_chosen(request.GET.get("day", ""))
    return reverse("event.run_of_show", args=[pk]) + (f"?day={day.isoformat()}" if day else "")
