"""The tabs of the Settings screen, in order; each is a page of its own with the same frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from convenor.base.actor import Actor
from convenor.base.permissions import may


@dataclass(frozen=True, slots=True)
class Tab:
    """`name` is its URL's name; `verb` what that one must be allowed to be shown it, None for everybody."""

    name: str
    label: str | Promise
    verb: str | None = None


TABS = [
    Tab("settings", _("Account")),
    Tab("settings.delegation", _("Delegation")),
    Tab("settings.calendars", _("Calendars")),
    Tab("settings.feeds", _("Feeds")),
    Tab("settings.imports", _("Imports"), verb="person.import"),
    Tab("settings.sites", _("Sites"), verb="venue.see"),
    Tab("settings.rooms", _("Rooms"), verb="venue.edit"),
    Tab("settings.equipment", _("Equipment"), verb="venue.edit"),
    Tab("event_classes", _("Event classes"), verb="event_class.edit"),
    Tab("settings.departments", _("Organisation"), verb="organisation.edit"),
    Tab("settings.accounts", _("Accounts and roles"), verb="user.set_role"),
    Tab("settings.audit", _("Audit log"), verb="audit.see"),
    Tab("settings.mail", _("Mail in"), verb="mail.see_received"),
    Tab("settings.work", _("Outbox and jobs"), verb="outbox.see"),
]


def tabs_for(actor: Actor, current: str) -> list[dict[str, Any]]:
    """The tabs that the actor is shown; `current` is the URL name of the page."""
    return [
        {"label": tab.label, "href": reverse(tab.name), "current": tab.name == current}
        for tab in TABS
        if tab.verb is None or may(actor, tab.verb)
    ]


def frame_for(actor: Actor, current: str, title: str = "", *, back: str = "") -> dict[str, Any]:
    """What every page under a tab shows around itself; `title` and `back` are of a form's page."""
    return {"tabs": tabs_for(actor, current), "title": title, "back": back or reverse(current)}
