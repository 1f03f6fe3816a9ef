"""The directory and a person's page."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from convenor.base import clock
from convenor.base.permissions import may
from convenor.people.queries.people import people_for
from convenor.web.pages import render_page
from convenor.web.people.directory import DirectoryForm
from convenor.web.people.page import page_of
from convenor.web.requests import ActorRequest

PER_PAGE = 50
FRAGMENTS = {"found": "found"}


@require_GET
def people(request: ActorRequest) -> HttpResponse:
    form = DirectoryForm(request.GET, actor=request.actor)
    page = Paginator(people_for(request.actor, **form.asked), PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {"form": form, "page": page, "may_edit": may(request.actor, "person.edit")}
    return render_page(request, "people/people.html", context, fragments=FRAGMENTS)


@require_GET
def person(request: ActorRequest, pk: int) -> HttpResponse:
    """Who, where and when: with what the reader may know of availability, meetings, leave, needs and delegation."""
    return render_page(request, "people/person.html", page_of(request.actor, pk, now=clock.now()))
