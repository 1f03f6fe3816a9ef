"""What an import makes of the oddities of calendars, in literal iCalendar."""

from __future__ import annotations

from pathlib import Path

import icalendar
import pytest
import recurring_ical_events

from convenor.base.actor import Actor
from convenor.interop.calendars.exporting import export_calendar
from convenor.interop.calendars.importing import import_calendar
from convenor.interop.calendars.report import ImportReport
from convenor.kernel.instants import Span, ZoneName, instant_of
from convenor.scheduling.models import Booking, Meeting, Occurrence
from tests.factories.cast import bob
from tests.factories.scheduling import NOW, make_meeting, utc
from tests.factories.venues import RoomFactory

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")
SERIES = """UID:s
SEQUENCE:%d
DTSTART;TZID=Europe/Bucharest:20261207T100000
DTEND;TZID=Europe/Bucharest:20261207T110000
RRULE:FREQ=WEEKLY;COUNT=4
SUMMARY:%s
ORGANIZER:mailto:bob@example.org"""
CHANGE = """UID:s
RECURRENCE-ID%s;TZID=Europe/Bucharest:20261214T100000
DTSTART;TZID=Europe/Bucharest:20261214T140000
DTEND;TZID=Europe/Bucharest:20261214T150000
SUMMARY:Review
ORGANIZER:mailto:bob@example.org"""
PLAIN, MOVED = SERIES % (0, "Review"), CHANGE % ""


def bring_in(*events: str, dry_run: bool = False) -> ImportReport:
    text = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    return taken(f"BEGIN:VCALENDAR\nVERSION:2.0\n{text}END:VCALENDAR\n".encode(), dry_run=dry_run)


def taken(data: bytes, *, dry_run: bool = False) -> ImportReport:
    return import_calendar(
        actor=SYSTEM, data=data, name="File", default_zone=ZoneName("UTC"), now=NOW, dry_run=dry_run
    )


def starts() -> list[str]:
    rows = Occurrence.objects.filter(state="scheduled").order_by("starts_at")
    return [f"{row.starts_at:%m-%d %H}" for row in rows]


def test_a_changed_date_is_moved() -> None:
    report = bring_in(PLAIN, MOVED)
    assert (report.counts["created"], report.refused, report.people) == (1, [], ["bob <bob@example.org>"])
    assert starts() == ["12-07 08", "12-14 12", "12-21 08", "12-28 08"]


def test_a_change_without_its_series_is_a_meeting_of_its_own() -> None:
    report = bring_in(MOVED)
    assert (report.counts["created"], starts()) == (1, ["12-14 12"])
    assert "a change of a series that the file doesn't hold" in report.repaired[0].sentence


def test_this_and_all_following_move() -> None:
    bring_in(PLAIN, CHANGE % ";RANGE=THISANDFUTURE")
    assert starts() == ["12-07 08", "12-14 12", "12-21 12", "12-28 12"]


def test_newer_versions_change_and_older_ones_are_passed_over() -> None:
    bring_in(SERIES % (2, "Review"))
    assert bring_in(SERIES % (3, "Retro")).counts["changed"] == 1
    assert Meeting.objects.get().title == "Retro"
    report = bring_in(SERIES % (1, "Old"))
    assert (report.counts["unchanged"], report.changes_something) == (1, False)
    assert report.repaired[0].sentence == "The file has version 1 of the event; version 3 is here already."
    assert Meeting.objects.get().title == "Retro"


def test_a_room_is_booked_where_it_is_free_and_a_clash_is_told() -> None:
    room = RoomFactory.create(code="A1", capacity=20)
    make_meeting(bob(), room=room)
    report = bring_in(f"{PLAIN}\nLOCATION:A1")
    assert report.counts["created"] == 1
    assert Booking.objects.filter(room=room, occurrence__meeting__uid="s").count() == 3
    assert len(report.repaired) == 1


def test_what_cannot_be_read_does_not_hold_up_the_rest() -> None:
    report = bring_in("UID:bad\nSUMMARY:No start", PLAIN)
    assert (report.counts["created"], len(report.refused)) == (1, 1)
    assert (report.refused[0].uid, report.refused[0].line) == ("bad", 3)


def test_a_dry_run_writes_nothing() -> None:
    assert bring_in(PLAIN, dry_run=True).counts["created"] == 1
    assert not Meeting.objects.exists()


def test_what_goes_out_comes_in_the_same() -> None:
    bring_in(PLAIN, MOVED)
    before = list(Occurrence.objects.order_by("starts_at").values_list("starts_at", "ends_at"))
    span = Span(instant_of(utc("2026-12-01")), instant_of(utc("2027-01-10")))
    organiser = Meeting.objects.get().organiser_id
    data = export_calendar(actor=SYSTEM, person_id=organiser, span=span, now=NOW)
    Meeting.objects.all().delete()
    assert taken(data).counts["created"] == 1
    assert list(Occurrence.objects.order_by("starts_at").values_list("starts_at", "ends_at")) == before


def test_the_calendars_of_other_packages_are_imported_or_refused() -> None:
    folders = (Path(icalendar.__file__).parent, Path(recurring_ical_events.__file__).parent)
    files = [path for folder in folders for path in sorted(folder.rglob("*.ics"))][::3]
    assert len(files) > 80
    for path in files:
        report = taken(path.read_bytes(), dry_run=True)
        assert not report.is_applied
        assert all(len(each.sentence) > 15 for each in (*report.refused, *report.repaired)), path.name
