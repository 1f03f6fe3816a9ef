"""My tasks, of all events: one's own and those of whom one acts for."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from convenor.base import clock
from convenor.events.queries.task_rows import grouped, my_tasks_for
from convenor.web.events.task_words import heading_of
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest


@require_GET
def my_tasks(request: ActorRequest) -> HttpResponse:
    """All of them; `?event=` those of one event."""
    rows = my_tasks_for(request.actor, clock.now())
    events = sorted({(row.event_title, row.event_id) for row in rows})
    wanted = request.GET.get("event", "")
    chosen = next((pk for _title, pk in events if str(pk) == wanted), None)
    shown = [row for row in rows if chosen is None or row.event_id == chosen]
    context = {
        "lists": [(heading_of(each.group), each) for each in grouped(shown)],
        "events": events,
        "chosen": chosen,
        "total": len(rows),
    }
    return render_page(request, "events/my_tasks.html", context)
