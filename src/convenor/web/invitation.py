"""The page behind the links in an invitation: no sign-in, one meeting, one person. Looking at it changes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from convenor.base import clock
from convenor.base.forms import ActionForm, TextField, WallClockField
from convenor.kernel.instants import (
    Instant,
    LocalTime,
    ZoneName,
    datetime_of,
    instant_of,
    to_instant,
    to_local,
)
from convenor.people.queries.actors import standing_in_for
from convenor.scheduling.actions.counter import propose as propose_time
from convenor.scheduling.actions.response import ANSWERS, Written, respond
from convenor.scheduling.enums import PartStat, Scope
from convenor.scheduling.forms.fields import MOST_KEY
from convenor.scheduling.queries.answer_page import AnswerPage, answer_page
from convenor.scheduling.rules.answer_links import AnswerLink, read_answer_token
from convenor.web.form_pages import deed
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest

TEMPLATE = "meetings/invitation.html"
LONGEST_COMMENT = 300
ALL = "all"
SAID = {
    PartStat.ACCEPTED: gettext_lazy("Thank you. You have answered with yes."),
    PartStat.TENTATIVE: gettext_lazy("Thank you. You have answered with maybe."),
    PartStat.DECLINED: gettext_lazy("Thank you. You have answered with no."),
}


class AnswerForm(ActionForm):
    """respond, for the date with that key or for all that aren't over."""

    date = forms.CharField(max_length=20)
    partstat = forms.TypedChoiceField(choices=[(each, each) for each in ANSWERS], coerce=PartStat)
    comment = TextField(
        lines=3, required=False, max_length=LONGEST_COMMENT, label=gettext_lazy("Your comment")
    )


class OtherTimeForm(ActionForm):
    """propose; times by the reader's clocks."""

    occurrence_id = forms.IntegerField(min_value=1, max_value=MOST_KEY, widget=forms.HiddenInput)
    starts = WallClockField(label=gettext_lazy("Starts"))
    ends = WallClockField(label=gettext_lazy("Ends"))
    comment = TextField(lines=2, required=False, max_length=LONGEST_COMMENT, label=gettext_lazy("Why"))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: ActorRequest, token: str) -> HttpResponse:
    """404 for a link that isn't ours: nobody learns that there was something."""
    link, page = _opened(token)
    if request.method == "POST":
        return _answered(request, link, page, token)
    chosen = request.GET.get("answer", "")
    context = _context(link, page) | {
        "chosen": chosen if chosen in ANSWERS else "",
        "was": _moved_from(page, request.GET.get("at", "")),
        "token": token,
    }
    with timezone.override(ZoneInfo(page.reader.zone)):
        return _private(render_page(request, TEMPLATE, context))


@login_not_required
@require_POST
def propose(request: ActorRequest, token: str) -> HttpResponse:
    """Another time, for the organiser to decide on."""
    _link, page = _opened(token)
    form = OtherTimeForm(request.POST)

    def act() -> None:
        values = _clean(form, page)
        zone = ZoneName(page.reader.zone)
        propose_time(
            actor=_reader(page),
            occurrence_id=values["occurrence_id"],
            person_id=page.reader.person_id,
            starts_at=datetime_of(to_instant(values["starts"], zone)),
            ends_at=datetime_of(to_instant(values["ends"], zone)),
            comment=values["comment"],
            now=clock.now(),
        )

    said = _("Thank you. %(name)s will look at the time that you propose.") % {"name": page.organiser}
    return deed(request, act, done=_address(token), said=said)


def _answered(request: ActorRequest, link: AnswerLink, page: AnswerPage, token: str) -> HttpResponse:
    form = AnswerForm(request.POST)
    said = SAID[form.cleaned_data["partstat"]] if form.is_valid() else ""

    def act() -> None:
        values, now = _clean(form, page), clock.now()
        whole = values["date"] == ALL
        respond(
            actor=_reader(page),
            occurrence_id=page.dates[0].occurrence_id if whole else _key(values["date"], page),
            person_id=link.person_id,
            partstat=values["partstat"],
            scope=Scope.ALL if whole else Scope.ONE,
            written=Written(now, values["comment"]),
            now=now,
        )

    return deed(request, act, done=_address(token), said=said)


def _opened(token: str) -> tuple[AnswerLink, AnswerPage]:
    link = read_answer_token(token)
    page = answer_page(link, clock.now()) if link else None
    if link is None or page is None:
        raise Http404
    return link, page


def _clean(form: ActionForm, page: AnswerPage) -> dict[str, Any]:
    """Raises ValidationError with what the reader can mend."""
    if not page.may_answer:
        raise ValidationError(_("There is nothing to answer any more."))
    if not form.is_valid():
        named = [
            f"{form.fields[name].label}: {' '.join(map(str, texts))}" for name, texts in form.errors.items()
        ]
        known = form.fields.keys() - {"date", "partstat", "occurrence_id"}
        sentence = _("This can't be read; nothing was changed.")
        raise ValidationError(named if form.errors.keys() <= known else sentence)
    return form.cleaned_data


def _key(text: str, page: AnswerPage) -> int:
    """The occurrence, which must be one of this meeting's that are shown."""
    keys = {str(each.occurrence_id): each.occurrence_id for each in page.dates}
    if text not in keys:
        raise ValidationError(_("There is nothing to answer any more."))
    return keys[text]


def _reader(page: AnswerPage) -> Any:
    return standing_in_for(
        page.reader.person_id, _("%(name)s, by a link in a mail") % {"name": page.reader.name}
    )


def _moved_from(page: AnswerPage, at: str) -> datetime | None:
    """When it was to begin by the mail with the link, if that is no longer so."""
    if page.shown is None or not page.shown.is_open or not (at.isascii() and at.isdigit() and len(at) < 12):
        return None
    moment = datetime_of(Instant(int(at)))
    return moment if moment != page.shown.starts_at else None


def _context(link: AnswerLink, page: AnswerPage) -> dict[str, Any]:
    shown = page.shown
    return {
        "page": page,
        "link_is_of_one": link.recurrence_id is not None,
        "shown": shown,
        "form": AnswerForm(),
        "other": OtherTimeForm(initial=_other_time(page), auto_id="other-%s")
        if shown and shown.is_open
        else None,
        "scope_is_open": len(page.dates) > 1,
    }


def _other_time(page: AnswerPage) -> dict[str, Any]:
    if page.shown is None:
        return {}
    zone = ZoneName(page.reader.zone)
    return {
        "occurrence_id": page.shown.occurrence_id,
        "starts": _on_clocks(page.shown.starts_at, zone),
        "ends": _on_clocks(page.shown.ends_at, zone),
    }


def _on_clocks(moment: datetime, zone: ZoneName) -> LocalTime:
    return to_local(instant_of(moment), zone)


def _address(token: str) -> str:
    return reverse("invitation.answer", args=[token])


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    return response
