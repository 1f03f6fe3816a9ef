"""What real calendars do to RFC 5545, one habit a test, in literal iCalendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from convenor.interop.ics.expand import expand_events
from convenor.interop.ics.objects import Attendee, Organizer
from convenor.interop.ics.problems import SENTENCES, ProblemCode, Severity
from convenor.interop.ics.read import read_calendar
from tests.interop.ics.calendars import (
    BUCHAREST,
    UTC_ZONE,
    at,
    calendar_text,
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


# --- The text itself ---------------------------------------------------------------------------------------------------------------------

WHOLE = calendar_text(
    *event_lines(START, END, "SUMMARY:Ședință în București, sala mare de la etajul întâi", "LOCATION:Sala 2")
)


@pytest.mark.parametrize(
    "data",
    [
        WHOLE,
        WHOLE.replace(b"\r\n", b"\n"),
        WHOLE.replace(b"\r\n", b"\r"),
        WHOLE.replace(b"\r\n", b"\r\r\n"),
        b"\xef\xbb\xbf" + WHOLE,
        WHOLE.decode().encode("utf-16"),
        WHOLE.decode().encode("utf-16-le"),
        WHOLE.decode().encode("utf-16-be"),
        # Folded, with tabs, and in the middle of the character "în" (octets, not characters: §3.1).
        WHOLE.replace(b" \xc3\xaen ", b" \xc3\r\n \xaen ").replace(b"sala mare", b"sala\r\n\t mare"),
        WHOLE.replace(b"BEGIN:VCALENDAR\r\n", b"\r\n\r\nBegin:vcalendar\r\n").replace(b"UID:", b"uid:"),
    ],
)
def test_encodings_and_line_ends(data: bytes) -> None:
    calendar = read_calendar(data, default_zone=BUCHAREST)
    assert calendar == read_calendar(WHOLE, default_zone=BUCHAREST)
    assert calendar.sets[0].master is not None
    assert calendar.sets[0].master.summary == "Ședință în București, sala mare de la etajul întâi"


def test_text_that_is_not_utf_8() -> None:
    data = calendar_text(*event_lines(START, "SUMMARY:MARK")).replace(
        b"MARK", "Réunion “générale”".encode("cp1252")
    )
    calendar = read_calendar(data, default_zone=BUCHAREST)
    assert calendar.sets[0].master is not None
    assert calendar.sets[0].master.summary == "Réunion “générale”"
    assert [problem.code for problem in calendar.problems] == [ProblemCode.CHARSET_GUESSED]


def test_a_description_broken_over_lines_without_folding() -> None:
    event, problems = read_event(
        START, "DESCRIPTION:Agenda", "1. Budget", "Note: bring the figures", "SUMMARY:Board"
    )
    assert event.description == "Agenda\n1. Budget\nNote: bring the figures"
    assert event.summary == "Board"
    assert problems == [ProblemCode.LINE_JOINED, ProblemCode.LINE_JOINED]


def test_nul_and_control_characters() -> None:
    event, problems = read_event(START, "SUMMARY:Bud\0get \x07 😀")
    assert (event.summary, problems) == ("Budget 😀", [ProblemCode.CONTROL_CHARACTERS])


def test_several_calendars_in_one_file() -> None:
    first = calendar_text(
        "X-WR-CALNAME:One", "X-WR-TIMEZONE:Europe/Lisbon", *event_lines("DTSTART:20260302T090000", uid="a")
    )
    second = calendar_text("X-WR-TIMEZONE:Asia/Kolkata", *event_lines("DTSTART:20260302T090000", uid="b"))
    calendar = read_calendar(first + second, default_zone=BUCHAREST)
    assert [one.master.start for one in calendar.sets if one.master] == [
        at("2026-03-02 09:00", "Europe/Lisbon"),
        at("2026-03-02 09:00", "Asia/Kolkata"),
    ]
    assert (calendar.name, calendar.zone) == ("One", "Europe/Lisbon")


def test_events_without_a_calendar_around_them() -> None:
    calendar = read_calendar("\n".join(event_lines(START)).encode(), default_zone=BUCHAREST)
    assert len(calendar.sets) == 1
    assert [problem.code for problem in calendar.problems] == [ProblemCode.WRAPPER_MISSING]


def test_what_the_calendar_says_of_itself() -> None:
    calendar = read(
        "NAME:Team",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        "METHOD:publish",
        "X-WR-TIMEZONE:GTB Standard Time",
    )
    assert (calendar.name, calendar.refresh, calendar.method) == ("Team", timedelta(hours=12), "PUBLISH")
    assert calendar.zone == BUCHAREST
    assert read("X-PUBLISHED-TTL:PT1S").refresh == timedelta(minutes=5)


def test_free_and_busy_periods() -> None:
    calendar = read(
        "BEGIN:VFREEBUSY",
        "ATTENDEE:mailto:bob@example.org",
        "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260302T070000Z/PT1H,20260302T090000Z/20260302T100000Z",
        "FREEBUSY;FBTYPE=FREE:20260303T070000Z/PT1H",
        "FREEBUSY:20260304T070000Z/rubbish,20260305T070000Z/PT30M",
        "END:VFREEBUSY",
    )
    assert [(each.email, each.kind, each.end - each.start) for each in calendar.busy] == [
        ("bob@example.org", "BUSY-TENTATIVE", 3600),
        ("bob@example.org", "BUSY-TENTATIVE", 3600),
        ("bob@example.org", "BUSY", 1800),
    ]
    assert [problem.code for problem in calendar.problems] == [ProblemCode.VALUE_IGNORED]


# --- One broken component never hides the rest -------------------------------------------------------------------------------------------


def test_problems_say_where_they_are() -> None:
    calendar = read(
        *event_lines(START, uid="good@example.org"),
        *event_lines("DTSTART:yesterday", uid="bad@example.org"),
        "BEGIN:VTODO", "UID:todo@example.org", "SUMMARY:Buy cups", "END:VTODO",
        *event_lines("SUMMARY:no start", uid="worse@example.org"),
        *event_lines(START, uid="also-good@example.org"),
    )  # fmt: skip
    assert [one.uid for one in calendar.sets] == ["good@example.org", "also-good@example.org"]
    assert [(each.code, each.component, each.line, each.uid) for each in calendar.problems] == [
        (ProblemCode.VALUE_UNREADABLE, 2, 11, "bad@example.org"),
        (ProblemCode.NOT_IMPORTED, 3, 13, "todo@example.org"),
        (ProblemCode.START_MISSING, 4, 17, "worse@example.org"),
    ]
    assert calendar.problems[0].sentence == "DTSTART says “yesterday”, which can't be read."


def test_missing_and_stray_ends() -> None:
    calendar = read(
        "BEGIN:VEVENT", "UID:open@example.org", START, *event_lines(START), "END:VEVENT", "END:VALARM"
    )
    assert [one.uid for one in calendar.sets] == ["one@example.org"]
    assert [each.code for each in calendar.problems] == [
        ProblemCode.END_MISSING,
        ProblemCode.END_UNMATCHED,
        ProblemCode.END_UNMATCHED,
    ]


def test_a_file_cut_off() -> None:
    whole = calendar_text(*event_lines(START, uid="a"), *event_lines(START, uid="b"))
    calendar = read_calendar(whole[: whole.index(b"UID:b") + 10], default_zone=BUCHAREST)
    assert [one.uid for one in calendar.sets] == ["a"]
    assert refused(calendar) == [ProblemCode.END_MISSING]


@pytest.mark.parametrize(
    "data",
    [b"", b"\0\0\0", b"<html><body>Sign in</body></html>", b"name,email\nAna,ana@example.org\n", b"\xff\xfe"],
)
def test_what_is_no_calendar(data: bytes) -> None:
    calendar = read_calendar(data, default_zone=BUCHAREST)
    assert refused(calendar) == [ProblemCode.NOT_A_CALENDAR]


def test_other_calendar_systems_are_refused() -> None:
    assert refused(read("CALSCALE:CHINESE", *event_lines(START))) == [ProblemCode.CALENDAR_SCALE]


def test_every_problem_has_a_sentence() -> None:
    assert SENTENCES.keys() == set(ProblemCode)
