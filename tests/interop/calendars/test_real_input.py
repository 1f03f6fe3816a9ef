"""The real calendar, with its people: all of it comes in, and says what the reference library says."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import icalendar
import pytest
import recurring_ical_events

from convenor.base.actor import Actor
from convenor.base.models import AuditEntry
from convenor.interop.calendars.importing import import_calendar
from convenor.interop.csv.imports import apply, read_people
from convenor.kernel.instants import ZoneName, instant_of
from convenor.people.models import Person
from convenor.scheduling.models import Attendee, Meeting, Occurrence, StaleScope

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
SYSTEM = Actor.system("tests")
DATA = Path(__file__).parents[4] / "shared" / "data"


def real(name: str) -> bytes:
    file = DATA / name
    if not file.is_file():
        pytest.fail(f"The real input is missing: shared/data/{name} belongs beside the checkout.")
    return file.read_bytes()


def test_all_of_it_is_imported_and_the_next_quarter_is_the_libraries_own() -> None:
    data = real("kubernetes-meetings.ics")
    people = apply(SYSTEM, read_people(real("kubernetes-people.csv")), now=NOW)
    assert (len(people.created), people.refused) == (129, ())

    report = import_calendar(
        actor=SYSTEM, data=data, name="Kubernetes", default_zone=ZoneName("UTC"), now=NOW
    )
    assert report.counts == {
        "created": 72,
        "changed": 0,
        "unchanged": 0,
        "cancelled": 0,
        "refused": 0,
        "repaired": 0,
        "people": 0,
    }
    assert Person.objects.count() == 129
    in_the_file = set(re.findall(rb"mailto:(p\d+@example\.org)", re.sub(rb"\r?\n ", b"", data)))
    assert Attendee.objects.values("person").distinct().count() == len(in_the_file) == 117
    assert Meeting.objects.exclude(rrule="").filter(source__name="Kubernetes").count() == 72
    assert AuditEntry.objects.filter(action="meeting.created").count() == 72
    assert StaleScope.objects.count() >= 1

    until = NOW + timedelta(days=92)
    theirs = Counter(
        (str(each["UID"]), instant_of(each["DTSTART"].dt), instant_of(each["DTEND"].dt))
        for each in recurring_ical_events.of(icalendar.Calendar.from_ical(data)).between(NOW, until)
    )
    rows = Occurrence.objects.filter(starts_at__lt=until, ends_at__gt=NOW).values_list(
        "meeting__uid", "starts_at", "ends_at"
    )
    ours = Counter((uid, instant_of(start), instant_of(end)) for uid, start, end in rows)
    assert sum(theirs.values()) > 500
    assert ours == theirs

    entries = AuditEntry.objects.count()
    again = import_calendar(actor=SYSTEM, data=data, name="Kubernetes", default_zone=ZoneName("UTC"), now=NOW)
    assert (again.counts["unchanged"], again.changes_something) == (72, False)
    assert AuditEntry.objects.count() == entries
