"""One box over everything that the reader may see."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from convenor.attendance.queries.found import find_registrations_for
from convenor.base import clock
from convenor.base.actor import Actor
from convenor.events.queries.listed import find_events_for
from convenor.people.queries.people import people_for
from convenor.scheduling.queries.search import FoundMeeting, find_meetings_for
from convenor.venues.queries.rooms import rooms_for
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest

MOST_TEXT = 200
IN_BOX, ON_PAGE = 6, 30


@require_GET
def search(request: ActorRequest) -> HttpResponse:
    """The page; for the box at the top only the results."""
    text = request.GET.get("q", "")[:MOST_TEXT].strip()
    groups = groups_for(request.actor, text, most=IN_BOX if request.htmx else ON_PAGE) if text else []
    context = {"search_query": text, "groups": groups}
    return render_page(request, "search/search.html", context, fragments={"search-results": "results"})


def groups_for(actor: Actor, text: str, *, most: int) -> list[dict[str, Any]]:
    """Groups of ui/search_results.html, those without results left out."""
    groups = [
        {"label": _("Meetings"), "items": _meetings(actor, text, most)},
        {"label": _("Events"), "items": _events(actor, text, most)},
        {"label": _("People"), "items": _people(actor, text, most)},
        {"label": _("On a roll"), "items": _registrations(actor, text, most)},
        {"label": _("Rooms"), "items": _rooms(actor, text, most)},
    ]
    return [group for group in groups if group["items"]]


def _meetings(actor: Actor, text: str, most: int) -> list[dict[str, str]]:
    return [_meeting(each) for each in find_meetings_for(actor, text, now=clock.now(), most=most)]


def _meeting(found: FoundMeeting) -> dict[str, str]:
    when = date_format(
        localtime(found.starts_at), "WEEKDAY_TIME_FORMAT" if not found.is_over else "SHORT_DATE_FORMAT"
    )
    return {
        "label": found.title,
        "href": reverse("occurrence", args=[found.occurrence_id]),
        "hint": when,
        "icon": "calendar-days",
    }


def _events(actor: Actor, text: str, most: int) -> list[dict[str, str]]:
    """Those that aren't over first, then the newest."""
    return [
        {
            "label": each.title,
            "href": reverse("event", args=[each.pk]),
            "hint": _when(each.starts_at) or each.get_state_display(),
            "icon": "flag",
        }
        for each in find_events_for(actor, text, most=most)
    ]


def _when(moment: datetime | None) -> str:
    return date_format(localtime(moment), "WEEKDAY_YEAR_FORMAT") if moment else ""


def _people(actor: Actor, text: str, most: int) -> list[dict[str, str]]:
    return [
        {
            "label": each.name,
            "href": reverse("person", args=[each.pk]),
            "hint": each.job_title or str(each.organisation),
            "icon": "user",
        }
        for each in people_for(actor, text=text)[:most]
    ]


def _registrations(actor: Actor, text: str, most: int) -> list[dict[str, str]]:
    return [
        {
            "label": each.name,
            "href": reverse("registration", args=[each.pk]),
            "hint": each.event.title,
            "icon": "users",
        }
        for each in find_registrations_for(actor, text, now=clock.now(), most=most)
    ]


def _rooms(actor: Actor, text: str, most: int) -> list[dict[str, str]]:
    return [
        {
            "label": each.name,
            "href": reverse("room", args=[each.pk]),
            "hint": f"{each.code} · {each.site}",
            "icon": "door-open",
        }
        for each in rooms_for(actor, text=text).prefetch_related(None)[:most]
    ]
