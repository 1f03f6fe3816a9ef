"""The directory and a person's page."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from convenor.people.queries.people import people_for, person_for
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest


@require_GET
def people(request: ActorRequest) -> HttpResponse:
    return render_page(request, "people/people.html", {"people": people_for(request.actor)[:50]})


@require_GET
def person(request: ActorRequest, pk: int) -> HttpResponse:
    return render_page(request, "people/person.html", {"person": person_for(request.actor, pk)})
