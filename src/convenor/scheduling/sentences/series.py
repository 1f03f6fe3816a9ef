"""How a meeting repeats, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from convenor.kernel.instants import LocalTime, ZoneName, instant_of, to_local
from convenor.kernel.recurrence import Description, Pattern, describe, parse_rule
from convenor.kernel.recurrence.rule import RuleError


def series_in_words(rrule: str, start: LocalTime, zone: ZoneName, *, extra_dates: int = 0) -> str:
    """Such as "Every week on Monday and Wednesday, until 18 December 2026"; "" for a meeting that doesn't repeat."""
    if not rrule:
        sentence = ngettext("And on %(count)d more date", "And on %(count)d more dates", extra_dates)
        return sentence % {"count": extra_dates} if extra_dates else ""
    try:
        told = describe(parse_rule(rrule), start)
    except RuleError:
        return rrule
    return ", ".join(part for part in (_PATTERNS[told.pattern](told), _ending(told, zone)) if part)


def _ending(told: Description, zone: ZoneName) -> str:
    if told.count is not None:
        return ngettext("%(count)d time", "%(count)d times", told.count) % {"count": told.count}
    if told.until is None:
        return ""
    last = told.until
    if isinstance(last, datetime) and last.tzinfo is not None:
        last = to_local(instant_of(last), zone)
    return _("until %(day)s") % {"day": date_format(last, "DATE_FORMAT")}


def _daily(told: Description) -> str:
    return ngettext("Every day", "Every %(count)d days", told.interval) % {"count": told.interval}


def _weekly(told: Description) -> str:
    sentence = ngettext("Every week on %(days)s", "Every %(count)d weeks on %(days)s", told.interval)
    days = [str(WEEKDAYS[day.value]) for day in told.weekdays]
    return sentence % {"count": told.interval, "days": _all(days)}


def _monthly_on_days(told: Description) -> str:
    sentence = ngettext("Every month on %(days)s", "Every %(count)d months on %(days)s", told.interval)
    return sentence % {"count": told.interval, "days": _month_days(told)}


def _monthly_on_weekday(told: Description) -> str:
    sentence = ngettext(
        "Every month on the %(nth)s %(day)s", "Every %(count)d months on the %(nth)s %(day)s", told.interval
    )
    return sentence % {
        "count": told.interval,
        "nth": _nth(told.nth),
        "day": WEEKDAYS[told.weekdays[0].value],
    }


def _yearly_on_day(told: Description) -> str:
    sentence = ngettext(
        "Every year on %(days)s of %(months)s",
        "Every %(count)d years on %(days)s of %(months)s",
        told.interval,
    )
    return sentence % {"count": told.interval, "days": _month_days(told), "months": _months(told)}


def _yearly_on_weekday(told: Description) -> str:
    sentence = ngettext(
        "Every year on the %(nth)s %(day)s of %(months)s",
        "Every %(count)d years on the %(nth)s %(day)s of %(months)s",
        told.interval,
    )
    return sentence % {
        "count": told.interval,
        "nth": _nth(told.nth),
        "day": WEEKDAYS[told.weekdays[0].value],
        "months": _months(told),
    }


_PATTERNS: Mapping[Pattern, Callable[[Description], str]] = {
    Pattern.DAILY: _daily,
    Pattern.WORKING_DAYS: lambda _told: _("Monday to Friday, every week"),
    Pattern.WEEKLY: _weekly,
    Pattern.MONTHLY_ON_DAYS: _monthly_on_days,
    Pattern.MONTHLY_ON_WEEKDAY: _monthly_on_weekday,
    Pattern.YEARLY_ON_DAY: _yearly_on_day,
    Pattern.YEARLY_ON_WEEKDAY: _yearly_on_weekday,
    Pattern.OTHER: lambda told: told.text,
}


def _month_days(told: Description) -> str:
    days = [
        _("day %(number)d") % {"number": day}
        if day > 0
        else _("the last day")
        if day == -1
        else _("day %(number)d from the end") % {"number": -day}
        for day in told.month_days
    ]
    return _all(days)


def _months(told: Description) -> str:
    return _all([str(MONTHS[month]) for month in told.months])


def _all(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return _("%(names)s and %(last)s") % {"names": ", ".join(parts[:-1]), "last": parts[-1]}


def _nth(number: int) -> str:
    words = {
        1: pgettext("weekday of the month", "first"),
        2: pgettext("weekday of the month", "second"),
        3: pgettext("weekday of the month", "third"),
        4: pgettext("weekday of the month", "fourth"),
        5: pgettext("weekday of the month", "fifth"),
        -1: pgettext("weekday of the month", "last"),
    }
    return words.get(number) or (
        _("%(number)d from the end") % {"number": -number} if number < 0 else str(number)
    )
