"""Events as bars, against a count of days."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from convenor.events.rules.calendar_bars import (
    DAY,
    Lasting,
    month_after,
    month_before,
    weeks_of,
    year_bars,
)

DAYS = st.dates(date(2025, 12, 1), date(2027, 1, 31))
LASTING = st.builds(
    lambda key, first, length: Lasting(key, first, first + timedelta(days=length)),
    st.integers(1, 1000),
    DAYS,
    st.integers(0, 40),
)


def days(first: date, last: date) -> set[date]:
    return {first + number * DAY for number in range((last - first).days + 1)}


@given(st.lists(LASTING, max_size=6, unique_by=lambda each: each.key))
def test_a_month_shows_each_day_of_each_event_once(found: list[Lasting]) -> None:
    weeks = weeks_of(date(2026, 12, 1), found)
    shown = {day for week in weeks for day in week.days}
    for each in found:
        covered = [
            week.days[bar.column - 1 + number]
            for week in weeks
            for bar in week.bars
            if bar.key == each.key
            for number in range(bar.span)
        ]
        assert sorted(covered) == sorted(days(each.first, each.last) & shown)


@given(st.lists(LASTING, max_size=6, unique_by=lambda each: each.key))
def test_a_year_shows_each_month_of_each_event(found: list[Lasting]) -> None:
    bars = {bar.key: bar for bar in year_bars(2026, found)}
    for each in found:
        months = {day.month for day in days(each.first, each.last) if day.year == 2026}
        bar = bars.get(each.key)
        assert months == (set(range(bar.column, bar.column + bar.span)) if bar else set())
        if bar:
            assert (bar.came_on, bar.goes_on) == (each.first.year < 2026, each.last.year > 2026)


def test_a_month_has_whole_weeks_from_monday() -> None:
    weeks = weeks_of(date(2026, 12, 1), [])
    assert (weeks[0].days[0], weeks[-1].days[-1]) == (date(2026, 11, 30), date(2027, 1, 3))


def test_months_follow_one_another() -> None:
    assert month_before(date(2026, 1, 1)) == date(2025, 12, 1)
    assert month_after(date(2026, 1, 1)) == date(2026, 2, 1)
    assert month_after(date(2026, 12, 1)) == date(2027, 1, 1)
