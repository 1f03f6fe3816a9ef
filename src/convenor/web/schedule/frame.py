"""What the schedule's template and its JavaScript need to draw a look."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from convenor.kernel.instants import ZoneName
from convenor.web.schedule.looks import TIMELINES, Look

LABELS = {
    "day": lambda: _("Day"),
    "week": lambda: _("Week"),
    "month": lambda: _("Month"),
    "list": lambda: _("List"),
    "rooms": lambda: _("Rooms"),
    "people": lambda: _("People"),
}
LOCALES = {"en": "en-GB", "ro": "ro"}


def frame_of(look: Look, *, today: Any) -> dict[str, Any]:
    """`schedule` of templates/ui/schedule.html."""
    path = reverse("schedule")

    def at(**changes: Any) -> str:
        return Look(**({"view": look.view, "span": look.span, "day": look.day, "picked": look.picked} | changes)).href(path)

    return {
        "title": title_of(look),
        "view": look.view,
        "span": look.span,
        "prev_href": look.stepped(-1).href(path),
        "next_href": look.stepped(1).href(path),
        "today_href": at(day=today),
        "day_href": at(span="day"),
        "week_href": at(span="week"),
        "views": [
            {"name": name, "label": label(), "href": at(view=name), "key": name[0]} for name, label in LABELS.items()
        ],
    }


def title_of(look: Look) -> str:
    first, after = look.days
    if look.view == "month":
        return formats.date_format(look.day, "F Y")
    last = after - (after - first) / (after - first).days
    if first == last:
        return formats.date_format(first, "l, j F Y")
    return f"{formats.date_format(first, 'j M')} – {formats.date_format(last, 'j M Y')}"


def config_of(look: Look, *, zone: ZoneName, today: Any, may_create: bool) -> dict[str, Any]:
    """The JSON configuration of static/js/schedule.js (docs/design-system.md, "The schedule")."""
    query = QueryDict(mutable=True)
    for name, value in look.picked.as_parameters():
        query.appendlist(name, value)
    config = {
        "eventsUrl": reverse("schedule.events"),
        "resourcesUrl": reverse("schedule.resources"),
        "fitUrl": reverse("schedule.fit"),
        "moveUrl": reverse("schedule.move"),
        "meetingUrl": reverse("occurrence", args=[0]).replace("0", "{id}"),
        "locale": LOCALES.get((get_language() or "en")[:2], "en-GB"),
        "timeZone": zone,
        "firstDay": 1,
        "hiddenDays": [0, 6] if look.view in TIMELINES else [],
        "slotMin": "06:00",
        "slotMax": "22:00",
        "scrollTo": "08:00",
        "view": look.view,
        "span": look.span,
        "date": look.day.isoformat(),
        "today": today.isoformat(),
        "params": dict(query.lists()),
        "text": _texts(),
    }
    return config | ({"newUrl": reverse("meeting.new")} if may_create else {})


def _texts() -> dict[str, str]:
    return {
        "allDay": _("All day"),
        "expand": _("Show"),
        "collapse": _("Hide"),
        "close": _("Close"),
        "noEvents": _("Nothing here."),
        "more": _("{n} more"),
        "checking": _("Checking…"),
        "undo": _("Undo"),
        "failed": _("The schedule could not be loaded."),
        "pending": _("waits for approval"),
        "held": _("held"),
        "conflict": _("in conflict"),
        "tentative": _("tentative"),
        "cancelled": _("cancelled"),
        "imported": _("imported"),
        "optional": _("optional"),
        "series": _("repeats"),
    }
