"""Kinds of option values: lists, days, hours, quantities; a bad one is refused with what was expected."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

import click
from django.conf import settings

from convenor.kernel.instants import LocalTime, Span, UnknownZone, ZoneName, to_instant, zone_name

LONGEST_WINDOW = timedelta(days=366)
Local = tuple[LocalTime, LocalTime]


class Commas(click.ParamType[tuple[str, ...]]):
    """A list separated by commas, without blanks and repetitions."""

    name = "list"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        parts = [part.strip() for part in str(value).split(",")]
        if not all(parts):
            self.fail(f"{value!r} has an empty place between its commas.", param, ctx)
        return tuple(dict.fromkeys(parts))


class Quantities(click.ParamType[dict[str, int]]):
    """`projector,microphone:2`: codes, each with how many."""

    name = "codes"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dict[str, int]:
        if isinstance(value, dict):
            return value
        wanted: dict[str, int] = {}
        for part in COMMAS.convert(value, param, ctx):
            code, _colon, number = part.partition(":")
            if not code or not re.fullmatch(r"|[1-9]\d{0,3}", number):
                self.fail(
                    f"{part!r} is neither a code nor a code with a number, such as chair:4.", param, ctx
                )
            wanted[code] = wanted.get(code, 0) + int(number or 1)
        return wanted


class Hour(click.ParamType[time]):
    """A local hour such as 09:30."""

    name = "HH:MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> time:
        if isinstance(value, time):
            return value
        try:
            return datetime.strptime(str(value), "%H:%M").time()  # noqa: DTZ007 - an hour of no particular zone
        except ValueError:
            self.fail(f"{value!r} is not an hour such as 09:30.", param, ctx)


class Within(click.ParamType[Local]):
    """`2026-12-07/2026-12-11`: whole days, the last one included; or local times, `2026-12-07T09:00/…`."""

    name = "from/to"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Local:
        if isinstance(value, tuple):
            return value
        first, slash, last = str(value).partition("/")
        try:
            start, end = _moment(first, last=False), _moment(last if slash else first, last=True)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is not two days such as 2026-12-07/2026-12-11.", param, ctx)
        if end <= start:
            self.fail(f"{value!r} ends before it begins.", param, ctx)
        if end - start > LONGEST_WINDOW:
            self.fail(f"{value!r} is longer than a year.", param, ctx)
        return LocalTime(start), LocalTime(end)


class Zone(click.ParamType[ZoneName]):
    """An IANA time zone."""

    name = "zone"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> ZoneName:
        try:
            return zone_name(str(value))
        except UnknownZone as error:
            near = f" Did you mean {', '.join(error.nearest)}?" if error.nearest else ""
            self.fail(f"{value!r} is not a time zone.{near}", param, ctx)


def _moment(text: str, *, last: bool) -> datetime:
    """A day's beginning (of the last day: its end), or the local time that is written out."""
    if "T" in text:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            raise ValueError(text)
        return moment
    return datetime.combine(date.fromisoformat(text) + timedelta(days=last), time())


def span_in(local: Local, zone: ZoneName) -> Span:
    return Span(to_instant(local[0], zone), to_instant(local[1], zone))


COMMAS, QUANTITIES, HOUR, WITHIN, ZONE = Commas(), Quantities(), Hour(), Within(), Zone()
zone_option = click.option(
    "--zone", type=ZONE, default=lambda: settings.TIME_ZONE, help="The time zone of days and hours."
)
