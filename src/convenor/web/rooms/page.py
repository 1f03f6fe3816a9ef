"""What a room's page shows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from convenor.base.permissions import may
from convenor.kernel.instants import Span, datetime_of, instant_of
from convenor.scheduling.queries.meetings import OccurrenceRow, occurrences_for
from convenor.scheduling.queries.room_finder import states_now
from convenor.venues.enums import ClosureKind
from convenor.venues.queries.opening import Closed, closures_of
from convenor.venues.queries.rooms import parts_for, room_for
from convenor.web.days import day_span, reader_zone, today_in
from convenor.web.requests import ActorRequest
from convenor.web.schedule.frame import config_of, frame_of
from convenor.web.schedule.looks import Look, Picked, look_from, span_of_days

CLOSURES_AHEAD = timedelta(days=366)
CALENDARS = frozenset({"day", "week", "month", "list"})


def page_of(request: ActorRequest, pk: int, *, now: datetime) -> dict[str, Any]:
    """The context of rooms/room.html. Raises Room.DoesNotExist."""
    actor, zone = request.actor, reader_zone()
    room = room_for(actor, pk)
    look = _look(request.GET, pk, today_in(zone, now))
    rows = occurrences_for(actor, span_of_days(*look.days, zone), room_ids=[pk])
    until = datetime_of(day_span(zone, now).end)
    closed = closures_of([pk], Span(instant_of(now), instant_of(now + CLOSURES_AHEAD)))[pk]
    return {
        "room": room,
        "state": states_now([room], now=now, until=until)[pk],
        "parts": parts_for(actor, room),
        "closures": [_closure(each) for each in closed],
        "schedule": _frame(look, pk, today=today_in(zone, now)),
        "config": config_of(
            look, zone=zone, today=today_in(zone, now), may_create=may(actor, "meeting.organise")
        ),
        "days": _by_day(rows),
        "may_edit": may(actor, "venue.edit"),
        "may_book": may(actor, "meeting.organise") and room.is_active,
        "crumbs": [{"label": _("Rooms"), "href": reverse("rooms")}],
    }


def _look(query: QueryDict, pk: int, today: date) -> Look:
    """The look that the address asks for, always at this room; what can't be read is the present week."""
    picked = Picked(rooms=(pk,))
    try:
        look = look_from(query, today=today)
    except ValidationError:
        return Look("week", "day", today, picked)
    return Look(look.view if look.view in CALENDARS else "week", "day", look.day, picked)


def _frame(look: Look, pk: int, *, today: date) -> dict[str, Any]:
    """The schedule's frame with this page's own address in its links."""
    frame, path = frame_of(look, today=today), reverse("room", args=[pk])
    schedule = reverse("schedule")
    links = {name: href.replace(schedule, path, 1) for name, href in frame.items() if name.endswith("_href")}
    views = [
        view | {"href": view["href"].replace(schedule, path, 1)}
        for view in frame["views"]
        if view["name"] in CALENDARS
    ]
    return frame | links | {"views": views}


def _by_day(rows: list[OccurrenceRow]) -> list[tuple[date, list[OccurrenceRow]]]:
    return [
        (day, list(group)) for day, group in groupby(rows, key=lambda row: localtime(row.starts_at).date())
    ]


def _closure(closed: Closed) -> dict[str, Any]:
    return {
        "id": closed.closure_id,
        "kind": ClosureKind(closed.kind).label,
        "reason": closed.reason,
        "starts_at": datetime_of(closed.span.start),
        "ends_at": datetime_of(closed.span.end),
    }
