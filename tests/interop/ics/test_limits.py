"""Hostile and huge input: refused with a reason, in time and memory that grow with its size and no faster.

Nothing is timed here; what would take for ever or break the stack would not end.
"""

from __future__ import annotations

import tracemalloc

import pytest

from convenor.interop.ics.expand import expand_events
from convenor.interop.ics.objects import Limits
from convenor.interop.ics.problems import ProblemCode
from convenor.interop.ics.read import read_calendar
from convenor.kernel.instants import Span
from tests.interop.ics.calendars import BUCHAREST, UTC_ZONE, calendar_text, event_lines, read, refused, span

START = "DTSTART;TZID=Europe/Bucharest:20260302T090000"


def test_a_file_too_large() -> None:
    calendar = read_calendar(b"x" * 101, default_zone=BUCHAREST, limits=Limits(bytes=100))
    [problem] = calendar.problems
    assert problem.sentence == "The file has 101 bytes; at most 100 are read."


def test_too_many_components_keep_the_first() -> None:
    lines = [line for i in range(30) for line in event_lines(START, uid=str(i))]
    calendar = read(*lines, limits=Limits(components=20))
    assert len(calendar.sets) == 20
    assert refused(calendar) == [ProblemCode.TOO_MANY_COMPONENTS]


def test_a_hundred_thousand_components_inside_each_other() -> None:
    deep = [f"BEGIN:X-{i}" for i in range(100_000)]
    calendar = read(*event_lines(START, uid="a"), *deep, "END:X-1", *event_lines(START, uid="b"))
    assert [one.uid for one in calendar.sets] == ["a", "b"]
    assert len(calendar.problems) < 50
    inside = read("BEGIN:VEVENT", "UID:c", START, *deep[:20], "END:VEVENT")
    assert inside.sets == ()
    assert refused(inside) == [ProblemCode.TOO_DEEP]


def test_ten_megabytes_of_description() -> None:
    calendar = read(*event_lines(START, "DESCRIPTION:" + "long \\n" * 1_500_000))
    assert calendar.sets[0].master is not None
    assert len(calendar.sets[0].master.description) <= Limits().text
    assert [problem.code for problem in calendar.problems] == [ProblemCode.TEXT_SHORTENED]


def test_a_hundred_thousand_stray_lines() -> None:
    calendar = read(*event_lines(START, "DESCRIPTION:start", *["more of it"] * 100_000))
    assert len(calendar.sets) == 1
    assert len(calendar.problems) < 50
    noise = read_calendar(calendar_text(*["END:VEVENT"] * 100_000), default_zone=BUCHAREST)
    assert len(noise.problems) < 50


@pytest.mark.parametrize("name", ["EXDATE", "RDATE", "ATTENDEE", "FREEBUSY"])
def test_too_many_values(name: str) -> None:
    lines = [f"{name}:20260302T090000Z/PT1H" if name == "FREEBUSY" else f"{name}:20260302T090000Z"] * 51
    event = ["BEGIN:VFREEBUSY", *lines, "END:VFREEBUSY"] if name == "FREEBUSY" else event_lines(START, *lines)
    calendar = read(*event, limits=Limits(values=50))
    assert (calendar.sets, calendar.busy) == ((), ())
    assert refused(calendar) == [ProblemCode.TOO_MANY_VALUES]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9;BYMINUTE=0,30",
        "FREQ=YEARLY;BYWEEKNO=53;BYDAY=SU;BYMONTH=6",
        "FREQ=WEEKLY;COUNT=99999",
    ],
)
def test_rules_without_end_or_without_a_date(rule: str) -> None:
    calendar = read(*event_lines(START, f"RRULE:{rule}"))
    assert len(calendar.sets) + len(refused(calendar)) == 1
    found = expand_events(calendar, span("2026-03-01", "2026-04-01"), zone=UTC_ZONE)
    assert len(found) <= 31 * 48


@pytest.mark.parametrize(
    "line",
    [
        "DTSTART:99990101T000000Z",
        "DTSTART:00010101T000000Z",
        "DTSTART:20261301T000000Z",
        "DTSTART:20260230",
        "DTSTART:20260302T250000",
        "DTSTART:٢٠٢٦٠٣٠٢",
        "DTSTART:" + "2" * 100_000,
    ],
)
def test_impossible_starts(line: str) -> None:
    calendar = read(*event_lines(line))
    assert calendar.sets == ()
    assert refused(calendar) in ([ProblemCode.YEAR_OUT_OF_RANGE], [ProblemCode.VALUE_UNREADABLE])
    assert all(len(problem.sentence) < 300 for problem in calendar.problems)


@pytest.mark.parametrize("duration", ["P99999W", "PT999999999S", "-P9999D", "P999999DT9999999H"])
def test_endless_events(duration: str) -> None:
    assert refused(read(*event_lines(START, f"DURATION:{duration}"))) == [ProblemCode.DURATION_TOO_LONG]


def test_absurd_numbers_and_parameters() -> None:
    calendar = read(
        *event_lines(
            f'DTSTART;TZID="{"A/" * 50_000}":20260302T090000',
            "SEQUENCE:" + "9" * 10_000,
            "ATTENDEE;" + "X=1;" * 50_000 + 'CN="' + "n" * 100_000 + '":mailto:a@example.org',
            "CATEGORIES:" + "\\," * 50_000,
        )
    )
    assert len(calendar.sets) == 1


def test_hostile_zone_definitions() -> None:
    lines: list[str] = []
    for i in range(200):
        lines += ["BEGIN:VTIMEZONE", f"TZID:Z{i}", "BEGIN:STANDARD", "DTSTART:16010101T000000"]
        lines += [
            "RRULE:FREQ=SECONDLY",
            "TZOFFSETFROM:+0001",
            f"TZOFFSETTO:+00{i % 60:02}",
            "END:STANDARD",
            "END:VTIMEZONE",
        ]
    events = [
        line for i in range(200) for line in event_lines(f"DTSTART;TZID=Z{i}:20260302T090000", uid=str(i))
    ]
    calendar = read(*lines, *events)
    assert len(calendar.sets) == 200
    assert len(calendar.problems) == 200


def test_memory_stays_near_the_size_of_what_is_kept() -> None:
    data = calendar_text(
        *(line for i in range(1_000) for line in event_lines(START, "X-ALT-DESC:" + "x" * 3_000, uid=str(i)))
    )
    tracemalloc.start()
    try:
        calendar = read_calendar(data, default_zone=BUCHAREST)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(calendar.sets) == 1_000
    # Three megabytes of file: one copy with its line ends made equal, and the events, but never a tree of it all.
    assert peak < 2 * len(data)


def test_a_span_of_a_second() -> None:
    calendar = read(*event_lines(START, "RRULE:FREQ=DAILY"))
    whole = span("2026-03-05", "2026-03-06")
    assert expand_events(calendar, Span(whole.start, type(whole.start)(whole.start + 1)), zone=UTC_ZONE) == []
