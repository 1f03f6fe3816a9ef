"""What is done with many seats at once: first what would come of it, then the deed."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from convenor.attendance.actions.many_seats import Coming, change_seats, rehearsed
from convenor.attendance.forms.seats import SeatsDeedForm
from convenor.attendance.queries.seats import departments_on, seat_keys
from convenor.attendance.queries.visibility import roll_for
from convenor.base import clock
from convenor.base.changes import sentences
from convenor.web.events.frame import event_frame, under
from convenor.web.form_pages import REFUSED
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest, key_in
from convenor.web.rolls.filters import SeatsForm
from convenor.web.rolls.lines import TONES
from convenor.web.rolls.page import allotment_names, title_of
from convenor.web.rolls.views import TAB, address_of

TEMPLATE = "roll/deed.html"


@require_POST
def choose(request: ActorRequest, pk: int) -> HttpResponse:
    """Without `sure` a page that says what would become of each, and who would be offered what comes free."""
    roll = roll_for(request.actor, pk, "roll.edit")
    form = SeatsDeedForm(request.POST, allotments=allotment_names(roll))
    back = f"{address_of(request, pk)}?{_filter(roll, request.POST).query.urlencode()}".rstrip("?")
    keys = _keys(roll, form, request.POST) if form.is_valid() else []
    if not keys:
        messages.error(request, _("Choose who it is about, and what to do."))
        return redirect(back)
    wish = {"roll_id": pk, "seat_ids": keys, "state": form.state, "reason": form.cleaned_data["reason"]}
    if form.state is None:
        wish["allotment_id"] = form.allotment_id
    act = partial(change_seats, actor=request.actor, now=clock.now(), **wish)
    if form.cleaned_data["sure"]:
        return _done(request, act, back)
    return _preview(request, roll, form, act, keys, back)


def _done(request: ActorRequest, act: Any, back: str) -> HttpResponse:
    try:
        count = act()
    except ValidationError as error:
        for texts in sentences(error).values():
            messages.error(request, " ".join(texts))
    else:
        said = ngettext("%(count)d seat is changed.", "%(count)d seats are changed.", count)
        messages.success(request, said % {"count": count})
    return redirect(back)


def _preview(
    request: ActorRequest, roll: Any, form: SeatsDeedForm, act: Any, keys: list[int], back: str
) -> HttpResponse:
    refused: list[str] = []
    coming = Coming()
    try:
        coming = rehearsed(act, roll, keys)
    except ValidationError as error:
        refused = error.messages
    deeds = dict(form.fields["deed"].choices)  # type: ignore[attr-defined]  # a ChoiceField
    context = {
        **under(event_frame(request.actor, roll.event_id, TAB)),
        "roll": roll,
        "title": title_of(roll),
        "form": form,
        "label": deeds.get(form.cleaned_data["deed"], _("Move to an allotment")),
        "keys": ",".join(str(key) for key in keys),
        "query": _filter(roll, request.POST).query,
        "coming": coming,
        "refused": refused,
        "tones": TONES,
        "back": back,
    }
    return render_page(request, TEMPLATE, context, status=REFUSED if refused else 200)


def _filter(roll: Any, data: QueryDict) -> SeatsForm:
    """The list's filter, which the form carries along as `filter`."""
    return SeatsForm(QueryDict(data.get("filter", "")[:2_000]), departments=partial(departments_on, roll))


def _keys(roll: Any, form: SeatsDeedForm, data: QueryDict) -> list[int]:
    """Those that the preview was of, else those that were ticked, else all that the filter shows."""
    if form.cleaned_data["keys"]:
        return [key for text in form.cleaned_data["keys"].split(",") if (key := key_in(text)) is not None]
    if form.cleaned_data["everybody"]:
        return seat_keys(roll, _filter(roll, data).asked)
    return list(form.cleaned_data["seat"])
