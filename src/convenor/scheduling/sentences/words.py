"""Names, days, hours, places and money as the sentences write them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import get_timezone_location
from babel.numbers import format_currency
from django.utils.formats import date_format, time_format
from django.utils.translation import get_language, ngettext

from convenor.kernel.instants import Instant, Span, ZoneName, datetime_of, to_local
from convenor.scheduling.rules.wording import names

__all__ = [
    "city", "clock", "day", "day_and_hour", "hour", "last_day", "length", "locale", "money", "names", "quantities", "utc_text", "when",
]  # fmt: skip
MINUTES_PER_HOUR = 60


def locale() -> Locale:
    """Babel's, of the language in force."""
    return Locale.parse(get_language() or "en", sep="-")


def city(zone: ZoneName) -> str:
    """Lisbon for Europe/Lisbon, in the reader's language."""
    return get_timezone_location(ZoneInfo(zone), locale=locale(), return_city=True)


def hour(instant: Instant, zone: ZoneName) -> str:
    """06:30 on the zone's clocks."""
    return time_format(to_local(instant, zone).time(), "TIME_FORMAT")


def clock(of_day: time) -> str:
    return time_format(of_day, "TIME_FORMAT")


def day_and_hour(instant: Instant, zone: ZoneName) -> str:
    """Tue 8 Dec 10:00."""
    local = to_local(instant, zone)
    return f"{date_format(local, 'WEEKDAY_FORMAT')} {clock(local.time())}"


def day(instant: Instant, zone: ZoneName) -> str:
    """Friday 11 December."""
    return date_format(to_local(instant, zone), "l j F")


def last_day(span: Span, zone: ZoneName) -> str:
    """The day in which the span ends; one that ends at midnight ends with the day before."""
    return day(Instant(span.end - 1), zone)


def when(span: Span, zone: ZoneName) -> str:
    """Tue 8 Dec, 10:00–11:00; both days where they differ."""
    start, end = to_local(span.start, zone), to_local(span.end, zone)
    if start.date() == end.date():
        return f"{date_format(start, 'WEEKDAY_FORMAT')}, {clock(start.time())}–{clock(end.time())}"
    return f"{day_and_hour(span.start, zone)} – {day_and_hour(span.end, zone)}"


def length(minutes: int) -> str:
    """45 minutes; 2 hours; 1 hour 30 minutes."""
    hours, rest = divmod(minutes, MINUTES_PER_HOUR)
    told = [ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}] if hours else []
    if rest or not hours:
        told.append(ngettext("%(count)d minute", "%(count)d minutes", rest) % {"count": rest})
    return " ".join(told)


def money(amount: Decimal, currency: str) -> str:
    """1,250.00 with the currency's sign, as the language writes it."""
    return format_currency(amount, currency, locale=locale())


def utc_text(instant: Instant) -> str:
    """ISO 8601 with Z."""
    return datetime_of(instant).strftime("%Y-%m-%dT%H:%M:%SZ")


def quantities(wanted: Iterable[tuple[str, int]]) -> str:
    """2 × projector, screen."""
    return ", ".join(f"{count} × {name}" if count > 1 else name for name, count in wanted)
