"""The public programme: published and taken back by those who run the event, read by everybody who has its address."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from convenor.base import clock
from convenor.base.permissions import may
from convenor.events.actions.publishing import publish as publish_event
from convenor.events.actions.publishing import unpublish as unpublish_event
from convenor.events.queries.programme import functions_for
from convenor.events.queries.public import public_programme
from convenor.events.queries.visibility import event_for
from convenor.events.sentences.programme_paper import programme_pdf
from convenor.web.form_pages import deed
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest
from convenor.web.served import pdf_answer


@login_not_required
@require_safe
def programme(request: ActorRequest, token: str) -> HttpResponse:
    """404 for any secret that opens nothing: nobody learns that there was something."""
    found = public_programme(token)
    if found is None:
        raise Http404
    days = [(day, list(rows)) for day, rows in groupby(found.functions, key=lambda each: each.starts.date())]
    context = {"programme": found, "days": days, "token": token}
    answer = render_page(request, "events/public.html", context)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Cache-Control"] = "private, max-age=0, must-revalidate"
    return answer


@require_POST
def publish(request: ActorRequest, pk: int) -> HttpResponse:
    act = partial(publish_event, actor=request.actor, event_id=pk, now=clock.now())
    return deed(
        request, act, done=_tab(pk), said=_("The programme is public for everybody who has its address.")
    )


@require_POST
def unpublish(request: ActorRequest, pk: int) -> HttpResponse:
    act = partial(unpublish_event, actor=request.actor, event_id=pk, now=clock.now())
    return deed(request, act, done=_tab(pk), said=_("The address opens nothing any more."))


@require_GET
def pdf(request: ActorRequest, pk: int) -> HttpResponse:
    """The whole programme for the staff, to be printed."""
    event = event_for(request.actor, pk)
    rows = functions_for(request.actor, pk)
    return pdf_answer(programme_pdf(event, rows, now=clock.now()), f"{event.key}.pdf")


def public_panel(request: ActorRequest, event: Any) -> dict[str, Any]:
    """What the tab shows of the public programme: the whole address, to be passed on."""
    token = event.public_token
    address = request.build_absolute_uri(reverse("public_programme", args=[token])) if token else ""
    return {"may_publish": may(request.actor, "event.publish", event), "public_address": address}


def _tab(pk: int) -> str:
    return reverse("event.programme", args=[pk])
