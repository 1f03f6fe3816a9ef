"""Broken in ways that nobody thought of: the reader never raises, and what it read can always be expanded and written."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.interop.ics.expand import expand_events
from convenor.interop.ics.read import read_calendar
from convenor.interop.ics.write import write_calendar
from convenor.kernel.recurrence import RuleError
from tests.interop.ics.calendars import BUCHAREST, calendar_text, event_lines, span
from tests.interop.ics.test_corpus import FILES
from tests.interop.ics.test_zones import EUROPE, definition

GOOD = calendar_text(
    "X-WR-TIMEZONE:Europe/Lisbon",
    *definition("Mine", *EUROPE),
    *event_lines(
        "DTSTART;TZID=Mine:20260302T090000",
        "DTEND;TZID=Mine:20260302T100000",
        "RRULE:FREQ=WEEKLY;COUNT=5;BYDAY=MO,WE",
        "RDATE;VALUE=PERIOD:20260303T070000Z/PT3H",
        "EXDATE:20260309T070000Z",
        'ATTENDEE;CN="Pop, Ana";ROLE=CHAIR:mailto:ana@example.org',
    ),
    *event_lines(
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20260311T070000Z", "DTSTART:20260311T080000Z", "DURATION:PT2H"
    ),
    *event_lines("DTSTART;VALUE=DATE:20260302", "RRULE:FREQ=YEARLY;UNTIL=20300101", uid="two"),
    "BEGIN:VFREEBUSY",
    "FREEBUSY;FBTYPE=BUSY:20260302T070000Z/PT1H",
    "END:VFREEBUSY",
)
SNIPPETS = (
    b"\r\n",
    b"\n ",
    b":",
    b";",
    b'"',
    b"\\",
    b"=",
    b",",
    b"\0",
    b"\xff",
    b"Z",
    b"T",
    b"/",
    b"-",
    b"9999",
    b"BEGIN:VEVENT\r\n",
    b"END:",
)


@st.composite
def damaged(draw: st.DrawFn, whole: bytes = GOOD) -> bytes:
    """The calendar with a few pieces cut out, doubled or replaced."""
    data = whole
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        end = min(len(data), at + draw(st.integers(0, 30)))
        middle = draw(
            st.sampled_from(SNIPPETS) | st.just(data[at:end] * 2) | st.just(b"") | st.binary(max_size=4)
        )
        data = data[:at] + middle + data[end:]
    return data


def survives(data: bytes) -> None:
    calendar = read_calendar(data, default_zone=BUCHAREST)
    assert all(problem.sentence for problem in calendar.problems)
    try:
        expand_events(calendar, span("2026-01-01", "2027-01-01"), zone=BUCHAREST)
    except RuleError as error:  # pragma: no cover - says which rule slipped through
        raise AssertionError(str(error)) from error
    written = write_calendar(calendar.events(), name=calendar.name, now=datetime(2026, 1, 1, tzinfo=UTC))
    again = read_calendar(written, default_zone=BUCHAREST)
    assert [event.uid for event in again.events()] == [event.uid for event in calendar.events()]


@settings(max_examples=150, deadline=None)
@given(damaged())
def test_a_damaged_calendar(data: bytes) -> None:
    survives(data)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_calendar_of_the_packages(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([path for path in FILES if path.stat().st_size < 20_000]))
    survives(data.draw(damaged(path.read_bytes())))
