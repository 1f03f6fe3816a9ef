"""What every page's frame shows: navigation, the "New" menu."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from convenor.base import clock
from convenor.base.permissions import may
from convenor.scheduling.enums import Severity
from convenor.scheduling.queries.conflicts import counts_for


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation; `name` is its URL's name; it and `beneath` are the prefixes of the pages under it."""

    name: str
    label: str | Promise
    icon: str
    key: str
    beneath: tuple[str, ...] = ()


PLACES = (
    Place("today", _("Today"), "sun", "g t", ("desk",)),
    Place("schedule", _("Schedule"), "calendar-days", "g s", ("meeting", "occurrence")),
    Place("events", _("Events"), "flag", "g e", ("event",)),
    Place("conflicts", _("Conflicts"), "triangle-alert", "g c"),
    Place("tasks", _("My tasks"), "circle-check", "g m", ("task",)),
    Place("rooms", _("Rooms"), "door-open", "g r", ("room",)),
    Place("people", _("People"), "users", "g p", ("person",)),
    Place("settings", _("Settings"), "settings", "g ,"),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """`nav`, `new_menu` and `user_menu`, as templates/ui/sidebar.html reads them."""
    user = getattr(request, "user", None)  # a request refused before the session was read has none
    if user is None or not user.is_authenticated:
        return {}
    return {
        "nav": SimpleLazyObject(lambda: list(_navigation(request))),
        "new_menu": SimpleLazyObject(lambda: list(_new_menu(request))),
        "user_menu": SimpleLazyObject(lambda: list(_user_menu(request))),
    }


def _navigation(request: HttpRequest) -> Iterator[dict[str, Any]]:
    match = request.resolver_match
    here = match.url_name.split(".")[0] if match and match.url_name else ""
    for place in PLACES:
        yield {
            "label": place.label,
            "href": reverse(place.name),
            "icon": place.icon,
            "key": place.key,
            "current": here in {place.name, *place.beneath},
            "count": _serious(request) if place.name == "conflicts" else None,
        }


def _serious(request: HttpRequest) -> int | None:
    """How many serious conflicts are open for the reader; nothing is looked at again for it."""
    counts = counts_for(request.actor, severity=Severity.SERIOUS, now=clock.now())  # type: ignore[attr-defined]  # set by ActorMiddleware
    return counts[Severity.SERIOUS] or None


def _new_menu(request: HttpRequest) -> Iterator[dict[str, Any]]:
    if may(request.actor, "meeting.organise"):  # type: ignore[attr-defined]  # set by ActorMiddleware
        yield {"label": _("Meeting"), "href": reverse("meeting.new"), "icon": "calendar-plus", "key": "n"}
    if may(request.actor, "event.create"):  # type: ignore[attr-defined]  # set by ActorMiddleware
        yield {"label": _("Event"), "href": reverse("event.new"), "icon": "flag", "key": "e"}


def _user_menu(request: HttpRequest) -> Iterator[dict[str, Any]]:
    person = request.actor.person_id  # type: ignore[attr-defined]  # set by ActorMiddleware
    if person is not None:
        yield {"label": _("Your desk"), "href": reverse("desk", args=[person]), "icon": "inbox"}
        yield {"label": _("Your page"), "href": reverse("person", args=[person]), "icon": "user"}
    if may(request.actor, "visitor.see"):  # type: ignore[attr-defined]  # set by ActorMiddleware
        yield {"label": _("Visitors"), "href": reverse("visitors"), "icon": "building-2"}
    yield {"label": _("Settings"), "href": reverse("settings"), "icon": "settings"}
