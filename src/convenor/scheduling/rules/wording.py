"""Times and dates as sentences write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MOST_NAMES = 3


def day(moment: datetime) -> str:
    """A local time's date: 7 December 2026."""
    return date_format(moment, "DATE_FORMAT")


def moment_in(moment: datetime, zone: str) -> str:
    return date_format(moment.astimezone(ZoneInfo(zone)), "DATETIME_FORMAT")


def span_in(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """7 December 2026, 10:00–11:00; both dates where they differ."""
    start, end = (moment.astimezone(ZoneInfo(zone)) for moment in (starts_at, ends_at))
    if start.date() == end.date():
        times = {
            "day": day(start),
            "from": date_format(start, "TIME_FORMAT"),
            "to": date_format(end, "TIME_FORMAT"),
        }
        return _("%(day)s, %(from)s–%(to)s") % times
    return f"{date_format(start, 'DATETIME_FORMAT')} – {date_format(end, 'DATETIME_FORMAT')}"


def times_in(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """10:00–11:00; with both dates where they differ."""
    start, end = (moment.astimezone(ZoneInfo(zone)) for moment in (starts_at, ends_at))
    name = "TIME_FORMAT" if start.date() == end.date() else "DATETIME_FORMAT"
    return f"{date_format(start, name)}–{date_format(end, name)}"


def clock_in(moment: datetime, zone: str) -> str:
    """10:00 on the zone's clocks."""
    return date_format(moment.astimezone(ZoneInfo(zone)), "TIME_FORMAT")


def names(subjects: Sequence[str], *, most: int = MOST_NAMES) -> str:
    """Such as "Ana, Bob and Carla"; of more than `most` (and one) the rest is counted: "Ana, Bob, Carla and 4 others"."""
    shown, rest = list(subjects), 0
    if len(shown) > most + 1:
        shown, rest = shown[:most], len(shown) - most
    if rest:
        sentence = ngettext("%(names)s and %(count)d other", "%(names)s and %(count)d others", rest)
        return sentence % {"names": ", ".join(shown), "count": rest}
    if len(shown) < 2:
        return "".join(shown)
    return _("%(names)s and %(last)s") % {"names": ", ".join(shown[:-1]), "last": shown[-1]}
