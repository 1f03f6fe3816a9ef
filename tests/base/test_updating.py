"""Many rows, each with values of its own, in one round trip."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.base.updating import update_rows
from convenor.people.models import Leave
from convenor.scheduling.models import Meeting, Occurrence
from tests.factories.people import LeaveFactory, PersonFactory
from tests.factories.scheduling import local, make_meeting

pytestmark = pytest.mark.django_db


def test_every_row_gets_its_own_values_and_keeps_the_rest() -> None:
    organiser = PersonFactory()
    meetings = [make_meeting(organiser, title=f"No. {n}").meeting for n in range(3)]
    for n, meeting in enumerate(meetings[:2]):
        meeting.local_start, meeting.exdates = (
            local(f"2027-01-0{n + 1} 10:00"),
            [f"2027-01-0{n + 1}T10:00:00"],
        )
        meeting.title = "not asked for"
    with CaptureQueriesContext(connection) as seen:
        update_rows(meetings[:2], ["local_start", "exdates"])
    assert len(seen) == 1
    rows = list(Meeting.objects.order_by("pk").values_list("title", "local_start", "exdates"))
    assert rows[:2] == [
        ("No. 0", local("2027-01-01 10:00"), ["2027-01-01T10:00:00"]),
        ("No. 1", local("2027-01-02 10:00"), ["2027-01-02T10:00:00"]),
    ]
    assert rows[2] == ("No. 2", local("2026-12-07 10:00"), [])


def test_instants_days_truths_and_keys_of_others_arrive_as_they_are() -> None:
    row = make_meeting(PersonFactory()).meeting.occurrences.get()
    row.starts_at, row.is_override = datetime(2026, 12, 7, 7, 30, tzinfo=UTC), True
    update_rows([row], ["starts_at", "is_override"])
    again = Occurrence.objects.get()
    assert (again.starts_at, again.is_override) == (row.starts_at, True)
    leave, other = LeaveFactory(), PersonFactory()
    leave.ends_on, leave.person = date(2030, 1, 1), other
    update_rows([leave], ["ends_on", "person"])
    assert Leave.objects.values_list("ends_on", "person").get() == (date(2030, 1, 1), other.pk)


def test_nothing_to_do_asks_nothing_of_the_database() -> None:
    with CaptureQueriesContext(connection) as seen:
        update_rows([], ["title"])
    assert len(seen) == 0
