"""People entered, changed, deactivated with everything handed over, and taken back."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from convenor.base import clock
from convenor.base.permissions import may, require
from convenor.people.actions.person import (
    change_person,
    create_person,
    deactivate_person,
    reactivate_person,
    set_needs,
)
from convenor.people.forms import ContactForm, DeactivateForm, NeedsForm, PersonForm
from convenor.people.queries.leaving import holdings_for
from convenor.people.queries.people import needs_for, person_for
from convenor.web.form_pages import deed, form_page, posted
from convenor.web.requests import ActorRequest

TEMPLATE = "people/form.html"
FORM = ["GET", "HEAD", "POST"]


@require_http_methods(FORM)
def new(request: ActorRequest) -> HttpResponse:
    require(request.actor, "person.edit")
    return form_page(
        request,
        PersonForm(posted(request), actor=request.actor),
        partial(create_person, actor=request.actor),
        done=lambda person: reverse("person", args=[person.pk]),
        said=_("The person is on the list."),
        template=TEMPLATE,
        context=_frame(_("New person"), reverse("people")),
    )


@require_http_methods(FORM)
def edit(request: ActorRequest, pk: int) -> HttpResponse:
    """Everything for coordinators; phone and zone for people themselves and those who act for them."""
    person = person_for(request.actor, pk)
    require(request.actor, "person.edit_own", person)
    kind = PersonForm if may(request.actor, "person.edit", person) else ContactForm
    page = reverse("person", args=[pk])
    return form_page(
        request,
        kind(posted(request), actor=request.actor, initial=kind.initial_of(person)),
        partial(change_person, actor=request.actor, person_id=pk),
        done=lambda _person: page,
        said=_("Saved."),
        template=TEMPLATE,
        context=_frame(_("Change %(name)s") % {"name": person}, page),
    )


@require_http_methods(FORM)
def needs(request: ActorRequest, pk: int) -> HttpResponse:
    person = person_for(request.actor, pk)
    require(request.actor, "person.edit_needs", person)
    page = reverse("person", args=[pk])
    known = needs_for(request.actor, [pk]).get(pk)
    return form_page(
        request,
        NeedsForm(posted(request), initial=NeedsForm.initial_of(known)),
        partial(set_needs, actor=request.actor, person_id=pk),
        done=lambda _none: page,
        said=_("Saved."),
        template=TEMPLATE,
        context=_frame(_("Needs of %(name)s") % {"name": person}, page),
    )


@require_http_methods(FORM)
def deactivate(request: ActorRequest, pk: int) -> HttpResponse:
    """Shows what the person still holds, and asks who takes it over."""
    person = person_for(request.actor, pk)
    require(request.actor, "person.deactivate", person)
    page, now = reverse("person", args=[pk]), clock.now()
    frame = _frame(_("%(name)s leaves") % {"name": person}, page)
    return form_page(
        request,
        DeactivateForm(posted(request), actor=request.actor),
        partial(deactivate_person, actor=request.actor, person_id=pk, now=now),
        done=lambda _person: page,
        said=_("Deactivated; everything is handed over."),
        template="people/deactivate.html",
        context=frame | {"person": person, "held": holdings_for(request.actor, person, now)},
    )


@require_POST
def reactivate(request: ActorRequest, pk: int) -> HttpResponse:
    act = partial(reactivate_person, actor=request.actor, person_id=pk)
    return deed(request, act, done=reverse("person", args=[pk]), said=_("Active again, with the account."))


def _frame(title: str, back: str) -> dict[str, Any]:
    return {"title": title, "back": back, "crumbs": [{"label": _("People"), "href": reverse("people")}]}
