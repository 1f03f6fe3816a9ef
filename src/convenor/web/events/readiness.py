"""How ready an event is, and all of them together: checks with their findings, waivers, the trend."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from convenor.base import clock
from convenor.base.forms import ActionForm
from convenor.base.permissions import may, require
from convenor.events import registry
from convenor.events.actions.waiver import waive, withdraw_waiver
from convenor.events.enums import EventState, Level
from convenor.events.queries.certificates import certificates_for
from convenor.events.queries.readiness import readiness_of
from convenor.events.queries.readiness_board import AHEAD, board_for, owners_of, trend_of
from convenor.events.rules.readiness import CheckState, Judged
from convenor.web.events.frame import event_frame
from convenor.web.events.links import href_of
from convenor.web.form_pages import deed
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest

TAB = "event.readiness"
PER_PAGE = 50
SHOWN = 20
"""Findings of one check that the page shows; the others are counted."""


class WaiveForm(ActionForm):
    """What the button of a finding, or of a whole check, sends."""

    check = forms.CharField(max_length=60)
    subject = forms.CharField(max_length=120, required=False)
    reason = forms.CharField(max_length=300, required=False)


class NarrowForm(ActionForm):
    """`narrowed` are the arguments of board_for; what can't be read narrows nothing."""

    q = forms.CharField(label=gettext_lazy("Title"), required=False, max_length=100)
    level = forms.ChoiceField(label=gettext_lazy("Level"), required=False)
    check = forms.ChoiceField(label=gettext_lazy("Check"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    who = forms.ChoiceField(label=gettext_lazy("Whose"), required=False)

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query)
        offered: dict[str, list[tuple[str, Any]]] = {
            "level": [("", _("Any level")), *Level.choices],
            "check": [
                ("", _("All checks")),
                *((each.code, each.title) for each in registry.readiness_checks),
            ],
            "state": [("", _("Any state")), *((each.value, EventState(each).label) for each in AHEAD)],
            "who": [("", _("Everybody’s")), ("me", _("Mine"))],
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def narrowed(self) -> Mapping[str, Any]:
        self.is_valid()
        data = self.cleaned_data
        return {
            "text": data.get("q", ""),
            "level": Level(data["level"]) if data.get("level") else None,
            "check": data.get("check", ""),
            "state": data.get("state", ""),
            "mine": data.get("who") == "me",
        }


@require_GET
def readiness(request: ActorRequest, pk: int) -> HttpResponse:
    """An event's checks, worst first; its certificates; its trend."""
    frame, now = event_frame(request.actor, pk, TAB), clock.now()
    known = readiness_of([pk], now)[pk]
    names = owners_of(known)
    context = {
        "readiness": known,
        "checks": [
            (check, _shown(check, names), max(0, len(check.judged) - SHOWN)) for check in known.checks
        ],
        "trend": trend_of([pk], now),
        "certificates": certificates_for(request.actor, pk),
        "may_waive": may(request.actor, "event.waive", frame["event"]),
        "may_certify": may(request.actor, "event.certify", frame["event"]),
    }
    return render_page(request, "events/readiness.html", frame | context)


def _shown(check: CheckState, names: Mapping[int, str]) -> list[tuple[Judged, str, str]]:
    """Each finding with its address and the name of who has to mend it."""
    return [
        (each, href_of(each.finding.evidence), names.get(each.owner_id or 0, ""))
        for each in check.judged[:SHOWN]
    ]


@require_POST
def waive_check(request: ActorRequest, pk: int) -> HttpResponse:
    form = WaiveForm(request.POST)

    def act() -> None:
        if not form.is_valid():
            raise ValidationError(_("This can't be read; nothing was changed."))
        waive(actor=request.actor, event_id=pk, now=clock.now(), **form.cleaned_data)

    return deed(request, act, done=reverse(TAB, args=[pk]), said=_("Waived; the certificate will say so."))


@require_POST
def withdraw(request: ActorRequest, pk: int, waiver: int) -> HttpResponse:
    act = partial(withdraw_waiver, actor=request.actor, event_id=pk, waiver_id=waiver)
    return deed(request, act, done=reverse(TAB, args=[pk]), said=_("The check counts again."))


@require_GET
def board(request: ActorRequest) -> HttpResponse:
    """Events by checks, worst first."""
    require(request.actor, "event.see")
    form = NarrowForm(request.GET)
    found = board_for(request.actor, now=clock.now(), **form.narrowed)
    context = {
        "form": form,
        "board": found,
        "page": Paginator(found.rows, PER_PAGE).get_page(request.GET.get("page")),
        "crumbs": [{"label": _("Events"), "href": reverse("events")}],
    }
    return render_page(request, "events/readiness_board.html", context)
