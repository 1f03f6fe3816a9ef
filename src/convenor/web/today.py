"""Today: what needs me. Invitations and bookings are answered here with one click."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from convenor.attendance.queries.my_rolls import roll_notes_for
from convenor.base import clock
from convenor.base.forms import ActionForm
from convenor.events.queries.task_rows import my_tasks_for
from convenor.scheduling.actions.booking import decide_booking
from convenor.scheduling.actions.response import respond
from convenor.scheduling.enums import PartStat, Scope
from convenor.scheduling.queries.conflicts.rows import conflicts_for, counts_for
from convenor.scheduling.queries.counters import counters_waiting_for
from convenor.scheduling.queries.today import figures_for, today_for
from convenor.web.days import agenda, day_span, reader_zone
from convenor.web.events.task_words import shortlist
from convenor.web.form_pages import deed
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest
from convenor.web.rolls.links import roll_lines

MOST_CONFLICTS = 5
MOST_TASKS = 8
LONGEST_KEY = 19
SAID = {
    PartStat.ACCEPTED: _("Answered with yes."),
    PartStat.TENTATIVE: _("Answered with maybe."),
    PartStat.DECLINED: _("Answered with no."),
}


class AnswerForm(ActionForm):
    """Whose answer, and which."""

    person_id = forms.IntegerField(min_value=1)
    partstat = forms.TypedChoiceField(choices=[(each, each) for each in SAID], coerce=PartStat)


class DecisionForm(ActionForm):
    approve = forms.TypedChoiceField(
        choices=[("yes", "yes"), ("no", "no")], coerce=lambda text: text == "yes"
    )


@require_GET
def today(request: ActorRequest) -> HttpResponse:
    now = clock.now()
    day = day_span(reader_zone(), now)
    found = today_for(request.actor, day=day, now=now)
    context: dict[str, Any] = {
        "now": now,
        "today": found,
        "agenda": agenda(found.mine, now=now),
        "principals": [(each, agenda(each.parts, now=now)) for each in found.principals],
        "conflict_counts": counts_for(request.actor, mine=True, now=now),
        "counters": counters_waiting_for(request.actor, now=now),
        "figures": figures_for(request.actor, day=day, now=now),
        "roll_notes": roll_lines(roll_notes_for(request.actor, now)),
        "tasks": shortlist(my_tasks_for(request.actor, now, this_week=True), MOST_TASKS),
    }
    return render_page(request, "today/today.html", context)


@require_GET
def conflicts(request: ActorRequest) -> HttpResponse:
    """The first of my open conflicts: fetched by the page, since looking again may take a moment."""
    rows = conflicts_for(request.actor, mine=True, most=MOST_CONFLICTS, now=clock.now())
    return render(request, "today/conflicts.html", {"conflicts": rows})


@require_POST
def answer(request: ActorRequest, pk: int) -> HttpResponse:
    """Answer an invitation for oneself or a principal; of a series, all that aren't over."""
    form = AnswerForm(request.POST)

    def act() -> None:
        values = _clean(form)
        respond(actor=request.actor, occurrence_id=pk, scope=Scope.ALL, now=clock.now(), **values)

    said = SAID[form.cleaned_data["partstat"]] if form.is_valid() else ""
    return deed(request, act, done=_back(request), said=said)


@require_POST
def decide(request: ActorRequest, pk: int) -> HttpResponse:
    """Approve or decline a booking."""
    form = DecisionForm(request.POST)

    def act() -> None:
        decide_booking(actor=request.actor, booking_id=pk, now=clock.now(), **_clean(form))

    approved = form.is_valid() and form.cleaned_data["approve"]
    return deed(
        request,
        act,
        done=_back(request),
        said=_("The booking is approved.") if approved else _("The booking is declined."),
    )


def _back(request: ActorRequest) -> str:
    """To the desk on which the button was, else to Today."""
    desk = request.POST.get("desk", "")
    is_key = desk.isascii() and desk.isdigit() and len(desk) < LONGEST_KEY
    return reverse("desk", args=[desk]) if is_key else reverse("today")


def _clean(form: ActionForm) -> dict[str, Any]:
    """Raises ValidationError for what can't be read."""
    if not form.is_valid():
        raise ValidationError(_("This answer can't be read; nothing was changed."))
    return form.cleaned_data
