"""What every page of an event's dossier shows around itself: its head and the tabs. Later packages add theirs to TABS."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.events.enums import OVER
from convenor.events.queries.upgrade import newer_version_of
from convenor.events.queries.visibility import event_for
from convenor.kernel.instants import Span, ZoneName, instant_of
from convenor.scheduling.sentences.words import when
from convenor.web.days import reader_zone


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
        "may_edit": event.state not in OVER and may(actor, "event.edit", event),
        "dates": dates_of(event),
        "newer_class": partial(newer_version_of, event),  # a query only where the banner asks for it
        "tabs": [
            {"label": tab.label, "href": reverse(tab.name, args=[pk]), "current": tab.name == current}
            for tab in TABS
            if tab.verb is None or may(actor, tab.verb, event)
        ],
        "crumbs": [{"label": _("Events"), "href": reverse("events")}],
    }


def under(frame: dict[str, Any]) -> dict[str, Any]:
    """The same for a page that has its own heading: its crumbs lead to the event."""
    event = frame["event"]
    here = {"label": event.title, "href": reverse("event", args=[event.pk])}
    return {**frame, "crumbs": [*frame["crumbs"], here]}


def dates_of(event: Any) -> list[tuple[str, str]]:
    """When, in the event's own zone and the reader's, each with the zone; nothing without dates."""
    if event.starts_at is None:
        return []
    span = Span(instant_of(event.starts_at), instant_of(event.ends_at))
    return [(when(span, zone), zone) for zone in dict.fromkeys((ZoneName(event.zone), reader_zone()))]


TABS += [
    Tab("event", gettext_lazy("Overview")),
    Tab("event.programme", gettext_lazy("Programme")),
    Tab("event.people", gettext_lazy("People")),
    Tab("event.roll", gettext_lazy("Roll"), "roll.see"),
    Tab("event.registration", gettext_lazy("Registration"), "registration.edit_form"),
    Tab("event.check_in", gettext_lazy("Check-in"), "roll.check_in"),
    Tab("event.readiness", gettext_lazy("Readiness")),
    Tab("event.tasks", gettext_lazy("Tasks")),
    Tab("event.sheets", gettext_lazy("Function sheets")),
    Tab("event.documents", gettext_lazy("Documents")),
    Tab("event.history", gettext_lazy("History")),
]
