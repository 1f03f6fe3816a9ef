"""Cloning an event to other dates: what is taken over is shown before it is made."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from convenor.base import clock
from convenor.base.permissions import require
from convenor.events.actions.cloning import clone_event
from convenor.events.forms.moving import CloneForm
from convenor.events.queries.clone_plan import ClonePlan, clone_plan
from convenor.events.rules.dates import local_in
from convenor.web.events.frame import event_frame, under
from convenor.web.events.moving import REFUSED, sorted_out
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest


@require_http_methods(["GET", "POST"])
def clone(request: ActorRequest, pk: int) -> HttpResponse:
    frame = event_frame(request.actor, pk, "event")
    require(request.actor, "event.create")
    event = frame["event"]
    asked = request.POST if request.method == "POST" else request.GET
    initial = {"title": event.title, "starts": local_in(event.zone, event.starts_at), "with_people": True}
    form = CloneForm(asked if "starts" in asked else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = clone_event(actor=request.actor, event_id=pk, now=clock.now(), **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("“%(title)s” is made, as an enquiry.") % {"title": made.title})
            return redirect("event", made.pk)
    plan = _plan(request, event, form) if form.is_bound and form.is_valid() else None
    context = {**under(frame), "form": form, "plan": plan}
    if plan is not None:
        context |= {"starts": asked.get("starts", ""), **sorted_out(plan.fates)}
    return render_page(request, "events/clone.html", context, status=REFUSED if form.errors else 200)


def _plan(request: ActorRequest, event: Any, form: CloneForm) -> ClonePlan:
    plan = clone_plan(request.actor, event, now=clock.now(), **form.cleaned_data)
    if plan.refused:
        form.refuse(ValidationError({name: list(texts) for name, texts in plan.refused.items()}))
    return plan
