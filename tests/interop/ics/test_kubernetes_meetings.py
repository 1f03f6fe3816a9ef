"""The real calendar: 72 meetings in four zones, with its VTIMEZONEs as lists of RDATEs."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import icalendar
import pytest
import recurring_ical_events

from convenor.interop.ics.expand import expand_events
from convenor.interop.ics.objects import Calendar
from convenor.interop.ics.read import read_calendar
from convenor.interop.ics.write import write_calendar
from convenor.kernel.instants import datetime_of, instant_of
from tests.interop.ics.calendars import BUCHAREST, UTC_ZONE, span
from tests.interop.ics.test_writing import NOW

FILE = Path(__file__).parents[4] / "shared" / "data" / "kubernetes-meetings.ics"


@pytest.fixture(scope="module")
def data() -> bytes:
    if not FILE.is_file():
        pytest.fail(
            "The real calendar is missing: shared/data/kubernetes-meetings.ics belongs beside the checkout."
        )
    return FILE.read_bytes()


@pytest.fixture(scope="module")
def calendar(data: bytes) -> Calendar:
    return read_calendar(data, default_zone=BUCHAREST)


def test_every_meeting_is_read_without_a_remark(data: bytes, calendar: Calendar) -> None:
    assert len(calendar.sets) == 72
    assert calendar.problems == ()
    assert calendar.name == "Kubernetes community meetings"
    zones = Counter(one.master.zone for one in calendar.sets if one.master is not None)
    assert zones.keys() == {"America/Los_Angeles", "America/New_York", "Europe/Paris", "Europe/Warsaw", "UTC"}
    people = {attendee.email for event in calendar.events() for attendee in event.attendees}
    assert people == {
        each.decode() for each in re.findall(rb"p\d+@example\.org", re.sub(rb"\r?\n ", b"", data))
    }


def test_the_next_two_years_are_those_of_recurring_ical_events(data: bytes, calendar: Calendar) -> None:
    within = span("2026-01-01", "2028-01-01")
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(data)).between(
        datetime_of(within.start), datetime_of(within.end)
    )
    theirs = Counter(
        (str(each["UID"]), instant_of(each["DTSTART"].dt), instant_of(each["DTEND"].dt)) for each in found
    )
    ours = Counter(
        (each.uid, each.start, each.end) for each in expand_events(calendar, within, zone=UTC_ZONE)
    )
    assert ours == theirs
    assert ours.total() > 3_000


def test_written_and_read_again_it_is_the_same(calendar: Calendar) -> None:
    text = write_calendar(calendar.events(), name=calendar.name, now=NOW)
    assert read_calendar(text, default_zone=BUCHAREST).sets == calendar.sets
    assert b"RDATE" not in text
