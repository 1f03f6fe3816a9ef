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
    """`name` is its URL's name; `needs` the verb that one must be allowed to be shown it, None for everybody."""

    name: str
    label: str | Promise
    needs: str | None = None


TABS = [
    Tab("settings", _("Account")),
]


def tabs_for(actor: Actor, current: str) -> list[dict[str, Any]]:
    """The tabs that the actor is shown; `current` is the URL name of the page."""
    return [
        {"label": tab.label, "href": reverse(tab.name), "current": tab.name == current}
        for tab in TABS
        if tab.needs is None or may(actor, tab.needs)
    ]
