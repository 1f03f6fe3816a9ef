"""What becomes of a series that changes, without a database: tables, and a property against expansion."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.kernel.instants import Instant, LocalTime, Span, ZoneName, datetime_of, to_instant
from convenor.kernel.recurrence import Series, expand, parse_rule
from convenor.scheduling.rules.series import CannotShift, Shift, remap, shifted_rule
from tests.factories.scheduling import local

MONDAY = local("2026-12-07 10:00")


def hours(count: int) -> Shift:
    return Shift(timedelta(hours=count))


def shifted(rule: str, shift: Shift, zone: str = "UTC") -> str:
    return shifted_rule(rule, shift, MONDAY, old_zone=zone, new_zone=zone)


@pytest.mark.parametrize(
    ("rule", "shift", "becomes"),
    [
        ("", hours(24), ""),
        ("FREQ=WEEKLY", hours(24), "FREQ=WEEKLY"),
        ("FREQ=WEEKLY;BYDAY=MO,SU", hours(24), "FREQ=WEEKLY;BYDAY=MO,TU"),
        ("FREQ=WEEKLY;BYDAY=MO", hours(-24), "FREQ=WEEKLY;BYDAY=SU"),
        ("FREQ=WEEKLY;BYDAY=MO,WE", hours(3), "FREQ=WEEKLY;BYDAY=MO,WE"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", hours(24), "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;WKST=TU"),
        ("FREQ=MONTHLY;BYDAY=2MO", hours(1), "FREQ=MONTHLY;BYDAY=2MO"),
        ("FREQ=DAILY;UNTIL=20261211T100000Z", hours(24), "FREQ=DAILY;UNTIL=20261212T100000Z"),
        ("FREQ=DAILY;UNTIL=20261211", hours(24), "FREQ=DAILY;UNTIL=20261212"),
        ("FREQ=DAILY;UNTIL=20261211", hours(2), "FREQ=DAILY;UNTIL=20261211"),
    ],
)
def test_a_rule_follows_its_start(rule: str, shift: Shift, becomes: str) -> None:
    assert shifted(rule, shift) == becomes


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYDAY=2MO",
        "FREQ=MONTHLY;BYMONTHDAY=7",
        "FREQ=DAILY;BYDAY=MO,TU",
        "FREQ=DAILY;BYMONTH=12",
    ],
)
def test_a_rule_that_counts_days_cannot_follow_to_another(rule: str) -> None:
    with pytest.raises(CannotShift):
        shifted(rule, hours(24))


def starts(series: Series) -> list[LocalTime]:
    everything = Span(Instant(0), Instant(1 << 33))
    return expand(series, within=everything, limit=1000).recurrence_ids()


@given(
    start=st.datetimes(datetime(2027, 3, 15), datetime(2027, 4, 5)).map(
        lambda at: at.replace(second=0, microsecond=0)
    ),
    count=st.integers(1, 30),
    weekly=st.booleans(),
    by=st.integers(-72, 72),
    zone=st.sampled_from(["Europe/Bucharest", "UTC", "America/New_York"]),
)
def test_an_until_keeps_its_place_among_the_moved(
    start: datetime, count: int, weekly: bool, by: int, zone: str
) -> None:
    """UNTIL is the last start, as most calendars write it; the clocks change in between."""
    name, first = ZoneName(zone), LocalTime(start)
    step = timedelta(days=7 if weekly else 1)
    last = to_instant(LocalTime(start + step * (count - 1)), name)
    rule = f"FREQ={'WEEKLY' if weekly else 'DAILY'};UNTIL={datetime_of(last):%Y%m%dT%H%M%SZ}"
    old = Series(start=first, zone=name, duration_minutes=30, rrule=rule)
    shift = hours(by)
    moved = shifted_rule(rule, shift, first, old_zone=zone, new_zone=zone)
    new = Series(start=shift.of(first), zone=name, duration_minutes=30, rrule=moved)
    assert [shift.of(each) for each in starts(old)] == starts(new)


def days(*numbers: int, hour: int = 10) -> list[LocalTime]:
    return [LocalTime(datetime(2026, 12, number, hour)) for number in numbers]


def test_a_moved_series_keeps_its_occurrences_one_by_one() -> None:
    places = remap(days(7, 14), days(8, 15, 22), rule=parse_rule("FREQ=WEEKLY"), shift=hours(24))
    assert places.kept == dict(zip(days(7, 14), days(8, 15), strict=True))
    assert (places.dropped, places.added) == ((), tuple(days(22)))


def test_another_rule_keeps_what_is_on_the_same_day_then_in_the_same_week() -> None:
    # Weekly on Monday becomes Wednesday and, in one week, Monday too.
    old, new = days(7, 14, 21), [*days(9, 16), *days(21, hour=15)]
    places = remap(old, new, rule=parse_rule("FREQ=WEEKLY"))
    assert places.kept == dict(zip(old, new, strict=True))


def test_a_week_with_more_occurrences_than_before_has_no_heir() -> None:
    places = remap(days(7), days(8, 10), rule=parse_rule("FREQ=WEEKLY"))
    assert (places.kept, places.dropped, places.added) == ({}, tuple(days(7)), tuple(days(8, 10)))


def test_a_monthly_series_keeps_its_months() -> None:
    old = [LocalTime(datetime(2026, month, 1, 10)) for month in (10, 11)]
    new = [LocalTime(datetime(2026, month, 20, 10)) for month in (10, 11)]
    assert remap(old, new, rule=parse_rule("FREQ=MONTHLY")).kept == dict(zip(old, new, strict=True))
