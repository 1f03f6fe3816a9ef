"""One registration as those see it who run the event: seats, guests, answers, history, and what can be done."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from convenor.attendance.actions.keeping import resend_link
from convenor.attendance.actions.registration import cancel_registration, change_registration, substitute
from convenor.attendance.forms.registration_page import (
    CancelForm,
    ChangeRegistrationForm,
    WhoForm,
    registration_initial,
)
from convenor.attendance.queries.registration_draft import registration_draft_of
from convenor.attendance.queries.registration_page import functions_with_roll, registration_page_for
from convenor.attendance.queries.visibility import registration_for
from convenor.attendance.rules.seat_states import reason_words
from convenor.attendance.sentences.needs import access_words, diet_words
from convenor.base import clock
from convenor.base.audit_words import in_words
from convenor.web.audit_words import WORDS
from convenor.web.events.frame import event_frame, under
from convenor.web.form_pages import deed, form_page, posted
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest, key_in
from convenor.web.rolls.lines import TONES, turn_words
from convenor.web.rolls.views import TAB

FORM = ["GET", "HEAD", "POST"]
TEMPLATE = "roll/registration_form.html"


@require_GET
def registration(request: ActorRequest, pk: int) -> HttpResponse:
    page = registration_page_for(request.actor, pk, get_language() or "en")
    context = {
        **under(event_frame(request.actor, page.row.event_id, TAB)),
        "page": page,
        "row": page.row,
        "seats": [
            {
                "line": each,
                "tone": TONES.get(each.seat.state, ""),
                "reason": reason_words(each.seat.reason),
                "turn": turn_words(each.seat.roll, each.turn) if each.turn else "",
            }
            for each in page.seats
        ],
        "diet": diet_words(page.needs) if page.needs else "",
        "access": access_words(page.needs) if page.needs else "",
        "entries": in_words(page.history, WORDS),
    }
    return render_page(request, "roll/registration.html", context)


@require_http_methods(FORM)
def change(request: ActorRequest, pk: int) -> HttpResponse:
    row = registration_for(request.actor, pk, "roll.edit")
    before = registration_draft_of(row)
    functions = functions_with_roll(request.actor, row.event)
    initial = registration_initial(before, row.version)
    form = ChangeRegistrationForm(posted(request), functions=functions, initial=initial)

    def act(version: int, **_values: Any) -> Any:
        return change_registration(
            actor=request.actor,
            registration_id=pk,
            version=version,
            draft=form.draft(before),
            now=clock.now(),
        )

    title = _("Change the registration of %(name)s") % {"name": row.name}
    return _form(request, row, form, act, title, said=_("Saved."), button=_("Save"))


@require_http_methods(FORM)
def instead(request: ActorRequest, pk: int) -> HttpResponse:
    """Somebody else comes instead: with all seats, or with the one in `seat`."""
    row = registration_for(request.actor, pk, "roll.edit")
    seat = key_in(request.GET.get("seat", ""))
    form = WhoForm(posted(request), actor=request.actor, initial={"seat": seat})

    def act(**values: Any) -> Any:
        whose = {"seat_id": values["seat"]} if values["seat"] else {"registration_id": pk}
        return substitute(actor=request.actor, who=form.who, now=clock.now(), **whose)

    title = _("Somebody else instead of %(name)s") % {"name": row.name}
    said = _("The seat has changed hands; both are told.")
    return _form(request, row, form, act, title, said=said, button=_("Put on the roll instead"))


@require_http_methods(FORM)
def cancel(request: ActorRequest, pk: int) -> HttpResponse:
    row = registration_for(request.actor, pk, "roll.edit")
    form = CancelForm(posted(request))

    def act(**values: Any) -> Any:
        done = cancel_registration(actor=request.actor, registration_id=pk, now=clock.now(), **values)
        return done.registration

    title = _("Cancel the registration of %(name)s") % {"name": row.name}
    said = _("Cancelled. What came free is offered to the waitlist.")
    return _form(
        request, row, form, act, title, said=said, button=_("Cancel the registration"), is_danger=True
    )


@require_POST
def link(request: ActorRequest, pk: int) -> HttpResponse:
    """Write the personal link once more."""
    act = partial(resend_link, actor=request.actor, registration_id=pk, now=clock.now())
    return deed(request, act, done=reverse("registration", args=[pk]), said=_("The link is on its way."))


def _form(
    request: ActorRequest, row: Any, form: Any, act: Any, title: str, *, said: str, **words: Any
) -> HttpResponse:
    back = reverse("registration", args=[row.pk])
    frame = under(event_frame(request.actor, row.event_id, TAB))
    context = {**frame, "title": title, "back": back, "row": row, **words}
    return form_page(request, form, act, done=_href, said=said, template=TEMPLATE, context=context)


def _href(row: Any) -> str:
    return reverse("registration", args=[row.pk])
