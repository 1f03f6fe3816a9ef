"""Instants, local times and spans: tables of the odd hours of the year, and laws that hold for any time."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.kernel.instants import (
    Instant,
    LocalTime,
    Span,
    UnknownZone,
    ZoneName,
    datetime_of,
    instant_of,
    known_zones,
    to_instant,
    to_local,
    zone_name,
)

instants = st.integers(-(10**9), 4 * 10**9).map(Instant)
small = st.integers(0, 30)
spans = st.tuples(small, st.integers(1, 20)).map(
    lambda pair: Span(Instant(pair[0]), Instant(pair[0] + pair[1]))
)


def span(start: int, end: int) -> Span:
    return Span(Instant(start), Instant(end))


# RFC 5545 §3.3.5 FORM #3 gives the two New York rows itself; the others are the same rule where the jump is not an hour.
@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [
        ("America/New_York", datetime(2007, 11, 4, 1, 30), datetime(2007, 11, 4, 5, 30)),
        ("America/New_York", datetime(2007, 3, 11, 2, 30), datetime(2007, 3, 11, 7, 30)),
        ("Europe/Bucharest", datetime(2026, 3, 29, 2, 59, 59), datetime(2026, 3, 29, 0, 59, 59)),
        ("Europe/Bucharest", datetime(2026, 3, 29, 3, 30), datetime(2026, 3, 29, 1, 30)),
        ("Europe/Bucharest", datetime(2026, 10, 25, 3, 30), datetime(2026, 10, 25, 0, 30)),
        ("Europe/Bucharest", datetime(2026, 10, 25, 4, 0), datetime(2026, 10, 25, 2, 0)),
        ("Australia/Lord_Howe", datetime(2026, 10, 4, 2, 15), datetime(2026, 10, 3, 15, 45)),
        ("Pacific/Apia", datetime(2011, 12, 30, 12, 0), datetime(2011, 12, 30, 22, 0)),
        ("Asia/Kathmandu", datetime(2026, 6, 1, 9, 0), datetime(2026, 6, 1, 3, 15)),
        ("UTC", datetime(2026, 6, 1, 9, 0), datetime(2026, 6, 1, 9, 0)),
    ],
)
def test_local_time_is_read_by_the_rfcs_rule(zone: str, local: datetime, utc: datetime) -> None:
    assert datetime_of(to_instant(LocalTime(local), zone_name(zone))) == utc.replace(tzinfo=UTC)


def test_a_fold_marker_changes_nothing() -> None:
    local = datetime(2026, 10, 25, 3, 30)
    zone = zone_name("Europe/Bucharest")
    assert to_instant(LocalTime(local.replace(fold=1)), zone) == to_instant(LocalTime(local), zone)


def test_local_time_in_a_fold_comes_back_without_a_marker() -> None:
    second_time = instant_of(datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    shown = to_local(second_time, zone_name("Europe/Bucharest"))
    assert (shown, shown.fold) == (datetime(2026, 10, 25, 3, 30), 0)


@given(instants, st.sampled_from(["Europe/Lisbon", "America/St_Johns", "Asia/Kolkata", "Pacific/Chatham"]))
def test_to_local_agrees_with_zoneinfo(instant: Instant, zone: str) -> None:
    aware = datetime_of(instant).astimezone(ZoneInfo(zone))
    assert to_local(instant, zone_name(zone)) == aware.replace(tzinfo=None)


@given(instants)
def test_instant_and_datetime_are_inverse(instant: Instant) -> None:
    assert instant_of(datetime_of(instant)) == instant


def test_an_instant_drops_fractions_towards_the_past() -> None:
    assert instant_of(datetime(1969, 12, 31, 23, 59, 59, 400_000, tzinfo=UTC)) == -1


def test_an_instant_does_not_care_which_zone_it_was_written_in() -> None:
    there = timezone(timedelta(hours=5, minutes=45))
    assert instant_of(datetime(2026, 6, 1, 14, 45, tzinfo=there)) == instant_of(
        datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
    )


def test_the_two_clocks_are_never_mixed() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        instant_of(datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="carries a time zone"):
        to_instant(LocalTime(datetime(2026, 1, 1, tzinfo=UTC)), zone_name("UTC"))


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("Bucharest", "Europe/Bucharest"),
        ("Europe/Bucarest", "Europe/Bucharest"),
        ("europe/berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
    ],
)
def test_an_unknown_zone_names_what_was_probably_meant(text: str, nearest: str) -> None:
    with pytest.raises(UnknownZone) as caught:
        zone_name(text)
    assert (caught.value.name, caught.value.nearest[0]) == (text, nearest)
    assert nearest in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["", "../../etc/passwd", "/etc/localtime", "localtime", "Factory", "posix/UTC", "UTC\0", "x" * 100_000],
)
def test_what_is_no_zone_is_refused_without_touching_a_file(text: str) -> None:
    with pytest.raises(UnknownZone) as caught:
        zone_name(text)
    assert len(str(caught.value)) < 400


def test_a_zone_that_skipped_the_check_is_still_refused() -> None:
    with pytest.raises(UnknownZone):
        to_instant(LocalTime(datetime(2026, 1, 1)), ZoneName("../UTC"))


def test_the_usual_zones_are_known() -> None:
    assert {
        "UTC",
        "Europe/Bucharest",
        "Europe/Lisbon",
        "America/Los_Angeles",
        "Asia/Kolkata",
    } <= known_zones()


@pytest.mark.parametrize(("start", "end"), [(5, 5), (5, 4)])
def test_a_span_is_never_empty(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="must end after it starts"):
        span(start, end)


@given(spans, spans)
def test_spans_are_sets_of_seconds(a: Span, b: Span) -> None:
    left, right = set(range(a.start, a.end)), set(range(b.start, b.end))
    common = a.intersect(b)
    assert a.overlaps(b) == bool(left & right)
    assert a.contains(b) == (right <= left)
    assert a.contains(b.start) == (b.start in left)
    assert set(range(common.start, common.end) if common else ()) == left & right
    assert a.touches(b) == (
        not left & right and len(left | right) == max(a.end, b.end) - min(a.start, b.start)
    )


@given(spans, st.integers(-50, 50))
def test_shifting_keeps_the_length(a: Span, seconds: int) -> None:
    moved = a.shift(seconds)
    assert (moved.start - a.start, moved.end - moved.start) == (seconds, a.end - a.start)


def test_minutes_round_down() -> None:
    assert (span(0, 59).minutes, span(0, 60).minutes, span(0, 3_659).minutes) == (0, 1, 60)
