"""Short ways to write calendars in tests, and to read them back."""

from __future__ import annotations

from datetime import UTC, datetime

from convenor.interop.ics.objects import Calendar, Event, Limits, Timed
from convenor.interop.ics.problems import ProblemCode, Severity
from convenor.interop.ics.read import read_calendar
from convenor.kernel.instants import LocalTime, Span, ZoneName, instant_of

BUCHAREST = ZoneName("Europe/Bucharest")
UTC_ZONE = ZoneName("UTC")


def calendar_text(*lines: str) -> bytes:
    """A VCALENDAR of the given lines, in CRLF."""
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""]).encode()


def event_lines(*lines: str, uid: str = "one@example.org") -> list[str]:
    """A VEVENT of the given lines."""
    return ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT"]


def read(*lines: str, limits: Limits | None = None) -> Calendar:
    """The VCALENDAR of the given lines, read as in Bucharest."""
    return read_calendar(calendar_text(*lines), default_zone=BUCHAREST, limits=limits)


def read_event(*lines: str) -> tuple[Event, list[ProblemCode]]:
    """The master of the one event of the given lines, and what was wrong with it."""
    calendar = read(*event_lines(*lines))
    [one] = calendar.sets
    assert one.master is not None
    return one.master, [problem.code for problem in calendar.problems]


def refused(calendar: Calendar) -> list[ProblemCode]:
    """Why components were left out."""
    return [problem.code for problem in calendar.problems if problem.severity is Severity.REFUSED]


def at(text: str, zone: str = BUCHAREST) -> Timed:
    """`2026-03-02 09:00` in a zone."""
    return Timed(LocalTime(datetime.fromisoformat(text)), ZoneName(zone))


def span(start: str, end: str) -> Span:
    """From one UTC date to another."""
    return Span(*(instant_of(datetime.fromisoformat(day).replace(tzinfo=UTC)) for day in (start, end)))
