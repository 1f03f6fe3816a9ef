"""What every page of an event's dossier shows around itself: its head and the tabs. Later packages add theirs to TABS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.events.queries.visibility import event_for


@dataclass(frozen=True, slots=True)
class Tab:
    """`name` is its URL's name, which takes the event's key `pk`; `verb` what one must be allowed on the event to be shown it."""

    name: str
    label: str | Promise
    verb: str | None = None


TABS: list[Tab] = []


def event_frame(actor: Actor, pk: int, current: str) -> dict[str, Any]:
    """`event`, `tabs`, `crumbs` and `may_edit`: the context of templates/events/frame.html. Raises Event.DoesNotExist."""
    event = event_for(actor, pk)
    return {
        "event": event,
        "may_edit": may(actor, "event.edit", event),
        "tabs": [
            {"label": tab.label, "href": reverse(tab.name, args=[pk]), "current": tab.name == current}
            for tab in TABS
            if tab.verb is None or may(actor, tab.verb, event)
        ],
        "crumbs": [{"label": _("Events"), "href": reverse("events")}],
    }


TABS += [
    Tab("event", gettext_lazy("Overview")),
    Tab("event.sheets", gettext_lazy("Function sheets")),
]
