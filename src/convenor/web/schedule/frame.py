"""What the schedule's template and its JavaScript need to draw a look."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.http import QueryDict
from django.template.defaultfilters import capfirst
from django.urls import reverse
from django.utils import formats
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from convenor.kernel.instants import ZoneName
from convenor.web.schedule.looks import Look

LABELS = {
    "day": gettext_lazy("Day"),
    "week": gettext_lazy("Week"),
    "month": gettext_lazy("Month"),
    "list": gettext_lazy("List"),
    "rooms": gettext_lazy("Rooms"),
    "people": gettext_lazy("People"),
}
LOCALES = {"en": "en-GB", "ro": "ro"}


def frame_of(look: Look, *, today: date) -> dict[str, Any]:
    """`schedule` of templates/ui/schedule.html."""
    path = reverse("schedule")

    return {
        "title": title_of(look),
        "view": look.view,
        "span": look.span,
        "prev_href": look.stepped(-1).href(path),
        "next_href": look.stepped(1).href(path),
        "today_href": replace(look, day=today).href(path),
        "day_href": replace(look, span="day").href(path),
        "week_href": replace(look, span="week").href(path),
        "views": [
            {"name": name, "label": label, "href": replace(look, view=name).href(path), "key": name[0]}
            for name, label in LABELS.items()
        ],
    }


def title_of(look: Look) -> str:
    first, after = look.days
    if look.view == "month":
        return capfirst(formats.date_format(look.day, "F Y"))
    last = after - (after - first) / (after - first).days
    if first == last:
        return capfirst(formats.date_format(first, "l, j F Y"))
    return f"{formats.date_format(first, 'DAY_FORMAT')} – {formats.date_format(last, 'SHORT_DATE_FORMAT')}"


def config_of(look: Look, *, zone: ZoneName, today: date, may_create: bool) -> dict[str, Any]:
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
        "hiddenDays": [],
        "timelineHiddenDays": [0, 6],
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
        "rooms": _("Rooms"),
        "people": _("People"),
        "allDay": _("All day"),
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
