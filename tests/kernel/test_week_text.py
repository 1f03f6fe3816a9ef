"""Weeks as text, both ways."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.kernel.week_text import WeekRow, WeekUnreadable, overlapping_hours, parse_week, week_text

OFFICE = tuple((day, time(9), time(17)) for day in range(5))


@pytest.mark.parametrize(
    "text",
    [
        "Mon-Fri 09:00-17:00",
        "mon – fri 9-17",
        "L-V 9:00-17:00",
        "Luni-Vineri 9.00–17.00",
        "Mo,Tu,We,Th,Fr 09:00-17:00",
        "marți-vineri 9-17; luni 9-17",
        "Monday-Thursday 9-17 | Friday 9-17",
    ],
)
def test_an_office_week_is_written_in_many_ways(text: str) -> None:
    assert parse_week(text) == OFFICE


def test_a_day_may_have_several_stretches_and_end_at_midnight() -> None:
    assert parse_week("Sat 10-12,13:30-24:00") == ((5, time(10), time(12)), (5, time(13, 30), time(23, 59)))


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("whenever", "whenever"),
        ("Mon 9-17; Xyz 9-17", "xyz 9-17"),
        ("Mon 25-26", "mon 25-26"),
        ("9-17", "9-17"),
        ("Mon 9", "mon 9"),
    ],
)
def test_what_can_not_be_read_is_named(text: str, part: str) -> None:
    with pytest.raises(WeekUnreadable) as caught:
        parse_week(text)
    assert caught.value.part == part


rows = st.tuples(st.integers(0, 6), st.integers(0, 47), st.integers(1, 48)).filter(
    lambda row: row[1] < row[2]
)


def clock(half_hours: int) -> time:
    return time(23, 59) if half_hours == 48 else time(half_hours // 2, half_hours % 2 * 30)


@settings(max_examples=60, deadline=None)
@given(st.lists(rows, max_size=6))
def test_what_is_written_is_read_back(drawn: list[tuple[int, int, int]]) -> None:
    week: list[WeekRow] = [(day, clock(starts), clock(ends)) for day, starts, ends in drawn]
    assert parse_week(week_text(set(week))) == tuple(sorted(set(week)))


@pytest.mark.parametrize(
    ("week", "found"),
    [
        ([(0, time(9), time(12)), (0, time(12), time(17))], None),
        ([(0, time(9), time(13)), (0, time(12), time(17))], (0, time(12), time(17))),
        ([(0, time(9), time(13)), (1, time(12), time(17))], None),
    ],
)
def test_overlapping_hours_are_found(week: list[WeekRow], found: WeekRow | None) -> None:
    assert overlapping_hours(week) == found
