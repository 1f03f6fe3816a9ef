"""Working days as numbers, against counting them one by one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.kernel.working_days import Offset, WorkingDays

DAY = timedelta(days=1)
OFFICE = WorkingDays(holidays=frozenset({date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 25)}))
FRIDAY, SATURDAY, MONDAY = date(2026, 12, 4), date(2026, 12, 5), date(2026, 12, 7)

days_around = st.dates(date(2026, 11, 1), date(2027, 1, 31))
calendars = st.builds(
    WorkingDays,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.frozensets(days_around, max_size=12),
)


@pytest.mark.parametrize(
    ("day", "offset", "expected"),
    [
        (MONDAY, Offset(-1), FRIDAY),
        (MONDAY, Offset(1), date(2026, 12, 8)),
        (MONDAY, Offset(0), MONDAY),
        (SATURDAY, Offset(-1), FRIDAY),
        (SATURDAY, Offset(1), MONDAY),
        (SATURDAY, Offset(0), FRIDAY),
        (SATURDAY, Offset(0, after=True), MONDAY),
        (date(2026, 12, 2), Offset(-1), date(2026, 11, 27)),  # over two holidays and a weekend
        (date(2026, 12, 1), Offset(-2), date(2026, 11, 26)),  # from a holiday
        (MONDAY, Offset(-2, working=False), SATURDAY),
        (SATURDAY, Offset(0, working=False), SATURDAY),
    ],
)
def test_offsets(day: date, offset: Offset, expected: date) -> None:
    assert OFFICE.shifted(day, offset) == expected


def by_steps(calendar: WorkingDays, day: date, days: int) -> date:
    """One day after the other, counting those that are worked."""
    step = DAY if days > 0 else -DAY
    for _each in range(abs(days)):
        day += step
        while not calendar.is_working(day):
            day += step
    return day


@settings(max_examples=200, deadline=None)
@given(calendars, days_around, st.integers(-40, 40).filter(bool))
def test_moving_by_working_days_is_counting_them(calendar: WorkingDays, day: date, days: int) -> None:
    moved = calendar.shifted(day, Offset(days))
    assert moved == by_steps(calendar, day, days)
    assert calendar.is_working(moved)


@settings(max_examples=100, deadline=None)
@given(calendars, days_around, st.integers(0, 60))
def test_between_is_counting(calendar: WorkingDays, first: date, length: int) -> None:
    last = first + length * DAY
    counted = sum(calendar.is_working(first + n * DAY) for n in range(length + 1))
    assert calendar.between(first, last) == counted
    assert calendar.between(last + DAY, first) == 0


@settings(max_examples=100, deadline=None)
@given(calendars, days_around)
def test_a_number_is_its_working_days(calendar: WorkingDays, day: date) -> None:
    assert calendar.day(calendar.number(day)) == calendar.on_or_after(day)
    assert calendar.number(day + DAY) == calendar.number(day) + calendar.is_working(day)
    assert calendar.on_or_before(day) <= day <= calendar.on_or_after(day)


@pytest.mark.parametrize("weekdays", [frozenset[int](), frozenset({7})])
def test_a_week_has_a_working_day(weekdays: frozenset[int]) -> None:
    with pytest.raises(ValueError, match="at least one working day"):
        WorkingDays(weekdays)


def test_beyond_the_calendar() -> None:
    with pytest.raises(OverflowError):
        OFFICE.shifted(date(2026, 12, 7), Offset(10_000_000))
    with pytest.raises(OverflowError):
        OFFICE.shifted(date(1, 1, 1), Offset(-1))
