"""What real calendars do to RFC 5545, one habit a test, in literal iCalendar."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from convenor.interop.ics.expand import expand_events
from convenor.interop.ics.objects import Attendee, Organizer
from convenor.interop.ics.problems import ProblemCode, Severity
from tests.interop.ics.calendars import (
    UTC_ZONE,
    at,
    event_lines,
    read,
    read_event,
    refused,
    span,
)

START = "DTSTART;TZID=Europe/Bucharest:20260302T090000"
END = "DTEND;TZID=Europe/Bucharest:20260302T100000"


def test_every_property_of_an_event() -> None:
    event, problems = read_event(
        START,
        END,
        "SEQUENCE:3",
        "SUMMARY:Budget\\, second round\\; with Ștefan",
        "DESCRIPTION:First line\\nSecond line \\\\ backslash",
        "LOCATION:Room 1\\, 2nd floor",
        'ORGANIZER;CN="Popescu, Ana";SENT-BY="mailto:office@example.org":MAILTO:Ana.Popescu@Example.org',
        "ATTENDEE;CN=Bob;ROLE=CHAIR;PARTSTAT=ACCEPTED;RSVP=TRUE:mailto:bob@example.org",
        'ATTENDEE;CUTYPE=ROOM;DELEGATED-FROM="mailto:x@example.org":mailto:room1@example.org',
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "CLASS:CONFIDENTIAL",
        "CREATED:20251201T080000Z",
        "LAST-MODIFIED:20251202T080000Z",
        "CATEGORIES:Finance,Board\\, quarterly",
        "URL:https://example.org/b?x=1,2",
    )
    assert problems == []
    assert (event.start, event.end, event.sequence) == (at("2026-03-02 09:00"), at("2026-03-02 10:00"), 3)
    assert event.summary == "Budget, second round; with Ștefan"
    assert event.description == "First line\nSecond line \\ backslash"
    assert event.organizer == Organizer("ana.popescu@example.org", "Popescu, Ana", "office@example.org")
    assert event.attendees == (
        Attendee("bob@example.org", "Bob", role="CHAIR", partstat="ACCEPTED", rsvp=True),
        Attendee("room1@example.org", cutype="ROOM", delegated_from="x@example.org"),
    )
    assert (event.status, event.transparent, event.classification) == ("CONFIRMED", True, "CONFIDENTIAL")
    assert event.created == datetime(2025, 12, 1, 8, tzinfo=UTC)
    assert event.last_modified == datetime(2025, 12, 2, 8, tzinfo=UTC)
    assert event.categories == ("Finance", "Board, quarterly")
    assert (event.location, event.url) == ("Room 1, 2nd floor", "https://example.org/b?x=1,2")


@pytest.mark.parametrize(
    ("lines", "start", "end"),
    [
        (["DTSTART:20260302T090000Z", "DTEND:20260302T100000Z"], at("2026-03-02 09:00", "UTC"), at("2026-03-02 10:00", "UTC")),
        (["DTSTART:20260302T090000", "DURATION:PT45M"], at("2026-03-02 09:00"), at("2026-03-02 09:45")),
        (["DTSTART:20260302T090000"], at("2026-03-02 09:00"), at("2026-03-02 09:00")),
        (["DTSTART:20260302T0900", "DTEND:2026-03-02T10:00:00"], at("2026-03-02 09:00"), at("2026-03-02 10:00")),
        (["DTSTART:20260302T240000", "DURATION:P1D"], at("2026-03-03 00:00"), at("2026-03-04 00:00")),
        # Clocks go forward on the 29th: a day is not 24 hours.
        (["DTSTART:20260328T120000", "DURATION:P1D"], at("2026-03-28 12:00"), at("2026-03-29 12:00")),
        (["DTSTART:20260328T120000", "DURATION:PT24H"], at("2026-03-28 12:00"), at("2026-03-29 13:00")),
        (["DTSTART;VALUE=DATE:20260302"], date(2026, 3, 2), date(2026, 3, 3)),
        (["DTSTART;VALUE=DATE:20260302", "DTEND;VALUE=DATE:20260305"], date(2026, 3, 2), date(2026, 3, 5)),
        (["DTSTART:20260302", "DTEND:20260302"], date(2026, 3, 2), date(2026, 3, 3)),
        (["DTSTART;VALUE=DATE:20260302", "DURATION:P1W"], date(2026, 3, 2), date(2026, 3, 9)),
        (["DTSTART;TZID=America/New_York:20260302T090000", "DTEND;TZID=Europe/Lisbon:20260302T200000"],
         at("2026-03-02 09:00", "America/New_York"), at("2026-03-02 20:00", "Europe/Lisbon")),
    ],
)  # fmt: skip
def test_start_and_end(lines: list[str], start: object, end: object) -> None:
    event, problems = read_event(*lines)
    assert (event.start, event.end, problems) == (start, end, [])


def test_end_before_start_is_swapped_and_told() -> None:
    event, problems = read_event("DTSTART:20260302T100000", "DTEND:20260302T090000")
    assert (event.start, event.end) == (at("2026-03-02 09:00"), at("2026-03-02 10:00"))
    assert problems == [ProblemCode.END_BEFORE_START]


def test_date_and_time_mixed() -> None:
    event, problems = read_event("DTSTART;VALUE=DATE:20260302", "DTEND:20260304T000000Z")
    assert (event.start, event.end) == (date(2026, 3, 2), date(2026, 3, 4))
    assert problems == [ProblemCode.DATE_AND_TIME_MIXED]
    event, problems = read_event("DTSTART;VALUE=DATE:20260302", "DTEND:20260302T120000")
    assert (event.start, event.end) == (at("2026-03-02 00:00"), at("2026-03-02 12:00"))


# --- Repetition --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("FREQ=WEEKLY;UNTIL=20260330T060000Z", "FREQ=WEEKLY;UNTIL=20260330T060000Z"),
        ("FREQ=WEEKLY;UNTIL=20260330T090000", "FREQ=WEEKLY;UNTIL=20260330T060000Z"),
        ("FREQ=WEEKLY;UNTIL=20260330", "FREQ=WEEKLY;UNTIL=20260330"),
        ("freq=weekly; byday=mo, we;interval=1", "FREQ=WEEKLY;BYDAY=MO,WE"),
        ("FREQ=WEEKLY;WKST=MO;", "FREQ=WEEKLY"),
        ("RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=OMIT", "FREQ=MONTHLY"),
    ],
)
def test_rules_in_one_form(rule: str, text: str) -> None:
    event, problems = read_event(START, END, f"RRULE:{rule}")
    assert (event.rrule, problems) == (text, [])


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("FREQ=DAILY;COUNT=-1", "FREQ=DAILY"),
        ("FREQ=DAILY;INTERVAL=0", "FREQ=DAILY"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20261231", "FREQ=DAILY;COUNT=3"),
        ("FREQ=DAILY;X-COLOUR=RED", "FREQ=DAILY"),
    ],
)
def test_parts_without_meaning_are_left_out_and_told(rule: str, text: str) -> None:
    event, problems = read_event(START, END, f"RRULE:{rule}")
    assert (event.rrule, problems) == (text, [ProblemCode.RULE_PART_IGNORED])


@pytest.mark.parametrize(
    "rule",
    ["FREQ=SECONDLY", "FREQ=SOMETIMES", "BYDAY=MO", "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;UNTL=20260101"],
)
def test_a_rule_that_says_nothing_clear_is_refused(rule: str) -> None:
    calendar = read(*event_lines(START, END, f"RRULE:{rule}"))
    assert calendar.sets == ()
    [problem] = calendar.problems
    assert (problem.code, problem.severity) == (ProblemCode.RULE_UNREADABLE, Severity.REFUSED)
    assert rule in problem.sentence


def test_until_of_whole_days() -> None:
    start = "DTSTART;VALUE=DATE:20260302"
    for until, text in (
        ("20260309", "20260309"),
        ("20260309T000000Z", "20260309"),
        ("20260308T220000Z", "20260309"),  # Outlook: local midnight, in UTC
        ("20260309T235959", "20260309"),
    ):
        assert read_event(start, f"RRULE:FREQ=DAILY;UNTIL={until}")[0].rrule == f"FREQ=DAILY;UNTIL={text}"


def test_a_rule_that_ended_before_it_began() -> None:
    calendar = read(*event_lines(START, END, "RRULE:FREQ=WEEKLY;UNTIL=20260101T000000Z"))
    assert (calendar.sets, refused(calendar)) == ((), [ProblemCode.RULE_WITHOUT_DATES])


def test_a_second_rule_becomes_dates() -> None:
    event, problems = read_event(START, END, "RRULE:FREQ=MONTHLY;COUNT=2", "RRULE:FREQ=WEEKLY")
    assert (event.rrule, event.rdates) == ("FREQ=WEEKLY", (at("2026-03-02 09:00"), at("2026-04-02 09:00")))
    assert problems == [ProblemCode.RULES_MERGED]
    assert refused(read(*event_lines(START, "RRULE:FREQ=DAILY", "RRULE:FREQ=YEARLY"))) == [
        ProblemCode.RULES_ENDLESS
    ]


@pytest.mark.parametrize(
    "exdate",
    [
        "EXDATE;TZID=Europe/Bucharest:20260309T090000",
        "EXDATE:20260309T070000Z",
        "EXDATE;VALUE=DATE:20260309",
        "EXDATE:20260309",
        "EXDATE;TZID=America/New_York:20260309T030000",
        "EXDATE;TZID=GTB Standard Time:20260309T090000",
        "EXDATE:20260309T090000",
        "EXDATE;VALUE=DATE-TIME;TZID=Europe/Bucharest: 20260309T090000 ,",
    ],
)
def test_exdate_in_odd_forms(exdate: str) -> None:
    event, problems = read_event(START, END, "RRULE:FREQ=WEEKLY", exdate)
    assert (event.exdates, problems) == ((at("2026-03-09 09:00"),), [])


def test_exdate_lists_and_rubbish_among_them() -> None:
    event, problems = read_event(
        START,
        END,
        "RRULE:FREQ=WEEKLY",
        "EXDATE:20260309T070000Z,20260316T070000Z,soon",
        "EXDATE:20260309T070000Z",
    )
    assert event.exdates == (at("2026-03-09 09:00"), at("2026-03-16 09:00"))
    assert problems == [ProblemCode.VALUE_IGNORED]


def test_a_bare_exdate_strikes_out_all_of_its_day() -> None:
    event, _ = read_event(START, END, "RRULE:FREQ=DAILY;BYHOUR=9,15", "EXDATE;VALUE=DATE:20260309")
    assert event.exdates == (at("2026-03-09 09:00"), at("2026-03-09 15:00"))


def test_exdate_of_whole_days() -> None:
    for exdate in ("EXDATE;VALUE=DATE:20260309", "EXDATE:20260309T000000Z", "EXDATE:20260308T220000Z"):
        event, _ = read_event("DTSTART;VALUE=DATE:20260302", "RRULE:FREQ=WEEKLY", exdate)
        assert event.exdates == (date(2026, 3, 9),)


def test_rdate_with_a_length_of_its_own() -> None:
    calendar = read(
        *event_lines(START, END, "RDATE;VALUE=PERIOD:20260303T070000Z/PT3H,20260304T070000Z/20260304T080000Z")
    )
    [one] = calendar.sets
    assert one.master is not None
    assert one.master.rdates == (at("2026-03-03 09:00"), at("2026-03-04 09:00"))
    assert [(each.start, each.end) for each in one.overrides] == [
        (at("2026-03-03 09:00"), at("2026-03-03 12:00")),
        (at("2026-03-04 09:00"), at("2026-03-04 10:00")),
    ]


# --- Masters and overrides ---------------------------------------------------------------------------------------------------------------

SERIES = event_lines(START, END, "RRULE:FREQ=WEEKLY;COUNT=4", "SEQUENCE:1", "SUMMARY:Weekly")


@pytest.mark.parametrize(
    "rid",
    [
        "RECURRENCE-ID;TZID=Europe/Bucharest:20260309T090000",
        "RECURRENCE-ID:20260309T070000Z",
        "RECURRENCE-ID;VALUE=DATE:20260309",
        "RECURRENCE-ID;TZID=America/Los_Angeles:20260309T000000",
        "RECURRENCE-ID:20260309T090000",
    ],
)
def test_an_override_finds_its_occurrence(rid: str) -> None:
    calendar = read(
        *SERIES, *event_lines(rid, "DTSTART:20260310T120000Z", "DTEND:20260310T130000Z", "SEQUENCE:1")
    )
    [one] = calendar.sets
    [change] = one.overrides
    assert change.recurrence_id == at("2026-03-09 09:00")
    found = expand_events(calendar, span("2026-01-01", "2027-01-01"), zone=UTC_ZONE)
    assert [datetime.fromtimestamp(each.start, UTC).isoformat()[5:16] for each in found] == [
        "03-02T07:00",
        "03-10T12:00",
        "03-16T07:00",
        "03-23T07:00",
    ]
    assert calendar.problems == ()


def test_an_override_of_whole_days_named_by_a_time() -> None:
    calendar = read(
        *event_lines("DTSTART;VALUE=DATE:20260302", "RRULE:FREQ=WEEKLY"),
        *event_lines("RECURRENCE-ID:20260308T220000Z", "DTSTART;VALUE=DATE:20260310"),
    )
    assert calendar.sets[0].overrides[0].recurrence_id == date(2026, 3, 9)


def test_this_and_all_following() -> None:
    calendar = read(
        *SERIES,
        *event_lines(
            "RECURRENCE-ID;RANGE=THISANDFUTURE:20260316T070000Z",
            "DTSTART:20260316T080000Z",
            "DTEND:20260316T100000Z",
        ),
    )
    found = expand_events(calendar, span("2026-01-01", "2027-01-01"), zone=UTC_ZONE)
    assert [
        (datetime.fromtimestamp(each.start, UTC).isoformat()[5:16], each.end - each.start) for each in found
    ] == [
        ("03-02T07:00", 3600),
        ("03-09T07:00", 3600),
        ("03-16T08:00", 7200),
        ("03-23T08:00", 7200),
    ]
    assert calendar.problems == ()


def test_changes_that_count_no_more() -> None:
    stale = event_lines("RECURRENCE-ID:20260310T070000Z", "DTSTART:20260311T070000Z", "SEQUENCE:0")
    assert refused(read(*SERIES, *stale)) == [ProblemCode.OVERRIDE_STALE]
    deleted = event_lines("RECURRENCE-ID:20260309T070000Z", "DTSTART:20260311T070000Z", "SEQUENCE:1")
    series = event_lines(START, "RRULE:FREQ=WEEKLY", "EXDATE:20260309T070000Z")
    assert refused(read(*series, *deleted)) == [ProblemCode.OVERRIDE_EXCLUDED]


def test_a_change_without_its_series() -> None:
    calendar = read(*event_lines("RECURRENCE-ID:20260309T070000Z", START, END))
    [one] = calendar.sets
    assert one.master is None
    assert [each.start for each in one.overrides] == [at("2026-03-02 09:00")]
    assert [problem.code for problem in calendar.problems] == [ProblemCode.OVERRIDE_WITHOUT_SERIES]


def test_of_two_events_with_one_uid_the_newer_counts() -> None:
    old, new = (
        event_lines(START, "SEQUENCE:1", "SUMMARY:Old"),
        event_lines(START, "SEQUENCE:2", "SUMMARY:New"),
    )
    for order in ([*old, *new], [*new, *old]):
        calendar = read(*order)
        assert [one.master.summary for one in calendar.sets if one.master] == ["New"]
        assert refused(calendar) == [ProblemCode.UID_DUPLICATED]
    assert read(*old, *old).problems == ()


def test_an_event_without_uid_gets_the_same_one_each_time() -> None:
    lines = ["BEGIN:VEVENT", START, "SUMMARY:Nameless", "END:VEVENT"]
    first, again = read(*lines), read(*lines)
    assert first.sets == again.sets
    assert [problem.code for problem in first.problems] == [ProblemCode.UID_MISSING]
