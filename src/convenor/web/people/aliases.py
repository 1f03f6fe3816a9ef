"""Other addresses that a person writes from."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from convenor.base.permissions import require
from convenor.people.actions.alias import add_alias, remove_alias
from convenor.people.forms import AliasForm
from convenor.people.queries.people import aliases_for, person_for
from convenor.web.form_pages import deed, form_page, posted
from convenor.web.requests import ActorRequest


@require_http_methods(["GET", "HEAD", "POST"])
def aliases(request: ActorRequest, pk: int) -> HttpResponse:
    person = person_for(request.actor, pk)
    require(request.actor, "person.edit_own", person)
    return form_page(
        request,
        AliasForm(posted(request)),
        partial(add_alias, actor=request.actor, person_id=pk),
        done=lambda _row: reverse("person.aliases", args=[pk]),
        said=_("Answers from there count from now on."),
        template="people/aliases.html",
        context={
            "title": _("Other addresses of %(name)s") % {"name": person},
            "back": reverse("person", args=[pk]),
            "crumbs": [{"label": _("People"), "href": reverse("people")}],
            "person": person,
            "rows": aliases_for(request.actor, person),
        },
    )


@require_POST
def drop(request: ActorRequest, pk: int, alias: int) -> HttpResponse:
    act = partial(remove_alias, actor=request.actor, person_id=pk, alias_id=alias)
    return deed(request, act, done=reverse("person.aliases", args=[pk]), said=_("The address is removed."))
