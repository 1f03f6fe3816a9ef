"""An event's page for its class's newer version: what holds by itself, what may be taken over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from convenor.base import clock
from convenor.base.changes import sentences
from convenor.base.permissions import require
from convenor.events.actions.upgrade import bring_up_to_date
from convenor.events.queries.classes import policy_of
from convenor.events.queries.upgrade import preview_of
from convenor.web.events.classes import number_from
from convenor.web.events.frame import event_frame
from convenor.web.form_pages import REFUSED
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest


@require_http_methods(["GET", "POST"])
def upgrade(request: ActorRequest, pk: int) -> HttpResponse:
    """GET previews, POST with `take` does it; what it refuses is said above a fresh preview."""
    refused: list[str] = []
    take = set(request.POST.getlist("take"))
    if request.method == "POST":
        seen = number_from(request.POST, "seen")
        try:
            bring_up_to_date(actor=request.actor, event_id=pk, take=take, now=clock.now(), seen=seen)
        except ValidationError as error:
            refused = [text for texts in sentences(error).values() for text in texts]
        else:
            messages.success(request, _("The event is up to date with its class."))
            return redirect("event", pk)
    context = _context(request, pk, take if refused else None)
    return render_page(
        request,
        "events/class_upgrade.html",
        {**context, "refused": refused},
        status=REFUSED if refused else 200,
    )


def _context(request: ActorRequest, pk: int, taken: set[str] | None) -> dict[str, Any]:
    """`taken` is what was ticked before a refusal."""
    frame = event_frame(request.actor, pk, "event")
    event = frame["event"]
    require(request.actor, "event.edit", event)
    language = get_language() or "en"
    preview = preview_of(event, language=language, now=clock.now())
    offers = [
        (each, each.is_ticked if taken is None else each.change.name in taken)
        for each in preview.upgrade.offers
    ]
    title = policy_of(preview.new).title.to(language)
    return frame | {"preview": preview, "offers": offers, "class_title": title}
