"""Taking a room from a meeting that matters less: what has it, whether it may go, where to, and the deed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from convenor.base import clock
from convenor.base.forms import ActionForm
from convenor.base.permissions import require
from convenor.kernel.instants import Span, ZoneName, instant_of
from convenor.scheduling.actions.displacing import NewPlace, displace
from convenor.scheduling.forms.fields import MOST_KEY
from convenor.scheduling.queries.displacing import InTheWay, in_the_way_for
from convenor.scheduling.queries.page import MeetingPage, occurrence_page_for
from convenor.scheduling.refusals import RoomClashes
from convenor.scheduling.sentences.displacing import verdict_sentence
from convenor.scheduling.sentences.reasons import Said, reasons_of
from convenor.scheduling.sentences.words import when
from convenor.venues.queries.rooms import rooms_for
from convenor.web.form_pages import REFUSED
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest

TEMPLATE = "meetings/displace.html"


class PlacesForm(ActionForm):
    """displace, but for the places, which are one field a meeting."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    room_id = forms.IntegerField(min_value=1, max_value=MOST_KEY)


@dataclass(frozen=True, slots=True)
class ShownOffer:
    """`value` is what the browser sends back."""

    value: str
    when: str
    rooms: str
    reasons: Sequence[Said]


@dataclass(frozen=True, slots=True)
class ShownWay:
    way: InTheWay
    sentence: str
    name: str
    when: str
    offers: Sequence[ShownOffer]


@require_http_methods(["GET", "POST"])
def displacing(request: ActorRequest, pk: int) -> HttpResponse:
    """`?room=` names the room that is wanted at the occurrence's own time."""
    page = occurrence_page_for(request.actor, pk, now=clock.now())
    require(request.actor, "meeting.edit", page.meeting)
    form = PlacesForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            places = places_in(request.POST)
            displace(
                actor=request.actor, occurrence_id=pk, places=places, now=clock.now(), **form.cleaned_data
            )
        except RoomClashes as error:
            for clash in error.clashes:
                form.add_error(None, clash.sentence)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The room is yours; whoever had it has been given the new place."))
            return redirect("occurrence", pk)
    return shown(request, page, form)


def shown(request: ActorRequest, page: MeetingPage, form: PlacesForm) -> HttpResponse:
    wanted = request.GET.get("room", "")
    room_id = int(wanted) if wanted.isdecimal() and len(wanted) < 19 else None
    ways = (
        in_the_way_for(request.actor, page.shown.id, room_id, now=clock.now())
        if room_id and page.shown
        else []
    )
    context = {
        "page": page,
        "meeting": page.meeting,
        "form": form,
        "rooms": rooms_for(request.actor).prefetch_related(None),
        "room_id": room_id,
        "ways": [shown_way(each) for each in ways],
        "may_all": bool(ways) and all(each.offers for each in ways),
    }
    return render_page(request, TEMPLATE, context, status=REFUSED if form.errors else 200)


def shown_way(way: InTheWay) -> ShownWay:
    found = way.found
    offers = [
        ShownOffer(
            value=f"{way.version}|{offer.starts_at.isoformat()}|{offer.ends_at.isoformat()}|{offer.room_id or ''}",
            when=when(offer.slot.span, found.request.zone),
            rooms=", ".join(found.room_names(offer.slot.rooms)),
            reasons=reasons_of(found, offer.slot),
        )
        for offer in way.offers
        if found is not None
    ]
    return ShownWay(way, verdict_sentence(way.verdict), f"place_{way.occurrence_id}", _time(way), offers)


def _time(way: InTheWay) -> str:
    span = Span(instant_of(way.starts_at), instant_of(way.ends_at))
    return when(span, ZoneName(way.zone))


def places_in(data: QueryDict) -> list[NewPlace]:
    """The places chosen; raises ValidationError for what no button of ours sends."""
    chosen = {name.removeprefix("place_"): text for name, text in data.items() if name.startswith("place_")}
    try:
        return [_place(int(key), str(text)) for key, text in chosen.items()]
    except (ValueError, OverflowError) as error:
        raise ValidationError(_("This can't be read; nothing was changed.")) from error


def _place(occurrence_id: int, text: str) -> NewPlace:
    version, start, end, room = text.split("|")
    starts_at, ends_at = datetime.fromisoformat(start), datetime.fromisoformat(end)
    if starts_at.tzinfo is None or ends_at.tzinfo is None or occurrence_id > MOST_KEY:
        raise ValueError(text)
    return NewPlace(occurrence_id, int(version), starts_at, ends_at, int(room) if room else None)
