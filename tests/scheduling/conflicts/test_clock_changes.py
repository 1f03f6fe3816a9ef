"""Series that collide because clocks don't change together, on real zones."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.kernel.instants import MINUTE, Instant, LocalTime, Span, ZoneName, to_instant
from convenor.scheduling.enums import AttendeeRole, Severity
from convenor.scheduling.rules.conflicts import people, series
from convenor.scheduling.rules.conflicts.facts import (
    Attendance,
)
from convenor.scheduling.rules.conflicts.found import Found
from tests.scheduling.conflicts.situations import (
    BUCHAREST,
    NEW_YORK,
    REQUIRED,
    UTC,
    keys,
    timeline,
)


def weekly(
    key: int, zone: ZoneName, first: str, weeks: int, minutes: int = 60, role: AttendeeRole = REQUIRED
) -> list[Attendance]:
    """A series every week at the same local time."""
    start = datetime.fromisoformat(first)
    begins = to_instant(LocalTime(start), zone)
    starts = [
        to_instant(
            LocalTime(
                start.fromordinal(start.toordinal() + 7 * n).replace(hour=start.hour, minute=start.minute)
            ),
            zone,
        )
        for n in range(weeks)
    ]
    return [
        Attendance(
            1,
            key * 1000 + n,
            key,
            f"m{key}",
            Span(s, Instant(s + minutes * MINUTE)),
            role,
            None,
            zone,
            begins,
        )
        for n, s in enumerate(starts)
    ]


def look(*items: Attendance) -> tuple[list[Found], list[Found]]:
    """Shifts and double bookings of these occurrences."""
    shifts = frozenset(series.shift_keys(items, series.Seasons()))
    facts = timeline(*items, shifts=shifts, series=items)
    return list(series.zone_shifts(facts)), list(people.double_bookings(facts))


def test_the_weeks_between_two_clock_changes_are_one_conflict_with_its_date() -> None:
    """New York changes on 14 March 2027, Bucharest on 28 March: what lay an hour apart collides for two Mondays."""
    items = weekly(1, NEW_YORK, "2027-01-04 09:00", 30) + weekly(2, BUCHAREST, "2027-01-04 15:00", 30)
    shifts, doubles = look(*items)
    assert doubles == []
    (found,) = shifts
    assert found.facts["times"] == 2
    assert found.facts["since"] == to_instant(LocalTime(datetime(2027, 3, 14, 7)), UTC)
    assert found.span.start == to_instant(LocalTime(datetime(2027, 3, 15, 15)), BUCHAREST)
    assert (found.person_id, found.severity) == (1, Severity.SERIOUS)


def test_only_the_times_to_come_are_told() -> None:
    items = (*weekly(1, UTC, "2027-01-04 13:00", 52), *weekly(2, BUCHAREST, "2027-01-04 16:00", 52))
    facts = timeline(*items, shifts=frozenset(series.shift_keys(items, series.Seasons())), series=items)
    later = replace(facts, now=to_instant(LocalTime(datetime(2027, 10, 12)), UTC))
    (before,), (found,) = series.zone_shifts(facts), series.zone_shifts(later)
    assert (before.facts["times"], found.facts["times"]) == (31, 2)
    assert found.fingerprint == before.fingerprint  # the same trouble, so what was ignored stays so


def test_a_zone_without_summer_time_collides_for_the_whole_summer() -> None:
    items = weekly(1, UTC, "2027-01-04 13:00", 52) + weekly(2, BUCHAREST, "2027-01-04 16:00", 52)
    shifts, doubles = look(*items)
    assert doubles == []
    (found,) = shifts
    assert found.facts["since"] == to_instant(LocalTime(datetime(2027, 3, 28, 1)), UTC)
    assert found.facts["times"] == 31  # 29 March to 25 October, whose clocks go back on the 31st


def test_what_collides_most_of_the_year_is_no_clock_change() -> None:
    """Apart only in the two odd weeks: those who look at the calendar see a plain double booking."""
    items = weekly(1, NEW_YORK, "2027-01-04 08:00", 30) + weekly(2, BUCHAREST, "2027-01-04 15:00", 30)
    shifts, doubles = look(*items)
    assert shifts == []
    assert len(doubles) == 28


def test_series_that_began_after_the_change_never_knew_better_times() -> None:
    items = weekly(1, UTC, "2027-04-05 13:00", 10) + weekly(2, BUCHAREST, "2027-04-05 16:00", 10)
    shifts, doubles = look(*items)
    assert shifts == []
    assert len(doubles) == 10


def test_an_occurrence_that_was_moved_collides_by_itself() -> None:
    a, b = weekly(1, UTC, "2027-01-04 13:00", 20), weekly(2, BUCHAREST, "2027-01-04 16:00", 20)
    moved = replace(b[15], series_start=None)
    shifts, doubles = look(*a, *b[:15], moved, *b[16:])
    assert [each.facts["times"] for each in shifts] == [7]
    assert keys(doubles) == [(1015, 2015)]


@given(
    st.sampled_from([UTC, BUCHAREST, NEW_YORK, ZoneName("Australia/Sydney")]),
    st.sampled_from([UTC, BUCHAREST, NEW_YORK, ZoneName("Asia/Kolkata")]),
    st.integers(0, 23),
    st.integers(0, 23),
)
@settings(max_examples=60, deadline=None)
def test_every_overlap_is_told_once_as_a_shift_or_as_a_double_booking(
    za: ZoneName, zb: ZoneName, ha: int, hb: int
) -> None:
    a = weekly(1, za, f"2026-12-01 {ha:02}:00", 50)
    b = weekly(2, zb, f"2026-12-01 {hb:02}:00", 50)
    shifts, doubles = look(*a, *b)
    overlaps = sum(x.span.overlaps(y.span) for x in a for y in b)
    assert sum(each.facts["times"] for each in shifts) + len(doubles) == overlaps
    if za == zb:
        assert shifts == []
