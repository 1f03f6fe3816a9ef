"""Zone tables against zoneinfo: every known zone around every one of its transitions, and random times in and out of the table."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.kernel.instants import (
    DAY,
    Instant,
    LocalTime,
    Span,
    UnknownZone,
    ZoneName,
    instant_of,
    known_zones,
    to_instant,
    to_local,
    wall_seconds,
    wall_time,
    zone_name,
)
from convenor.kernel.zones import Transition, local_to_utc, shift_dates, transitions, utc_to_local, zone_table

BUCHAREST, LISBON, NEW_YORK, KOLKATA = map(
    zone_name, ("Europe/Bucharest", "Europe/Lisbon", "America/New_York", "Asia/Kolkata")
)
ODD_ZONES = [
    zone_name(name)
    for name in (
        "Africa/Casablanca",  # negative DST, by the moon
        "America/Recife",  # the shortest stay at one offset
        "America/St_Johns",
        "Antarctica/Troll",  # two hours at once
        "Asia/Gaza",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",  # half an hour
        "Europe/Dublin",
        "Pacific/Apia",  # skipped a whole day
        "UTC",
    )
]


def at(year: int, month: int, day: int, hour: int = 0) -> Instant:
    return instant_of(datetime(year, month, day, hour, tzinfo=UTC))


def year_span(first: int, last: int) -> Span:
    return Span(at(first, 1, 1), at(last, 1, 1))


zones = st.sampled_from(sorted(known_zones())).map(zone_name)
wall = st.integers(
    wall_seconds(LocalTime(datetime(1905, 1, 1))), wall_seconds(LocalTime(datetime(2180, 1, 1)))
)


@given(
    st.sampled_from([BUCHAREST, LISBON, NEW_YORK, KOLKATA, *ODD_ZONES]) | zones, st.lists(wall, max_size=5)
)
def test_tables_agree_with_zoneinfo(zone: ZoneName, seconds: list[int]) -> None:
    array = np.array(seconds, dtype=np.int64)
    assert local_to_utc(array, zone).tolist() == [to_instant(wall_time(each), zone) for each in seconds]
    assert utc_to_local(array, zone).tolist() == [
        wall_seconds(to_local(Instant(each), zone)) for each in seconds
    ]


@pytest.mark.parametrize("zone", [BUCHAREST, *ODD_ZONES])
def test_tables_agree_with_zoneinfo_around_every_transition(zone: ZoneName) -> None:
    table = zone_table(zone)
    around = np.array([-7201, -3601, -3600, -1801, -1, 0, 1, 1799, 3599, 3600, 7200, 86_399], dtype=np.int64)
    moments = (table.changes[:, None] + around).ravel()
    edges = (table.local_edges[:, None] + around).ravel()
    assert utc_to_local(moments, zone).tolist() == [
        wall_seconds(to_local(Instant(each), zone)) for each in moments.tolist()
    ]
    assert local_to_utc(edges, zone).tolist() == [
        to_instant(wall_time(each), zone) for each in edges.tolist()
    ]


@pytest.mark.parametrize("zone", [BUCHAREST, LISBON, *ODD_ZONES])
def test_no_transition_is_missed_by_the_probe(zone: ZoneName) -> None:
    days = np.arange(at(1970, 1, 2), at(2100, 12, 31), 5 * DAY // 4, dtype=np.int64)
    assert utc_to_local(days, zone).tolist() == [
        wall_seconds(to_local(Instant(each), zone)) for each in days.tolist()
    ]


def test_the_next_two_transitions_of_bucharest() -> None:
    assert transitions(BUCHAREST, year_span(2026, 2027)) == [
        Transition(at(2026, 3, 29, 1), 7_200, 10_800),
        Transition(at(2026, 10, 25, 1), 10_800, 7_200),
    ]


def test_a_span_holds_its_first_second_and_not_its_last() -> None:
    spring = at(2026, 3, 29, 1)
    assert [each.at for each in transitions(BUCHAREST, Span(spring, at(2026, 4, 1)))] == [spring]
    assert transitions(BUCHAREST, Span(at(2026, 3, 1), spring)) == []


@pytest.mark.parametrize("years", [(1960, 1971), (1941, 1942), (2099, 2150), (2200, 2202)])
def test_transitions_beyond_the_table(years: tuple[int, int]) -> None:
    found = transitions(LISBON, year_span(*years))
    assert found
    for change in found:
        before, after = (
            wall_seconds(to_local(Instant(each), LISBON)) - each for each in (change.at - 1, change.at)
        )
        assert (before, after) == (change.before, change.after)


def test_shift_dates_are_the_weeks_between_two_continents_changes() -> None:
    assert shift_dates(BUCHAREST, NEW_YORK, year_span(2026, 2027)) == [
        at(2026, 3, 8, 7),
        at(2026, 3, 29, 1),
        at(2026, 10, 25, 1),
        at(2026, 11, 1, 6),
    ]


def test_zones_that_move_together_never_shift() -> None:
    assert shift_dates(BUCHAREST, LISBON, year_span(2026, 2031)) == []
    assert shift_dates(BUCHAREST, BUCHAREST, year_span(2026, 2031)) == []


@settings(max_examples=30)
@given(
    st.sampled_from([BUCHAREST, NEW_YORK, KOLKATA, *ODD_ZONES]),
    st.sampled_from([LISBON, NEW_YORK, *ODD_ZONES]),
    st.integers(1975, 2090),
)
def test_shift_dates_are_where_the_difference_changes(zone_a: ZoneName, zone_b: ZoneName, year: int) -> None:
    span = year_span(year, year + 1)
    minutes = np.arange(span.start - 60, span.end, 60, dtype=np.int64)
    apart = utc_to_local(minutes, zone_a) - utc_to_local(minutes, zone_b)
    assert shift_dates(zone_a, zone_b, span) == minutes[1:][apart[1:] != apart[:-1]].tolist()


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(UnknownZone):
        zone_table(ZoneName("../../etc/passwd"))


def test_tables_are_read_only() -> None:
    with pytest.raises(ValueError, match="read-only"):
        zone_table(BUCHAREST).offsets[0] = 0
