"""How the company and those it works with are made up: departments, organisations, cost bands."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from convenor.base.permissions import require
from convenor.people.actions.organisation import (
    change_cost_band,
    change_department,
    change_organisation,
    create_cost_band,
    create_department,
    create_organisation,
    retire_department,
)
from convenor.people.forms import ActorForm, CostBandForm, DepartmentForm, OrganisationForm
from convenor.people.queries.people import (
    cost_band_for,
    cost_bands_for,
    department_for,
    department_tree_for,
    organisation_for,
    organisations_for,
)
from convenor.web.form_pages import deed, form_page, posted
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest
from convenor.web.settings_tabs import frame_for

TAB = "settings.departments"
FORM = ["GET", "HEAD", "POST"]


@require_GET
def departments(request: ActorRequest) -> HttpResponse:
    require(request.actor, "organisation.edit")
    context = {
        "tree": department_tree_for(request.actor),
        "organisations": organisations_for(request.actor),
        "cost_bands": cost_bands_for(request.actor),
    }
    return render_page(request, "settings/departments.html", context | frame_for(request.actor, TAB))


@require_http_methods(FORM)
def new_department(request: ActorRequest) -> HttpResponse:
    own = organisations_for(request.actor).first()
    form = DepartmentForm(posted(request), actor=request.actor, initial={"organisation": own})
    return _page(request, form, create_department, _("New department"))


@require_http_methods(FORM)
def edit_department(request: ActorRequest, pk: int) -> HttpResponse:
    row = department_for(request.actor, pk)
    form = DepartmentForm(posted(request), actor=request.actor, initial=DepartmentForm.initial_of(row))
    return _page(request, form, partial(change_department, department_id=pk), row.name)


@require_POST
def drop_department(request: ActorRequest, pk: int) -> HttpResponse:
    act = partial(retire_department, actor=request.actor, department_id=pk)
    return deed(request, act, done=reverse(TAB), said=_("The department is off the list."))


@require_http_methods(FORM)
def new_organisation(request: ActorRequest) -> HttpResponse:
    form = OrganisationForm(posted(request), actor=request.actor)
    return _page(request, form, create_organisation, _("New organisation"))


@require_http_methods(FORM)
def edit_organisation(request: ActorRequest, pk: int) -> HttpResponse:
    row = organisation_for(request.actor, pk)
    form = OrganisationForm(posted(request), actor=request.actor, initial=OrganisationForm.initial_of(row))
    return _page(request, form, partial(change_organisation, organisation_id=pk), row.name)


@require_http_methods(FORM)
def new_cost_band(request: ActorRequest) -> HttpResponse:
    form = CostBandForm(posted(request), actor=request.actor)
    return _page(request, form, create_cost_band, _("New cost band"))


@require_http_methods(FORM)
def edit_cost_band(request: ActorRequest, pk: int) -> HttpResponse:
    row = cost_band_for(request.actor, pk)
    form = CostBandForm(posted(request), actor=request.actor, initial=CostBandForm.initial_of(row))
    return _page(request, form, partial(change_cost_band, cost_band_id=pk), row.name)


def _page(request: ActorRequest, form: ActorForm, act: Callable[..., Any], title: str) -> HttpResponse:
    require(request.actor, "organisation.edit")
    return form_page(
        request,
        form,
        partial(act, actor=request.actor),
        done=lambda _row: reverse(TAB),
        said=_("Saved."),
        template="settings/form.html",
        context=frame_for(request.actor, TAB, title),
    )
