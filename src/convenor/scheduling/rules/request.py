"""The one validator of a search for a time, for the form, the command line and the later API."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convenor.base.zones import validate_zone
from convenor.kernel.instants import DAY, instant_of
from convenor.scheduling.requests import FindTimeRequest
from convenor.scheduling.rules.draft import MOST_HEADCOUNT
from convenor.scheduling.rules.findings import Findings
from convenor.venues.enums import SetupStyle

MOST_PEOPLE = 5_000
LONGEST_MINUTES = 5 * 24 * 60
LONGEST_WINDOW_DAYS = 366
MOST_WEEKS = 53
MOST_LIMIT = 200
MOST_BUFFER_MINUTES = 8 * 60


def check_request(request: FindTimeRequest, *, now: datetime) -> None:
    """Raise ValidationError with every wrong field; field names are the request's."""
    found = Findings()
    _check_people(found, request)
    _between(found, "minutes", request.minutes, 1, LONGEST_MINUTES)
    _between(found, "weeks", request.weeks, 1, MOST_WEEKS)
    _between(found, "limit", request.limit, 1, MOST_LIMIT)
    _between(found, "buffer", request.buffer_minutes_before, 0, MOST_BUFFER_MINUTES)
    _between(found, "buffer", request.buffer_minutes_after, 0, MOST_BUFFER_MINUTES)
    _check_times(found, request, now)
    if request.room is not None:
        _between(found, "headcount", request.room.headcount, 0, MOST_HEADCOUNT)
        if request.room.style and request.room.style not in SetupStyle.values:
            style = {"style": request.room.style}
            found.refuse("style", "unknown_style", _("“%(style)s” is no set-up style.") % style)
    found.raise_refused()


def _between(found: Findings, field: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        sentence = _("%(value)d is out of bounds: it must lie between %(least)d and %(most)d.")
        found.refuse(field, "out_of_bounds", sentence % {"value": value, "least": least, "most": most})


def _check_people(found: Findings, request: FindTimeRequest) -> None:
    if not request.person_ids:
        found.refuse("attendees", "required", _("Say who should come: there is nobody to find a time for."))
    if len(request.person_ids) > MOST_PEOPLE:
        sentence = ngettext("At most %(count)d person.", "At most %(count)d people.", MOST_PEOPLE)
        found.refuse("attendees", "too_many", sentence % {"count": MOST_PEOPLE})
    for group in request.groups:
        if not 1 <= group.at_least <= len(group.person_ids):
            values = {"least": group.at_least, "count": len(group.person_ids)}
            sentence = _("%(least)d of %(count)d can't be: ask for at least one and at most all of them.")
            found.refuse("any_of", "out_of_bounds", sentence % values)


def _check_times(found: Findings, request: FindTimeRequest, now: datetime) -> None:
    try:
        validate_zone(request.zone)
    except ValidationError as error:
        found.refuse("zone", "unknown_zone", error.messages[0])
    if (request.earliest is None) != (request.latest is None):
        missing = "earliest" if request.earliest is None else "latest"
        found.refuse(missing, "required", _("Give both hours, the earliest and the latest, or none."))
    if not request.windows:
        found.refuse("within", "required", _("Say from when to when to look."))
        return
    first = min(window.start for window in request.windows)
    last = max(window.end for window in request.windows)
    if last <= instant_of(now):
        found.refuse("within", "past", _("These days are over."))
    if last - first > LONGEST_WINDOW_DAYS * DAY:
        days = {"days": LONGEST_WINDOW_DAYS}
        found.refuse("within", "too_long", _("At most %(days)d days can be searched at once.") % days)
