"""Another time that somebody proposes: what accepting it would break, and the two buttons."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from convenor.base import clock
from convenor.scheduling.actions.counter import accept, decline
from convenor.scheduling.queries.counters import counter_row_for, fit_of_counter_for
from convenor.web.form_pages import deed
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest


@require_GET
def counter(request: ActorRequest, pk: int) -> HttpResponse:
    """A page of its own; of lists, the part that says what it would break, fetched when the list is there."""
    row = counter_row_for(request.actor, pk)
    context = {
        "counter": row,
        "fit": fit_of_counter_for(request.actor, pk, now=clock.now()) if row.is_open else None,
        "crumbs": [{"label": row.title, "href": reverse("occurrence", args=[row.occurrence_id])}],
    }
    return render_page(request, "meetings/counter.html", context, fragments={f"counter-{pk}": "effects"})


@require_POST
def accepted(request: ActorRequest, pk: int) -> HttpResponse:
    row = counter_row_for(request.actor, pk)

    def act() -> None:
        accept(actor=request.actor, counter_id=pk, now=clock.now())

    return deed(request, act, done=_meeting(row.occurrence_id), said=_("Moved. Everybody is told."))


@require_POST
def declined(request: ActorRequest, pk: int) -> HttpResponse:
    row = counter_row_for(request.actor, pk)

    def act() -> None:
        comment = request.POST.get("comment", "").strip()[:300]
        decline(actor=request.actor, counter_id=pk, comment=comment, now=clock.now())

    said = _("Declined. %(name)s is told.") % {"name": row.person_name}
    return deed(request, act, done=_meeting(row.occurrence_id), said=said)


def _meeting(occurrence_id: int) -> str:
    return reverse("occurrence", args=[occurrence_id])
