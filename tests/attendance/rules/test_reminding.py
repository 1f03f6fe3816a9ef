"""When reminders are due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.attendance.rules.reminding import AHEAD, ANSWER_BEFORE, day_before, half_time, step_due

DUE = datetime(2026, 12, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "days"),
    [
        (timedelta(days=7, seconds=1), None),
        (timedelta(days=7), 7),
        (timedelta(days=2, seconds=1), 7),
        (timedelta(days=2), 2),
        (timedelta(seconds=1), 2),
        (timedelta(0), None),
        (-timedelta(days=1), None),
    ],
)
def test_the_last_step_that_has_come(before: timedelta, days: int | None) -> None:
    step = step_due(DUE, DUE - before, ANSWER_BEFORE)
    assert step == (None if days is None else (days, DUE - timedelta(days=days)))


@given(st.integers(-100, 400), st.lists(st.integers(0, 12), min_size=1, unique=True))
def test_steps_against_trying_each(hours: int, steps: list[int]) -> None:
    now = DUE - timedelta(hours=hours)
    due = [days for days in steps if now < DUE and DUE - timedelta(days=days) <= now]
    assert step_due(DUE, now, steps) == ((min(due), DUE - timedelta(days=min(due))) if due else None)


def test_half_time() -> None:
    assert half_time(DUE, DUE + timedelta(hours=24)) == DUE + timedelta(hours=12)


@pytest.mark.parametrize(
    ("starts", "zone", "since"),
    [
        (datetime(2026, 12, 7, 7, tzinfo=UTC), "Europe/Bucharest", datetime(2026, 12, 6, 7, tzinfo=UTC)),
        # Half past midnight there is still the evening before here
        (datetime(2026, 12, 6, 22, 30, tzinfo=UTC), "Europe/Bucharest", datetime(2026, 12, 6, 7, tzinfo=UTC)),
        # The clocks go forward that night: nine is nine
        (datetime(2027, 3, 28, 7, tzinfo=UTC), "Europe/Bucharest", datetime(2027, 3, 27, 7, tzinfo=UTC)),
    ],
)
def test_the_day_before_at_nine_where_it_takes_place(starts: datetime, zone: str, since: datetime) -> None:
    assert day_before(starts, zone) == since


@given(
    st.datetimes(
        datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)
    ),  # bounds are naive by hypothesis' wish
    st.sampled_from(["Europe/Bucharest", "America/St_Johns", "Pacific/Apia", "UTC"]),
)
def test_the_day_before_is_never_further_ahead_than_is_looked(starts: datetime, zone: str) -> None:
    assert timedelta(0) < starts - day_before(starts, zone) <= AHEAD
