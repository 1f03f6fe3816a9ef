"""A roll and its room: which rooms would fit, why others can't be had, and moving there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from convenor.attendance.actions.refit import refit
from convenor.attendance.queries.refit import Option, Refit, rooms_that_fit
from convenor.attendance.rules.refit import Fit, largest_smaller
from convenor.base import clock
from convenor.base.forms import ActionForm
from convenor.scheduling.rules.wording import span_in
from convenor.scheduling.sentences.rooms import trouble_sentence
from convenor.venues.enums import SetupStyle
from convenor.web.events.frame import event_frame, under
from convenor.web.form_pages import REFUSED, posted
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest
from convenor.web.rolls.page import title_of
from convenor.web.rolls.views import TAB, address_of


class RefitForm(ActionForm):
    """refit: `choice` is a room's key and a set-up style, such as "12:theatre"; of no style, "12:"."""

    choice = forms.RegexField(regex=r"\A[0-9]{1,18}:[a-z_]{0,20}\Z")

    @property
    def values(self) -> dict[str, Any]:
        room, _colon, style = self.cleaned_data["choice"].partition(":")
        return {"room_id": int(room), "setup_style": style}


@require_http_methods(["GET", "HEAD", "POST"])
def refit_roll(request: ActorRequest, pk: int) -> HttpResponse:
    """POST moves everything there in one go."""
    form = RefitForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            done = refit(actor=request.actor, roll_id=pk, now=clock.now(), **form.values)
        except ValidationError as error:
            form.refuse(error)
        else:
            _say(request, done)
            return redirect(address_of(request, pk))
    found = rooms_that_fit(request.actor, pk, now=clock.now())
    context = {
        **under(event_frame(request.actor, found.roll.event_id, TAB)),
        **_shown(found),
        "form": form,
        "back": address_of(request, pk),
    }
    status = REFUSED if form.is_bound else 200
    return render_page(request, "roll/refit.html", context, status=status)


def _say(request: ActorRequest, done: Any) -> None:
    messages.success(
        request,
        _("It takes place in %(room)s now.") % {"room": f"{done.option.room.code} {done.option.room.name}"},
    )
    if done.sheets:
        count = len(done.sheets)
        said = ngettext(
            "%(count)d function sheet was issued again.",
            "%(count)d function sheets were issued again.",
            count,
        )
        messages.success(request, said % {"count": count})
    for notice in done.notices:
        messages.warning(request, notice.sentence)


def _shown(found: Refit) -> dict[str, Any]:
    zone = found.roll.event.zone
    return {
        "found": found,
        "title": title_of(found.roll),
        "is_outgrown": found.fit is Fit.OUTGROWN,
        "most": largest_smaller(found.seats or 0),
        "options": [_option(each, zone, found) for each in found.options],
        "blocked": [_option(each, zone, found) for each in found.blocked],
        "targets": [
            {
                "target": each,
                "when": span_in(each.starts_at, each.ends_at, zone),
                "style": _style(each.draft.setup_style),
            }
            for each in found.targets
        ],
        "revisions": sum(each.revision is not None for each in found.targets),
    }


def _option(option: Option, zone: str, found: Refit) -> dict[str, Any]:
    return {
        "option": option,
        "value": f"{option.room.pk}:{option.style}",
        "style": _style(option.style),
        "reasons": _reasons(option),
        "troubles": [trouble_sentence(each, zone=zone, equipment={}) for each in option.troubles],
        "is_best": bool(found.options) and option is found.options[0],
    }


def _reasons(option: Option) -> list[str]:
    spare = ngettext("%(count)d seat to spare", "%(count)d seats to spare", option.spare)
    reasons = [spare % {"count": option.spare}]
    if option.is_same_room:
        reasons.insert(0, _("the same room, set up otherwise"))
    if option.room.approval_needed:
        reasons.append(_("needs an approval"))
    return reasons


def _style(style: str) -> str:
    return str(SetupStyle(style).label) if style else ""
