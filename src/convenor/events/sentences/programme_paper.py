"""The programme and the run of show as papers: data in words, and the PDF."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from convenor.base.papers import typeset
from convenor.events.models import Event
from convenor.events.queries.programme import FunctionRow
from convenor.events.queries.run_of_show import Line, RunOfShow
from convenor.kernel.instants import LocalTime


def programme_pdf(event: Event, functions: Sequence[FunctionRow], *, now: datetime) -> bytes:
    return typeset("events/programme", programme_data(event, functions, now=now), made_at=now)


def run_of_show_pdf(show: RunOfShow, *, now: datetime) -> bytes:
    return typeset("events/run_of_show", run_of_show_data(show, now=now), made_at=now)


def programme_data(event: Event, functions: Sequence[FunctionRow], *, now: datetime) -> dict[str, Any]:
    """All days of the event, without what is called off; in the present language."""
    alive = [row for row in functions if not row.is_called_off]
    days = [
        {"title": _day(day), "rows": [_programme_row(row) for row in rows]}
        for day, rows in groupby(alive, key=lambda row: row.day)
    ]
    head = [_("Time"), _("What"), _("Where"), _("Who")]
    return {**_cover(event, _("Programme"), now), "head": head, "days": days, "empty": _("Nothing yet.")}


def run_of_show_data(show: RunOfShow, *, now: datetime) -> dict[str, Any]:
    """One day, minute by minute; in the present language."""
    head = [_("Time"), _("Length"), _("What"), _("Cue"), _("Owner")]
    return {
        **_cover(show.event, _("Run of show"), now),
        "day": _day(show.day) if show.day else "",
        "head": head,
        "rows": [_show_row(line) for line in show.lines],
        "empty": _("Nothing yet."),
    }


def clock(local: LocalTime) -> str:
    return date_format(local, "TIME_FORMAT")


def times(starts: LocalTime, ends: LocalTime) -> str:
    """10:00–11:00; with the day of the end where that is another."""
    last = clock(ends) if starts.date() == ends.date() else date_format(ends, "DAY_TIME_FORMAT")
    return f"{clock(starts)}–{last}"


def _day(day: date) -> str:
    return date_format(day, "WEEKDAY_YEAR_FORMAT")


def _cover(event: Event, what: str, now: datetime) -> dict[str, Any]:
    made = date_format(now.astimezone(ZoneInfo(event.zone)), "WEEKDAY_YEAR_TIME_FORMAT")
    return {
        "title": f"{event.title}: {what}",
        "language": get_language() or "en",
        "labels": {"page": _("page {n} of {of}")},
        "event": event.title,
        "what": what,
        "made": _("As of %(when)s. All times in %(zone)s.") % {"when": made, "zone": event.zone},
    }


def _programme_row(row: FunctionRow) -> dict[str, Any]:
    people = [f"{each.name}: {each.topic}" if each.topic else each.name for each in row.speakers]
    host = [_("Host: %(name)s") % {"name": row.host.name}] if row.host else []
    return {
        "time": times(row.starts, row.ends),
        "title": row.title,
        "small": " · ".join(part for part in (row.kind_label, row.track) if part),
        "where": "\n".join(room.name for room in row.rooms),
        "who": "\n".join([*people, *host]),
    }


def _show_row(line: Line) -> dict[str, Any]:
    """A function's own start is a heading among the lines."""
    row, cue = line.function, line.cue
    if cue is None:
        where = ", ".join(room.name for room in row.rooms)
        small = " · ".join(part for part in (times(row.starts, row.ends), row.track, where) if part)
        return {"heading": True, "cells": [clock(line.at), row.title, small]}
    owner = ", ".join(part for part in (cue.owner, cue.service) if part)
    minutes = _("%(minutes)d min") % {"minutes": cue.minutes}
    return {"heading": False, "cells": [clock(line.at), minutes, cue.what, cue.cue, owner]}
