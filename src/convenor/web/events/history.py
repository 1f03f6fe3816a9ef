"""All that is on record about an event and its parts, newest first."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from convenor.base.audit_words import in_words
from convenor.events.queries.history import event_history_for
from convenor.web.audit_words import WORDS
from convenor.web.events.frame import event_frame
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest, key_in

PER_PAGE = 50


@require_GET
def history(request: ActorRequest, pk: int) -> HttpResponse:
    """Fifty to a page, by the key of the entry that the page before ended with."""
    oldest = key_in(request.GET.get("before", ""))
    entries = event_history_for(request.actor, pk, before=oldest, most=PER_PAGE)
    context = {
        "entries": in_words(entries, WORDS),
        "older": entries[-1].pk if len(entries) == PER_PAGE else None,
        "is_first": oldest is None,
    }
    return render_page(
        request, "events/history.html", event_frame(request.actor, pk, "event.history") | context
    )
