"""What is written is read back the same, by ours and by others' readers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.interop.ics.lines import escape, fold, quote, unescape
from convenor.interop.ics.objects import Attendee, Event, Organizer, Timed, When
from convenor.interop.ics.read import read_calendar
from convenor.interop.ics.write import write_calendar
from convenor.kernel.instants import LocalTime, ZoneName
from tests.interop.ics.calendars import BUCHAREST, at

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ZONES = ("Europe/Bucharest", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC")

# Text as people type it: no control characters, no line ends, no blanks at either end.
words = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"], exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=60,
)
lines_of_text = st.lists(words, max_size=4).map("\n".join)
emails = st.from_regex(r"[a-z][a-z0-9.+-]{0,20}@[a-z]{1,10}\.example", fullmatch=True)
stamps = st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)
locals_ = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(
    lambda moment: LocalTime(moment.replace(microsecond=0))
)
rules = st.sampled_from(["", "FREQ=WEEKLY", "FREQ=MONTHLY;COUNT=5;BYDAY=2TU", "FREQ=YEARLY;INTERVAL=2"])
attendees = st.builds(
    Attendee,
    email=emails,
    name=words.map(lambda name: name.strip("\"'")),
    role=st.sampled_from(["CHAIR", "REQ-PARTICIPANT", "OPT-PARTICIPANT"]),
    partstat=st.sampled_from(["NEEDS-ACTION", "ACCEPTED", "TENTATIVE"]),
    cutype=st.sampled_from(["INDIVIDUAL", "ROOM"]),
    rsvp=st.booleans(),
    delegated_to=st.just("") | emails,
)


@st.composite
def times(draw: st.DrawFn) -> tuple[When, When, list[When]]:
    """Start, end, and some later dates of the same kind."""
    first = draw(locals_)
    length = timedelta(minutes=draw(st.integers(1, 3_000)))
    later = [first + timedelta(days=day) for day in draw(st.sets(st.integers(1, 400), max_size=3))]
    if draw(st.booleans()):
        days = sorted(moment.date() for moment in later)
        return first.date(), first.date() + timedelta(days=1 + length.days), list(days)
    zone = ZoneName(draw(st.sampled_from(ZONES)))
    return (
        Timed(first, zone),
        Timed(LocalTime(first + length), zone),
        [Timed(LocalTime(each), zone) for each in sorted(later)],
    )


@st.composite
def events(draw: st.DrawFn) -> Event:
    start, end, later = draw(times())
    return Event(
        uid=draw(words),
        start=start,
        end=end,
        sequence=draw(st.integers(0, 99)),
        summary=draw(words),
        description=draw(lines_of_text),
        location=draw(st.just("") | words),
        organizer=draw(
            st.none() | st.builds(Organizer, email=emails, name=words.map(lambda name: name.strip("\"'")))
        ),
        attendees=tuple({each.email: each for each in draw(st.lists(attendees, max_size=4))}.values()),
        rrule=draw(rules),
        rdates=tuple(later[:1]),
        exdates=tuple(later[1:]),
        status=draw(st.sampled_from(["", "CONFIRMED", "TENTATIVE", "CANCELLED"])),
        transparent=draw(st.booleans()),
        classification=draw(st.sampled_from(["PUBLIC", "PRIVATE", "CONFIDENTIAL"])),
        created=draw(st.none() | stamps),
        last_modified=draw(stamps),
        categories=tuple(dict.fromkeys(draw(st.lists(words, max_size=3)))),
        url=draw(st.sampled_from(["", "https://example.org/a?b=c,d;e"])),
    )


@settings(max_examples=50, deadline=None)
@given(st.lists(events(), max_size=2, unique_by=lambda event: event.uid))
def test_what_is_written_is_read_back_the_same(written: list[Event]) -> None:
    data = write_calendar(written, name="Board, meetings; 2026", now=NOW, refresh_minutes=60)
    calendar = read_calendar(data, default_zone=BUCHAREST)
    assert calendar.problems == ()
    assert (calendar.name, calendar.refresh) == ("Board, meetings; 2026", timedelta(hours=1))
    # Times in the hour that clocks skip or show twice come back as they were, too: they are never converted.
    assert list(calendar.events()) == written
    assert (
        write_calendar(calendar.events(), name="Board, meetings; 2026", now=NOW, refresh_minutes=60) == data
    )
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    data.decode()


def test_a_series_with_its_changes() -> None:
    series = Event(
        "a@x",
        at("2026-03-02 09:00"),
        at("2026-03-02 10:00"),
        rrule="FREQ=WEEKLY",
        exdates=(at("2026-03-16 09:00"),),
    )
    moved = replace(
        series,
        start=at("2026-03-10 09:00", "UTC"),
        end=at("2026-03-10 10:00", "UTC"),
        rrule="",
        exdates=(),
        recurrence_id=at("2026-03-09 09:00"),
    )
    following = replace(moved, recurrence_id=at("2026-04-06 09:00"), range_following=True)
    data = write_calendar([series, moved, following], name="", now=NOW)
    assert b"RECURRENCE-ID;TZID=Europe/Bucharest:20260309T090000\r\nDTSTART:20260310T090000Z\r\n" in data
    assert b"RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Bucharest:20260406T090000\r\n" in data
    [one] = read_calendar(data, default_zone=BUCHAREST).sets
    assert [replace(event, last_modified=None) for event in (one.master, *one.overrides) if event] == [
        series,
        moved,
        following,
    ]


def test_the_whole_text() -> None:
    event = Event(
        "a@x",
        date(2026, 3, 2),
        date(2026, 3, 3),
        summary="Offsite; all of us, Ștefan too, for a long day in the mountains with everything that belongs to it",
        organizer=Organizer("ana@example.org", 'Ana "Boss" Pop'),
        attendees=(Attendee("/o=Corp/cn=Bob", "Bob, Jr."),),
        last_modified=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    )
    assert write_calendar([event], name="Mine", now=NOW, refresh_minutes=15).decode() == (
        "BEGIN:VCALENDAR\r\n"
        "VERSION:2.0\r\n"
        "PRODID:-//Convenor//Convenor//EN\r\n"
        "CALSCALE:GREGORIAN\r\n"
        "NAME:Mine\r\n"
        "X-WR-CALNAME:Mine\r\n"
        "REFRESH-INTERVAL;VALUE=DURATION:PT15M\r\n"
        "X-PUBLISHED-TTL:PT15M\r\n"
        "BEGIN:VEVENT\r\n"
        "UID:a@x\r\n"
        "DTSTAMP:20260102T030405Z\r\n"
        "DTSTART;VALUE=DATE:20260302\r\n"
        "DTEND;VALUE=DATE:20260303\r\n"
        "SEQUENCE:0\r\n"
        "SUMMARY:Offsite\\; all of us\\, Ștefan too\\, for a long day in the mountains\r\n"
        "  with everything that belongs to it\r\n"
        "TRANSP:OPAQUE\r\n"
        "LAST-MODIFIED:20260102T030405Z\r\n"
        "ORGANIZER;CN=Ana ^'Boss^' Pop:mailto:ana@example.org\r\n"
        'ATTENDEE;CN="Bob, Jr.";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEED\r\n'
        " S-ACTION:/o=Corp/cn=Bob\r\n"
        "END:VEVENT\r\n"
        "END:VCALENDAR\r\n"
    )


def test_a_message_is_stamped_now_and_a_publication_when_it_changed() -> None:
    event = Event(
        "a@x", at("2026-03-02 09:00"), at("2026-03-02 10:00"), last_modified=datetime(2026, 1, 2, tzinfo=UTC)
    )
    assert b"DTSTAMP:20260102T000000Z" in write_calendar([event], name="", now=NOW)
    message = write_calendar([event], name="", now=NOW, method="REQUEST")
    assert b"METHOD:REQUEST" in message
    assert b"DTSTAMP:20261123T120000Z" in message


@settings(max_examples=50, deadline=None)
@given(st.lists(events(), min_size=1, max_size=2, unique_by=lambda event: event.uid))
def test_icalendar_reads_the_same_times(written: list[Event]) -> None:
    icalendar.use_zoneinfo()
    found: list[Any] = icalendar.Calendar.from_ical(write_calendar(written, name="x", now=NOW)).walk("VEVENT")
    for event, theirs in zip(written, found, strict=True):
        start = theirs["DTSTART"].dt
        if isinstance(event.start, Timed):
            assert start.replace(tzinfo=None) == event.start.local
            assert str(start.tzinfo) == event.start.zone
        else:
            assert start == event.start
        assert str(theirs["SUMMARY"]) == event.summary
        assert str(theirs.get("DESCRIPTION", "")) == event.description


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_folding_keeps_characters_whole(text: str) -> None:
    line = "DESCRIPTION:" + "".join(each for each in text if each not in "\r\n")
    folded = fold(line)
    pieces = folded.removesuffix(b"\r\n").split(b"\r\n ")
    assert all(len(piece) + (i > 0) <= 75 for i, piece in enumerate(pieces))
    assert "".join(piece.decode() for piece in pieces) == line


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=100))
def test_escaping_comes_back(text: str) -> None:
    assert "\n" not in escape(text)
    assert unescape(escape(text)) == text


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Ana", "Ana"),
        ("Pop, Ana", '"Pop, Ana"'),
        ('"Ana"', "^'Ana^'"),
        ("a^b", "a^^b"),
        ("two\nlines", "two^nlines"),
        ("a:b", '"a:b"'),
    ],
)
def test_parameters_in_quotes_and_carets(name: str, written: str) -> None:
    assert quote(name) == written
