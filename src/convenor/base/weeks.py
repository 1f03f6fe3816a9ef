"""The one validator of weekly hours, for a site's opening and a person's work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.translation import gettext

from convenor.kernel.week_text import WeekRow, WeekUnreadable, overlapping_hours, parse_week


def validate_week(rows: Iterable[WeekRow], field: str = "hours") -> None:
    """Raise ValidationError, at the field, for an unknown weekday, an end before its start, and hours that overlap."""
    week = sorted(rows)
    problems = [problem for row in week if (problem := _problem(row))]
    overlap = None if problems else overlapping_hours(week)
    if overlap is not None:
        params = {"day": WEEKDAYS[overlap[0]], "from": time_format(overlap[1])}
        problems.append(gettext("%(day)s: the hours from %(from)s overlap those before.") % params)
    if problems:
        raise ValidationError({field: problems})


def read_week(text: str, field: str = "hours") -> Sequence[WeekRow]:
    """The week of a line of text. Raises ValidationError, at the field, naming the part that can't be read."""
    try:
        week = parse_week(text)
    except WeekUnreadable as error:
        sentence = gettext(
            "“%(part)s” can't be read; write hours such as “Mon-Fri 09:00-17:00; Sat 10:00-12:00”."
        )
        raise ValidationError({field: sentence % {"part": error.part[:60]}}) from error
    validate_week(week, field)
    return week


def _problem(row: WeekRow) -> str:
    day, starts, ends = row
    if day not in WEEKDAYS:
        return gettext("%(day)s is no weekday; 0 is Monday and 6 is Sunday.") % {"day": day}
    if ends <= starts:
        params = {"day": WEEKDAYS[day], "from": time_format(starts), "until": time_format(ends)}
        return gettext("%(day)s: %(until)s is not after %(from)s.") % params
    return ""
