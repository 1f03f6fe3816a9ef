"""What those on a roll need: counts for all who read the roll, who needs what for those who run the event."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from convenor.attendance.queries.exports import title_of
from convenor.attendance.queries.needs import needs_of_roll, who_needs_what
from convenor.attendance.queries.visibility import roll_for
from convenor.attendance.sentences.needs import access_rows, access_words, diet_rows, diet_words
from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.web.events.frame import event_frame, under
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest

TAB = "event.roll"
PER_PAGE = 100


@require_GET
def needs(request: ActorRequest, pk: int) -> HttpResponse:
    roll = roll_for(request.actor, pk)
    may_see = may(request.actor, "roll.see_needs", roll.event)
    found = who_needs_what(request.actor, roll) if may_see else []
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": title_of(roll.function) if roll.function else roll.event.title,
        "may_see_needs": may_see,
        "page": page,
        "named": [(each, diet_words(each.needs), access_words(each.needs)) for each in page],
    }
    panel = needs_panel(request.actor, roll) | {"needs_href": ""}
    frame = under(event_frame(request.actor, roll.event_id, TAB))
    return render_page(request, "roll/needs.html", frame | panel | context)


def needs_panel(actor: Actor, roll: Any) -> dict[str, Any]:
    """The context of roll/needs_panel.html, for a roll that the actor has been found to see: labels and numbers.

    `needs_href` leads to the names, for those who may read them.
    """
    counts = needs_of_roll(roll)
    may_see = bool(counts) and may(actor, "roll.see_needs", roll.event)
    return {
        "diet_counts": diet_rows(counts),
        "access_counts": access_rows(counts),
        "needs_href": reverse("roll.needs", args=[roll.pk]) if may_see else "",
    }
