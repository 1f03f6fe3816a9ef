"""One's feeds: secret addresses at which another program reads a person's, a room's or a department's calendar."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from convenor.base import clock
from convenor.base.actor import Actor
from convenor.base.forms import ActionForm
from convenor.base.permissions import may
from convenor.interop.calendars.feeds import feed_address
from convenor.people.queries.people import department_tree_for, people_for, person_for
from convenor.scheduling.actions.feeds import create_feed, renew_feed, revoke_feed
from convenor.scheduling.queries.calendars import feeds_for
from convenor.venues.queries.rooms import rooms_for
from convenor.web.form_pages import deed, form_page, posted
from convenor.web.requests import ActorRequest
from convenor.web.settings_tabs import frame_for

TAB = "settings.feeds"
KINDS = ("person", "room", "department")
INDENT = "\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}"


class FeedForm(ActionForm):
    """create_feed: whose calendar, chosen from one list; the first choice is one's own."""

    about = forms.ChoiceField(label=_("calendar of"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = list(_choices(actor))  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        kind, _space, key = str(self.cleaned_data.get("about", "")).partition(" ")
        if not self.errors and (kind not in KINDS or not key.isdecimal()):
            raise ValidationError(gettext("Say whose calendar the feed is of."))
        return {} if self.errors else {f"{kind}_id": int(key)}


def _choices(actor: Actor) -> list[tuple[str, Any]]:
    if actor.person_id is None:
        return []
    groups: list[tuple[str, Any]] = [(f"person {actor.person_id}", gettext("My own calendar"))]
    seen = [pk for pk in actor.principals if may(actor, "feed.create_for_person", pk)]
    if principals := list(people_for(actor).filter(pk__in=seen)):
        groups.append((gettext("People"), [(f"person {each.pk}", each.name) for each in principals]))
    if not may(actor, "feed.create_for_place"):
        return groups
    mine = person_for(actor, actor.person_id).department
    tree = department_tree_for(actor)
    departments = [(f"department {each.pk}", INDENT * depth + each.name) for each, depth in tree]
    if mine is not None:
        label = gettext("My department, %(name)s") % {"name": mine.name}
        groups.append((f"department {mine.pk}", label))
        departments = [choice for choice in departments if choice[0] != f"department {mine.pk}"]
    rooms = rooms_for(actor).prefetch_related(None).values_list("pk", "code", "name")
    groups.append((gettext("Rooms"), [(f"room {pk}", f"{code} {name}") for pk, code, name in rooms]))
    groups.append((gettext("Departments"), departments))
    return [group for group in groups if group[1]]


@require_http_methods(["GET", "HEAD", "POST"])
def feeds(request: ActorRequest) -> HttpResponse:
    """The list with its addresses, and a form for one more."""
    actor = request.actor
    context = {
        "feeds": [_row(each) for each in feeds_for(actor)],
        "has_person": actor.person_id is not None,
    }
    return form_page(
        request,
        FeedForm(posted(request), actor=actor),
        partial(create_feed, actor=actor),
        done=lambda feed: f"{reverse(TAB)}#feed-{feed.pk}",
        said=_("The feed is ready: copy its address into your calendar program."),
        template="settings/feeds.html",
        context=context | frame_for(actor, TAB),
    )


def _row(feed: Any) -> Mapping[str, Any]:
    kinds = {"person": _("Person"), "room": _("Room"), "department": _("Department")}
    kind = next(name for name in KINDS if getattr(feed, name) is not None)
    about = getattr(feed, kind)
    if kind == "person" and feed.person_id == feed.owner_id:
        label = gettext("My own calendar")
    else:
        label = f"{about.code} {about.name}" if kind == "room" else about.name
    return {"feed": feed, "label": label, "kind": kinds[kind], "address": feed_address(feed.pk, feed.nonce)}


@require_POST
def renew(request: ActorRequest, pk: int) -> HttpResponse:
    act = partial(renew_feed, actor=request.actor, feed_id=pk)
    return deed(request, act, done=TAB, said=_("The feed has a new address; the old one no longer works."))


@require_POST
def revoke(request: ActorRequest, pk: int) -> HttpResponse:
    act = partial(revoke_feed, actor=request.actor, feed_id=pk, now=clock.now())
    return deed(request, act, done=TAB, said=_("The feed is revoked; its address no longer works."))
