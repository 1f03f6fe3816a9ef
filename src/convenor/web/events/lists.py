"""The events that the reader may see: as a list with filters that can be kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from convenor.base.changes import sentences
from convenor.base.permissions import may, require
from convenor.events.actions.saved_view import drop_view, save_view
from convenor.events.queries.listed import events_for, saved_views_for
from convenor.web.days import reader_zone
from convenor.web.events.filters import EventsForm, SaveViewForm
from convenor.web.form_pages import deed
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest

PER_PAGE = 50
COLUMNS = (
    ("title", gettext_lazy("Event")),
    ("starts", gettext_lazy("When")),
    ("state", gettext_lazy("State")),
    ("owner", gettext_lazy("Coordinator")),
)
VIEWS = (
    ("events", gettext_lazy("List")),
    ("events.board", gettext_lazy("Board")),
    ("events.calendar", gettext_lazy("Calendar")),
)


def frame_of(request: ActorRequest, form: EventsForm, current: str) -> dict[str, Any]:
    """What the list, the board and the calendar share. Refused for those from outside."""
    query = form.query
    return {
        "form": form,
        "here": reverse(current),
        "query": query,
        "may_create": may(request.actor, "event.create"),
        "may_plan": may(request.actor, "plan.apply"),
        "saved": [
            {"pk": each.pk, "name": each.name, "query": each.query, "current": each.query == query}
            for each in saved_views_for(request.actor)
        ],
        "views": [
            {"label": label, "href": f"{reverse(name)}?{query}", "current": name == current}
            for name, label in VIEWS
        ],
    }


@require_GET
def events(request: ActorRequest) -> HttpResponse:
    require(request.actor, "event.see")
    form = EventsForm(request.GET, actor=request.actor, zone=reader_zone())
    page = Paginator(events_for(request.actor, form.asked), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **frame_of(request, form, "events"),
        "page": _titled(page, form),
        "columns": [_column(form, name, label) for name, label in COLUMNS],
    }
    return render_page(request, "events/events.html", context, fragments={"found": "found"})


def _titled(page: Any, form: EventsForm) -> Any:
    """The page's events with the titles of their classes."""
    for event in page.object_list:
        code = event.class_version.event_class.code
        event.class_title = form.titles.get(code, code)
    return page


def _column(form: EventsForm, name: str, label: Any) -> dict[str, Any]:
    order = {name: "ascending", f"-{name}": "descending"}.get(form.asked.sort, "")
    return {"label": label, "href": f"{reverse('events')}?{form.with_sort(name)}", "order": order}


@require_POST
def keep(request: ActorRequest) -> HttpResponse:
    """Keep the present filter under a name."""
    form = SaveViewForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError(form.errors.as_data())
        save_view(actor=request.actor, **form.cleaned_data)
    except ValidationError as error:
        for texts in sentences(error).values():
            messages.error(request, " ".join(texts))
    else:
        messages.success(request, _("The filter is kept."))
    return redirect(f"{reverse('events')}?{form.cleaned_data.get('query', '')}")


@require_POST
def drop(request: ActorRequest, pk: int) -> HttpResponse:
    """Keep a filter no longer."""

    def act() -> None:
        drop_view(actor=request.actor, view_id=pk)

    return deed(request, act, done=reverse("events"), said=_("The filter is gone."))
