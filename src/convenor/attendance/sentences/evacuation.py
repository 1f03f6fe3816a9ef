"""The evacuation roll on paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from convenor.attendance.queries.evacuation import Building, Inside
from convenor.base.papers import typeset


def evacuation_pdf(buildings: Sequence[Building], *, now: datetime) -> bytes:
    """In the present language, by the reader's clock."""
    return typeset("attendance/evacuation", evacuation_data(buildings, now=now), made_at=now)


def evacuation_data(buildings: Sequence[Building], *, now: datetime) -> dict[str, Any]:
    made = date_format(timezone.localtime(now), "WEEKDAY_YEAR_TIME_FORMAT")
    return {
        "language": get_language() or "en",
        "title": _("Evacuation roll"),
        "made": _("As of %(when)s.") % {"when": made},
        "head": ["", _("Name"), _("Organisation"), _("Where"), pgettext("evacuation", "Since")],
        "empty": _("Nobody is checked in anywhere."),
        "buildings": [
            {
                "name": building_name(each),
                "count": count_in(each),
                "people": [_row(person) for person in each.people],
            }
            for each in buildings
        ],
        "labels": {"page": _("page {n} of {of}")},
    }


def building_name(building: Building) -> str:
    return building.name or _("Building not known")


def count_in(building: Building) -> str:
    number = len(building.people)
    return ngettext("%(n)d person is inside.", "%(n)d people are inside.", number) % {"n": number}


def _row(person: Inside) -> dict[str, str]:
    return {
        "name": person.name,
        "organisation": person.organisation,
        "place": ", ".join(filter(None, (person.place, person.event))),
        "since": date_format(timezone.localtime(person.since), "TIME_FORMAT"),
        "help": _("Needs help on the stairs") if person.needs_help else "",
    }
