"""Taking an event to another state: a button on its page, a menu or a drag on the board."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from convenor.base import clock
from convenor.base.changes import sentences
from convenor.base.forms import ActionForm, TextField
from convenor.base.permissions import require
from convenor.events.actions.states import LONGEST_REASON, change_state
from convenor.events.enums import EventState
from convenor.events.queries.visibility import event_for
from convenor.events.rules.states import step_between
from convenor.web.events.links import preview_href
from convenor.web.requests import ActorRequest


class StateForm(ActionForm):
    """change_state; `back` is where the button stood."""

    to = forms.ChoiceField(choices=EventState.choices)
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    reason = TextField(max_length=LONGEST_REASON, required=False)
    back = forms.ChoiceField(choices=[("", ""), ("board", "board")], required=False)


@require_POST
def change(request: ActorRequest, pk: int) -> HttpResponse:
    """What moves functions too goes on to its preview; a refusal says all that is missing, on the event's page."""
    form = StateForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This can't be read; nothing was changed."))
        return redirect("event", pk)
    to, back = form.cleaned_data["to"], form.cleaned_data.pop("back")
    event = event_for(request.actor, pk)
    require(request.actor, "event.change_state", event)
    step = step_between(event.state, to, event.resumes_to)
    if step is not None and (preview := preview_href(step.preview, pk)):
        return redirect(preview)
    try:
        event = change_state(actor=request.actor, event_id=pk, now=clock.now(), **form.cleaned_data)
    except ValidationError as error:
        for texts in sentences(error).values():
            messages.error(request, _("“%(title)s”: ") % {"title": event.title} + " ".join(texts))
    else:
        words = {"title": event.title, "state": event.get_state_display()}
        messages.success(request, _("“%(title)s” is now: %(state)s.") % words)
    return redirect(reverse("events.board") if back else reverse("event", args=[pk]))
