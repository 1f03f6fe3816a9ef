"""The tab Roll of an event, and the roll of one of its functions."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from convenor.attendance.actions.keeping import offer_free_seats
from convenor.attendance.actions.roll import set_guarantee
from convenor.attendance.forms.roll import GuaranteeForm
from convenor.attendance.queries.roll_page import functions_without_roll
from convenor.attendance.queries.visibility import roll_for, rolls_for
from convenor.base import clock
from convenor.base.permissions import may
from convenor.web.events.frame import event_frame, under
from convenor.web.form_pages import deed
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest
from convenor.web.roll_needs import needs_panel
from convenor.web.rolls.page import list_context, page_context, rolls_context, title_of

TAB = "event.roll"
TEMPLATE = "roll/roll.html"
FRAGMENTS = {"found": "found"}


@require_GET
def event_roll(request: ActorRequest, pk: int) -> HttpResponse:
    """The event's own roll and those of its functions; where there is none yet, the way to one."""
    frame = event_frame(request.actor, pk, TAB)
    rolls = rolls_for(request.actor, pk)
    own = next((roll for roll in rolls if roll.function_id is None), None)
    context: dict[str, Any] = {
        **frame,
        "is_whole": True,
        "title": _("Roll"),
        "may_keep": may(request.actor, "roll.edit", frame["event"]),
        "parts": partial(rolls_context, [roll for roll in rolls if roll.function_id is not None]),
        "missing": partial(functions_without_roll, request.actor, frame["event"], rolls),
    }
    if own is not None:
        return _shown(request, own, context)
    return render_page(request, "roll/none.html", context)


@require_GET
def roll(request: ActorRequest, pk: int) -> HttpResponse:
    """A function's; the event's own is its tab."""
    found = roll_for(request.actor, pk)
    if found.function_id is None:
        return redirect(f"{reverse(TAB, args=[found.event_id])}?{request.GET.urlencode()}".rstrip("?"))
    frame = under(event_frame(request.actor, found.event_id, TAB))
    return _shown(request, found, {**frame, "is_whole": False, "title": title_of(found)})


def _shown(request: ActorRequest, found: Any, context: dict[str, Any]) -> HttpResponse:
    """For htmx the list alone: what stands above it doesn't change while one types."""
    context |= list_context(request.actor, found, request.GET)
    if not _wants_list(request):
        context |= page_context(request.actor, found, clock.now(), context["form"])
        context |= needs_panel(request.actor, found)
    return render_page(request, TEMPLATE, context, fragments=FRAGMENTS)


def _wants_list(request: ActorRequest) -> bool:
    return bool(request.htmx) and (request.htmx.target or "").rpartition("#")[2] in FRAGMENTS


@require_POST
def offer(request: ActorRequest, pk: int) -> HttpResponse:
    """Offer what is free to who waits."""
    back = address_of(request, pk)
    try:
        given = offer_free_seats(actor=request.actor, roll_id=pk, now=clock.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        count = len(given)
        said = ngettext("%(count)d seat is offered.", "%(count)d seats are offered.", count)
        none = _("Nobody who waits fits into what is free.")
        messages.success(request, said % {"count": count} if count else none)
    return redirect(back)


@require_POST
def guarantee(request: ActorRequest, pk: int) -> HttpResponse:
    """Say how many are guaranteed to the caterer; nothing takes it back."""
    form = GuaranteeForm(request.POST)

    def act() -> None:
        if not form.is_valid():
            raise ValidationError(form.errors.as_data())
        set_guarantee(actor=request.actor, roll_id=pk, count=form.cleaned_data["count"], now=clock.now())

    return deed(request, act, done=address_of(request, pk), said=_("The guaranteed count is on record."))


def address_of(request: ActorRequest, pk: int) -> str:
    """Where the roll is shown. Raises Roll.DoesNotExist, Refused."""
    found = roll_for(request.actor, pk)
    if found.function_id is None:
        return reverse(TAB, args=[found.event_id])
    return reverse("roll", args=[pk])
