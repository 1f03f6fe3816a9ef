"""Weekly hours against a minute-by-minute oracle, and the nights on which clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.kernel.instants import DAY, HOUR, Instant, Span, ZoneName, instant_of
from convenor.kernel.intervals import total_seconds
from convenor.kernel.weekly_hours import (
    ALWAYS,
    OFFICE_WEEK,
    Hours,
    days_span,
    local_days,
    seconds_from,
    seconds_until,
    weekly_spans,
)

BUCHAREST, LISBON, NEW_YORK = (
    ZoneName("Europe/Bucharest"),
    ZoneName("Europe/Lisbon"),
    ZoneName("America/New_York"),
)


def span(start: datetime, days: float) -> Span:
    return Span(instant_of(start), Instant(instant_of(start) + int(days * DAY)))


def test_an_office_week_in_winter_and_in_summer() -> None:
    winter = weekly_spans(OFFICE_WEEK, BUCHAREST, span(datetime(2026, 1, 5, tzinfo=UTC), 7))
    summer = weekly_spans(OFFICE_WEEK, BUCHAREST, span(datetime(2026, 7, 6, tzinfo=UTC), 7))
    assert [len(winter), len(summer)] == [5, 5]
    assert winter[0] == Span(
        instant_of(datetime(2026, 1, 5, 7, tzinfo=UTC)), instant_of(datetime(2026, 1, 5, 15, tzinfo=UTC))
    )
    assert summer[0] == Span(
        instant_of(datetime(2026, 7, 6, 6, tzinfo=UTC)), instant_of(datetime(2026, 7, 6, 14, tzinfo=UTC))
    )


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)]
)
def test_days_are_as_long_as_their_clocks_say(day: date, hours: int) -> None:
    whole = days_span(day, day, BUCHAREST)
    assert (whole.end - whole.start) // HOUR == hours
    assert total_seconds(weekly_spans(ALWAYS, BUCHAREST, whole)) == hours * HOUR


def test_hours_inside_a_gap_leave_nothing() -> None:
    night = (Hours(6, 3 * HOUR, 4 * HOUR),)  # Bucharest jumps from 03:00 to 04:00
    assert weekly_spans(night, BUCHAREST, span(datetime(2026, 3, 28, tzinfo=UTC), 2)) == []


def test_an_exception_replaces_its_day_and_an_empty_one_clears_it() -> None:
    week = span(datetime(2026, 1, 5, tzinfo=UTC), 7)
    changed = weekly_spans(
        OFFICE_WEEK, BUCHAREST, week, {date(2026, 1, 6): [], date(2026, 1, 10): [(10 * HOUR, 12 * HOUR)]}
    )
    assert len(changed) == 5
    assert total_seconds(changed) == (4 * 8 + 2) * HOUR


def test_always_is_one_span_across_midnights() -> None:
    week = span(datetime(2026, 3, 25, tzinfo=UTC), 7)
    assert weekly_spans(ALWAYS, LISBON, week) == [week]


@pytest.mark.parametrize(
    ("clock", "start", "end"), [(time(0), 0, 0), (time(9, 30), 34_200, 34_200), (time(23, 59), 86_340, DAY)]
)
def test_the_last_minute_ends_the_day(clock: time, start: int, end: int) -> None:
    assert (seconds_from(clock), seconds_until(clock)) == (start, end)


def test_local_days_are_the_zones_own() -> None:
    evening = span(datetime(2026, 1, 5, 22, 30, tzinfo=UTC), 0.01)
    assert local_days(BUCHAREST, evening) == [date(2026, 1, 6)]
    assert local_days(NEW_YORK, evening) == [date(2026, 1, 5)]


stretches = st.tuples(st.integers(0, 95), st.integers(1, 96)).filter(lambda pair: pair[0] < pair[1])


@settings(max_examples=40, deadline=None)
@given(
    hours=st.lists(st.tuples(st.integers(0, 6), stretches), max_size=6),
    zone=st.sampled_from([BUCHAREST, LISBON, NEW_YORK]),
    start=st.sampled_from([datetime(2026, 3, 6, 7, tzinfo=UTC), datetime(2026, 10, 23, 20, tzinfo=UTC)]),
    exceptions=st.dictionaries(st.integers(0, 3), st.lists(stretches, max_size=2), max_size=2),
)
def test_every_quarter_of_an_hour_agrees_with_its_wall_clock(
    hours: list[tuple[int, tuple[int, int]]],
    zone: ZoneName,
    start: datetime,
    exceptions: dict[int, list[tuple[int, int]]],
) -> None:
    quarter = 900
    weekly = tuple(Hours(weekday, a * quarter, b * quarter) for weekday, (a, b) in hours)
    first = start.astimezone(ZoneInfo(zone)).date()
    other = {
        first + timedelta(days=n): [(a * quarter, b * quarter) for a, b in s] for n, s in exceptions.items()
    }
    window = span(start, 4)
    found = weekly_spans(weekly, zone, window, other)

    for at in range(window.start, window.end, quarter):
        local = datetime.fromtimestamp(at, ZoneInfo(zone))
        if local.utcoffset() != datetime.fromtimestamp(at + DAY, ZoneInfo(zone)).utcoffset():
            continue  # the night of the change has its own tests: a fold reads ends as the first of the two
        if local.utcoffset() != datetime.fromtimestamp(at - DAY, ZoneInfo(zone)).utcoffset():
            continue
        second = local.hour * HOUR + local.minute * 60
        today = other.get(local.date(), [(h.start, h.end) for h in weekly if h.weekday == local.weekday()])
        assert any(a <= second < b for a, b in today) == any(s.contains(Instant(at)) for s in found)
