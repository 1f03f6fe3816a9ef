"""An event's People tab: the list with its filter, who comes on and goes off, who works for it, how they sit."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from convenor.base import clock
from convenor.base.permissions import require
from convenor.events.actions.parties import add_parties, add_party, remove_party, set_contacts
from convenor.events.drafts import ContactDraft
from convenor.events.forms.people import (
    AddPeopleForm,
    ContactsForm,
    PartyForm,
    PeopleFilter,
    contacts_initial,
    party_initial,
)
from convenor.events.queries.overview import contacts_of
from convenor.events.queries.parties import parties_of_event, party_of, seating_of
from convenor.web.events.frame import event_frame
from convenor.web.form_pages import REFUSED, deed, posted
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest

PER_PAGE = 50
TEMPLATE = "events/people.html"
FRAGMENTS = {"found": "found"}
FORM = ["GET", "HEAD", "POST"]


@require_GET
def people(request: ActorRequest, pk: int) -> HttpResponse:
    return shown(request, pk, AddPeopleForm(actor=request.actor))


def shown(request: ActorRequest, pk: int, adding: AddPeopleForm, *, status: int = 200) -> HttpResponse:
    frame = event_frame(request.actor, pk, "event.people")
    form = PeopleFilter(request.GET or None, auto_id="filter_%s")  # "role" is in the other form too
    rows = parties_of_event(frame["event"], **form.asked)
    context = {
        **frame,
        "form": form,
        "adding": adding,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "contacts": contacts_of(frame["event"]),
        "is_filtered": any(form.asked.values()),
    }
    return render_page(request, TEMPLATE, context, fragments=FRAGMENTS, status=status)


@require_POST
def add(request: ActorRequest, pk: int) -> HttpResponse:
    """Several people at once in one role; who is on the list already stays as they are."""
    form = AddPeopleForm(request.POST, actor=request.actor)
    if form.is_valid():
        try:
            count = add_parties(actor=request.actor, event_id=pk, drafts=form.drafts, now=clock.now())
        except ValidationError as error:
            form.refuse(error)
        else:
            said = ngettext("%(count)d person came on the list.", "%(count)d people came on the list.", count)
            messages.success(request, said % {"count": count})
            return redirect("event.people", pk)
    return shown(request, pk, form, status=REFUSED)


@require_http_methods(FORM)
def party(request: ActorRequest, pk: int, person: int) -> HttpResponse:
    """Somebody's role, place in the order, host, arrival and badge."""
    frame = event_frame(request.actor, pk, "event.people")
    require(request.actor, "event.edit", frame["event"])
    row = party_of(frame["event"], person)
    form = PartyForm(posted(request), actor=request.actor, initial=party_initial(row, frame["event"]))
    if request.method == "POST" and form.is_valid():
        draft = form.draft(person)
        if _done(form, partial(add_party, actor=request.actor, event_id=pk, draft=draft, now=clock.now())):
            messages.success(request, _("Saved."))
            return redirect("event.people", pk)
    context = {**frame, "form": form, "title": row.person.name, "back": reverse("event.people", args=[pk])}
    return render_page(request, "events/tab_form.html", context, status=_status(form))


@require_POST
def remove(request: ActorRequest, pk: int, person: int) -> HttpResponse:
    act = partial(remove_party, actor=request.actor, event_id=pk, person_id=person, now=clock.now())
    return deed(request, act, done=reverse("event.people", args=[pk]), said=_("Taken off the list."))


@require_http_methods(FORM)
def contacts(request: ActorRequest, pk: int) -> HttpResponse:
    """Who works for the event, by service."""
    frame = event_frame(request.actor, pk, "event.people")
    require(request.actor, "event.edit", frame["event"])
    form = ContactsForm(posted(request), actor=request.actor, initial=contacts_initial(frame["event"]))
    if request.method == "POST" and form.is_valid():
        drafts: list[ContactDraft] = form.drafts
        if _done(
            form, partial(set_contacts, actor=request.actor, event_id=pk, drafts=drafts, now=clock.now())
        ):
            messages.success(request, _("Saved."))
            return redirect("event.people", pk)
    context = {
        **frame,
        "form": form,
        "title": gettext_lazy("Who works for it"),
        "back": reverse("event.people", args=[pk]),
    }
    return render_page(request, "events/tab_form.html", context, status=_status(form))


@require_GET
def seating(request: ActorRequest, pk: int) -> HttpResponse:
    """The order in which people sit, to be printed."""
    frame = event_frame(request.actor, pk, "event.people")
    return render_page(request, "events/seating.html", {**frame, "rows": seating_of(frame["event"])})


def _done(form: Any, act: Any) -> bool:
    try:
        act()
    except ValidationError as error:
        form.refuse(error)
        return False
    return True


def _status(form: Any) -> int:
    return REFUSED if form.is_bound and form.errors else 200
