"""What real files do to the text of a calendar: encodings, line ends, broken folding, several calendars, ends cut off."""

from __future__ import annotations

from datetime import timedelta

import pytest

from convenor.interop.ics.problems import SENTENCES, ProblemCode
from convenor.interop.ics.read import read_calendar
from tests.interop.ics.calendars import (
    BUCHAREST,
    at,
    calendar_text,
    event_lines,
    read,
    read_event,
    refused,
)

# --- The text itself ---------------------------------------------------------------------------------------------------------------------

START = "DTSTART;TZID=Europe/Bucharest:20260302T090000"
END = "DTEND;TZID=Europe/Bucharest:20260302T100000"
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
