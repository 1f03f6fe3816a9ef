"""What a person's page shows: as much of it as the reader may know."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from convenor.attendance.queries.doubles import doubles_of_person
from convenor.base.actor import Actor
from convenor.base.addresses import unreachable_among
from convenor.base.permissions import may
from convenor.kernel.instants import Span, instant_of, to_local
from convenor.kernel.week_text import WeekRow
from convenor.people.queries.people import (
    aliases_for,
    delegations_for,
    leave_for,
    needs_for,
    person_for,
    reports_for,
    working_exceptions_for,
    working_week_for,
)
from convenor.scheduling.queries.meetings import occurrences_for
from convenor.scheduling.queries.week_bars import week_bars_for
from convenor.scheduling.rules.day_bars import FIRST_HOUR, MINUTES, PAST_HOUR, DayBar
from convenor.web.days import reader_zone, today_in

AHEAD = timedelta(days=14)
MOST_MEETINGS = 12
BAR_HOURS = range(FIRST_HOUR, PAST_HOUR + 1, 2)


def page_of(actor: Actor, pk: int, *, now: datetime) -> dict[str, Any]:
    """The context of people/person.html. Raises Person.DoesNotExist."""
    zone = reader_zone()
    person = person_for(actor, pk)
    today = today_in(zone, now)
    bars = week_bars_for(actor, pk, monday=today - timedelta(days=today.weekday()), zone=zone)
    ahead = Span(instant_of(now), instant_of(now + AHEAD))
    meetings = occurrences_for(actor, ahead, person_ids=[pk])[:MOST_MEETINGS]
    return {
        "person": person,
        "is_me": actor.person_id == pk,
        "local_now": now.astimezone(ZoneInfo(person.zone)),
        "same_zone": person.zone == zone,
        "bars": [_bar(each, today) for each in bars],
        "bar_hours": BAR_HOURS,
        "bar_width": MINUTES,
        "days": [
            (day, list(rows))
            for day, rows in groupby(meetings, key=lambda row: localtime(row.starts_at).date())
        ],
        "reports": reports_for(actor, person),
        "week": week_lines(working_week_for(actor, person)),
        "exceptions": [each for each in working_exceptions_for(actor, person) if each.day >= today],
        "leave": [each for each in leave_for(actor, person) if each.ends_on >= today],
        "needs": needs_for(actor, [pk]).get(pk),
        "delegations": delegations_for(actor, person),
        "doubles": doubles_of_person(actor, pk, person.email, now=now),
        "aliases": (mine := list(aliases_for(actor, person))),
        "unreachable": unreachable_among([person.email, *(each.email for each in mine)]),
        "crumbs": [{"label": _("People"), "href": reverse("people")}],
        **rights_of(actor, person, pk),
    }


def rights_of(actor: Actor, person: Any, pk: int) -> dict[str, bool]:
    """What the reader may do on this page."""
    return {
        "may_edit": may(actor, "person.edit_own", person),
        "may_deactivate": may(actor, "person.deactivate", person) and actor.person_id != pk,
        "may_plan": may(actor, "person.edit_availability", person),
        "may_see_leave": may(actor, "person.see_leave", person),
        "may_see_needs": may(actor, "person.see_needs", person),
        "may_meet": may(actor, "meeting.organise") and person.is_active,
        "may_delegate": actor.person_id == pk or may(actor, "delegation.grant"),
    }


def week_lines(rows: Iterable[WeekRow]) -> list[tuple[str, str]]:
    """Days and their hours, days that follow each other with the same hours as one: ("Monday – Friday", "09:00–17:00")."""
    days = [
        (day, ", ".join(f"{_clock(starts)}–{_clock(ends)}" for _day, starts, ends in hours))
        for day, hours in groupby(sorted(rows), key=lambda row: row[0])
    ]
    lines: list[tuple[int, int, str]] = []
    for day, hours in days:
        if lines and lines[-1][1] == day - 1 and lines[-1][2] == hours:
            lines[-1] = (lines[-1][0], day, hours)
        else:
            lines.append((day, day, hours))
    return [(_range(first, last), hours) for first, last, hours in lines]


def _clock(of_day: Any) -> str:
    return time_format(of_day, "TIME_FORMAT")


def _range(first: int, last: int) -> str:
    return str(WEEKDAYS[first]) if first == last else f"{WEEKDAYS[first]} – {WEEKDAYS[last]}"


def _bar(bar: DayBar, today: Any) -> dict[str, Any]:
    zone = reader_zone()
    free = [(to_local(each.start, zone), to_local(each.end, zone)) for each in bar.free]
    return {
        "day": bar.day,
        "is_today": bar.day == today,
        "working": bar.working,
        "busy": bar.busy,
        "off": bar.off,
        "away": ", ".join(bar.away),
        "free": ", ".join(f"{_clock(start.time())}–{_clock(end.time())}" for start, end in free),
        "works": bool(bar.working),
    }
