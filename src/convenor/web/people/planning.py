"""A person's working hours, exceptions, leave and delegations."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from convenor.base.permissions import require
from convenor.people.actions.availability import (
    add_leave,
    add_working_exception,
    remove_working_exception,
    set_working_hours,
    withdraw_leave,
)
from convenor.people.actions.delegation import grant_delegation, withdraw_delegation
from convenor.people.forms import DelegationForm, LeaveForm, WorkingExceptionForm, WorkingHoursForm
from convenor.people.queries.people import (
    leave_for,
    person_for,
    working_exceptions_for,
    working_week_for,
)
from convenor.web.form_pages import deed, form_page, posted
from convenor.web.requests import ActorRequest

FORM = ["GET", "HEAD", "POST"]


@require_http_methods(FORM)
def hours(request: ActorRequest, pk: int) -> HttpResponse:
    person = person_for(request.actor, pk)
    require(request.actor, "person.edit_availability", person)
    initial = WorkingHoursForm.initial_of(working_week_for(request.actor, person))
    return form_page(
        request,
        WorkingHoursForm(posted(request), initial=initial),
        partial(set_working_hours, actor=request.actor, person_id=pk),
        done=lambda _none: _page(pk),
        said=_("The hours are saved."),
        template="people/hours.html",
        context=_frame(_("Working hours of %(name)s") % {"name": person}, pk),
    )


@require_http_methods(FORM)
def exceptions(request: ActorRequest, pk: int) -> HttpResponse:
    """Days with other hours than the weekday's."""
    person = person_for(request.actor, pk)
    require(request.actor, "person.edit_availability", person)
    rows = working_exceptions_for(request.actor, person)
    return form_page(
        request,
        WorkingExceptionForm(posted(request)),
        partial(add_working_exception, actor=request.actor, person_id=pk),
        done=lambda _row: reverse("person.exceptions", args=[pk]),
        said=_("The day is on record."),
        template="people/exceptions.html",
        context=_frame(_("Days with other hours: %(name)s") % {"name": person}, pk)
        | {"person": person, "rows": rows},
    )


@require_POST
def drop_exception(request: ActorRequest, pk: int, exception: int) -> HttpResponse:
    act = partial(remove_working_exception, actor=request.actor, person_id=pk, exception_id=exception)
    return deed(
        request, act, done=reverse("person.exceptions", args=[pk]), said=_("Back to the usual hours.")
    )


@require_http_methods(FORM)
def leave(request: ActorRequest, pk: int) -> HttpResponse:
    person = person_for(request.actor, pk)
    require(request.actor, "person.edit_availability", person)
    return form_page(
        request,
        LeaveForm(posted(request), actor=request.actor),
        partial(add_leave, actor=request.actor, person_id=pk),
        done=lambda _row: reverse("person.leave", args=[pk]),
        said=_("The leave is on record. Meetings in it show as conflicts."),
        template="people/leave.html",
        context=_frame(_("Leave of %(name)s") % {"name": person}, pk)
        | {"person": person, "rows": leave_for(request.actor, person)},
    )


@require_POST
def drop_leave(request: ActorRequest, pk: int, leave: int) -> HttpResponse:
    act = partial(withdraw_leave, actor=request.actor, person_id=pk, leave_id=leave)
    return deed(request, act, done=reverse("person.leave", args=[pk]), said=_("The leave is withdrawn."))


@require_http_methods(FORM)
def delegate(request: ActorRequest, pk: int) -> HttpResponse:
    """Let somebody work in this person's name."""
    person = person_for(request.actor, pk)
    return form_page(
        request,
        DelegationForm(posted(request), actor=request.actor),
        partial(grant_delegation, actor=request.actor, principal_id=pk),
        done=lambda _row: _page(pk),
        said=_("The delegation is granted."),
        template="people/form.html",
        context=_frame(_("A delegate for %(name)s") % {"name": person}, pk),
    )


@require_POST
def drop_delegation(request: ActorRequest, pk: int, delegation: int) -> HttpResponse:
    act = partial(withdraw_delegation, actor=request.actor, delegation_id=delegation)
    return deed(request, act, done=_page(pk), said=_("The delegation is withdrawn."))


def _page(pk: int) -> str:
    return reverse("person", args=[pk])


def _frame(title: str, pk: int) -> dict[str, Any]:
    return {"title": title, "back": _page(pk), "crumbs": [{"label": _("People"), "href": reverse("people")}]}
