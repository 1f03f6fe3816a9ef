"""Expansion against dateutil on random series, and by hand where the two must differ or the RFC speaks of times."""

from datetime import date, timedelta

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
    datetime_of,
    zone_name,
)
from convenor.kernel.recurrence import (
    Occurrences,
    RuleError,
    RuleProblem,
    Series,
    expand,
    expand_many,
    next_after,
    rule_occurrences,
)
from tests.kernel.recurrence.oracle import Row, all_series, at, brute_force, local, windows

BUCHAREST = zone_name("Europe/Bucharest")


def rows(found: Occurrences) -> list[Row]:
    return list(zip(found.recurrence_ids(), found.starts.tolist(), found.ends.tolist(), strict=True))


def weekly(rrule: str | None, *numbers: int, zone: ZoneName = BUCHAREST, minutes: int = 60) -> Series:
    return Series(start=local(*numbers), zone=zone, duration_minutes=minutes, rrule=rrule)


def dates(series: Series, year: int = 2026) -> list[str]:
    return [
        f"{each:%m-%d %H:%M}"
        for each in expand(series, within=Span(at(year), at(year + 1)), limit=99).recurrence_ids()
    ]


@settings(max_examples=400)
@given(all_series(), windows)
def test_expansion_is_dateutils(series: Series, within: Span) -> None:
    assert rows(expand(series, within=within, limit=100_000)) == brute_force(series, within)


@settings(max_examples=40)
@given(st.lists(all_series(), max_size=6), windows)
def test_many_are_expanded_as_each_alone(several: list[Series], within: Span) -> None:
    table = expand_many(several, within=within)
    assert [rows(table.of(i)) for i in range(len(several))] == [
        rows(expand(each, within=within, limit=100_000)) for each in several
    ]
    assert len(table) == sum(len(table.of(i)) for i in range(len(several)))


@settings(max_examples=60)
@given(all_series(), st.integers(at(2009, 6), at(2012)))
def test_next_after_is_the_first_later_start(series: Series, after: int) -> None:
    expected = [row for row in brute_force(series, Span(Instant(after), at(2014))) if row[1] > after]
    found = next_after(series, Instant(after))
    assert not expected or found is not None
    if found and found.span.start < at(2014):
        assert (found.recurrence_id, found.span.start, found.span.end) == expected[0]


@given(all_series(), windows, st.integers(0, 5))
def test_the_limit_keeps_the_first_and_says_so(series: Series, within: Span, limit: int) -> None:
    whole = expand(series, within=within, limit=100_000)
    some = expand(series, within=within, limit=limit)
    assert rows(some) == rows(whole)[:limit]
    assert some.truncated == (len(whole) > limit)


def test_a_weekly_meeting_keeps_its_local_hour_across_both_changes() -> None:
    series = weekly("FREQ=WEEKLY", 2026, 3, 24, 9)
    found = expand(series, within=Span(at(2026), at(2027)), limit=99)
    hours = {datetime_of(Instant(start)).hour for start in found.starts.tolist()}
    assert (len(found), hours) == (41, {6, 7})


def test_a_start_in_the_gap_is_later_by_the_gap_that_day_only() -> None:
    series = weekly("FREQ=DAILY;COUNT=3", 2026, 3, 28, 3, 30)
    found = expand(series, within=Span(at(2026), at(2027)), limit=9)
    assert found.recurrence_ids() == [local(2026, 3, day, 3, 30) for day in (28, 29, 30)]
    assert [f"{datetime_of(Instant(start)):%d %H:%M}" for start in found.starts.tolist()] == [
        "28 01:30",
        "29 01:30",
        "30 00:30",
    ]


def test_a_start_in_the_fold_is_the_first_of_the_two() -> None:
    series = weekly(None, 2026, 10, 25, 3, 30)
    assert expand(series, within=Span(at(2026), at(2027)), limit=9).starts.tolist() == [
        at(2026, 10, 25) + 1800
    ]


def test_a_timed_meeting_lasts_its_minutes_and_an_all_day_one_its_day() -> None:
    within = Span(at(2026), at(2027))
    timed = expand(weekly(None, 2026, 3, 28, 12, minutes=1440), within=within, limit=9)
    days = Series(start=local(2026, 3, 28), zone=BUCHAREST, duration_minutes=2880, all_day=True)
    all_day = expand(days, within=within, limit=9)
    assert [(timed.ends - timed.starts).tolist(), (all_day.ends - all_day.starts).tolist()] == [
        [DAY],
        [2 * DAY - 3600],
    ]


def test_a_meeting_that_reaches_into_the_window_is_in_it() -> None:
    series = weekly("FREQ=DAILY", 2026, 1, 1, 10, minutes=2880)
    within = Span(at(2026, 1, 3, 8), at(2026, 1, 3, 9))
    assert expand(series, within=within, limit=9).recurrence_ids() == [
        local(2026, 1, 2, 10),
        local(2026, 1, 3, 10),
    ]


@pytest.mark.parametrize(
    ("until", "last"),
    [
        ("20260119", "01-19 09:00"),  # a date: that whole day
        ("20260119T090000", "01-19 09:00"),
        ("20260119T085959", "01-12 09:00"),
        ("20260119T070000Z", "01-19 09:00"),  # 09:00 in Bucharest
        ("20260119T065959Z", "01-12 09:00"),
    ],
)
def test_until_in_each_of_its_forms(until: str, last: str) -> None:
    assert dates(weekly(f"FREQ=WEEKLY;UNTIL={until}", 2026, 1, 5, 9))[-1] == last


def test_until_in_utc_bounds_instants_not_clock_faces() -> None:
    # 03:30 on the night of the fold is 00:30Z; an UNTIL of 01:10Z is 03:10 on the same clock, but later.
    series = weekly("FREQ=DAILY;UNTIL=20261025T011000Z", 2026, 10, 24, 3, 30)
    assert dates(series) == ["10-24 03:30", "10-25 03:30"]


def test_a_start_off_the_rule_counts_as_an_occurrence_but_not_for_count() -> None:
    assert dates(weekly("FREQ=WEEKLY;BYDAY=WE;COUNT=2", 2026, 1, 5, 9)) == [
        "01-05 09:00",
        "01-07 09:00",
        "01-14 09:00",
    ]


def test_a_start_after_until_never_is() -> None:
    assert dates(weekly("FREQ=WEEKLY;UNTIL=20251231", 2026, 1, 5, 9)) == []


def test_rdates_and_exdates() -> None:
    series = Series(
        start=local(2026, 1, 5, 9),
        zone=BUCHAREST,
        duration_minutes=30,
        rrule="FREQ=WEEKLY;COUNT=3",
        rdates=(local(2026, 1, 7, 11), local(2026, 1, 12, 9), local(2026, 1, 2, 8)),
        exdates=(local(2026, 1, 5, 9), local(2026, 1, 6, 9)),
    )
    assert dates(series) == ["01-02 08:00", "01-07 11:00", "01-12 09:00", "01-19 09:00"]
    assert len(rule_occurrences(series, within=Span(at(2026), at(2027)))) == 3


def test_plain_and_counted_weekdays_are_taken_together() -> None:
    """Where dateutil gives nothing: it wants both at once. RFC 5545 §3.3.10 has BYDAY a list of days, each expanded."""
    series = weekly("FREQ=MONTHLY;BYDAY=1MO,FR;COUNT=6", 2026, 1, 2, 9)
    assert dates(series) == [f"01-{day} 09:00" for day in ("02", "05", "09", "16", "23", "30")]


def test_positions_in_a_week_count_from_its_first_day() -> None:
    """The start is a Wednesday: the first of Monday, Wednesday and Friday is past, the second is today, the third Friday."""
    assert dates(weekly("FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=2;COUNT=2", 2026, 1, 7, 9)) == [
        "01-07 09:00",
        "01-14 09:00",
    ]


@given(st.integers(1, 53), st.integers(1990, 2060))
def test_week_numbers_are_iso_8601s(week: int, year: int) -> None:
    """Where dateutil errs at the turn of the year."""
    found = rule_occurrences(
        weekly(f"FREQ=YEARLY;BYWEEKNO={week}", year, 1, 1, 9), within=Span(at(year), at(year + 3))
    )
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(3 * 365 + 2)]
    expected = [day for day in days if day.isocalendar().week == week and day.year < year + 3]
    assert [each.date() for each in found.recurrence_ids() if each.year < year + 3] == expected


def test_a_week_counted_from_the_end_can_begin_in_the_year_before() -> None:
    """2026 has 53 weeks, and its first, from Monday 29 December 2025, is the 53rd from its end."""
    series = weekly("FREQ=YEARLY;BYWEEKNO=-53;BYDAY=MO;COUNT=1", 2025, 6, 2, 9)
    assert dates(series, 2025) == ["06-02 09:00", "12-29 09:00"]


def test_an_all_day_series_has_no_time_of_day_to_repeat_at() -> None:
    series = Series(
        start=local(2026, 1, 5),
        zone=BUCHAREST,
        duration_minutes=1440,
        rrule="FREQ=WEEKLY;BYHOUR=9,14;COUNT=2",
        all_day=True,
    )
    assert dates(series) == ["01-05 00:00", "01-12 00:00"]


@pytest.mark.parametrize(
    "rule",
    ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYMONTH=4;BYMONTHDAY=31", "FREQ=MONTHLY;BYDAY=6MO"],
)
def test_a_rule_that_never_occurs_ends_the_search(rule: str) -> None:
    assert next_after(weekly(rule, 2026, 1, 5, 9), at(2026), rule_only=True) is None


def test_far_away_years_are_bounded_not_crashed_into() -> None:
    forever = Span(Instant(-(1 << 50)), Instant(1 << 50))
    found = expand(
        weekly("FREQ=YEARLY;INTERVAL=100", 1999, 12, 31, 23, zone=zone_name("Pacific/Apia")),
        within=forever,
        limit=1000,
    )
    assert (len(found), found.recurrence_ids()[-1].year) == (80, 9899)


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("FREQ=HOURLY", RuleProblem.SUB_DAILY),
        ("FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24))) + ";BYMINUTE=0,20,40", RuleProblem.TOO_OFTEN),
        ("FREQ=SOMETIMES", RuleProblem.BAD_VALUE),
    ],
)
def test_what_is_no_meetings_rule_is_not_expanded(rule: str, code: RuleProblem) -> None:
    with pytest.raises(RuleError) as caught:
        expand(weekly(rule, 2026, 1, 5, 9), within=Span(at(2026), at(2027)), limit=1)
    assert caught.value.code is code


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(UnknownZone):
        expand(
            weekly("FREQ=WEEKLY", 2026, 1, 5, 9, zone=ZoneName("Mars")),
            within=Span(at(2026), at(2027)),
            limit=1,
        )


def test_no_series_no_rows() -> None:
    assert len(expand_many([], within=Span(at(2026), at(2027)))) == 0


def test_an_occurrence_is_a_plain_value() -> None:
    found = expand(weekly("FREQ=WEEKLY", 2026, 1, 5, 9), within=Span(at(2026), at(2026, 1, 13)), limit=9)
    start = at(2026, 1, 5, 7)
    assert [each.recurrence_id for each in found] == [local(2026, 1, 5, 9), local(2026, 1, 12, 9)]
    assert found.spans() == [
        Span(start, Instant(start + 3600)),
        Span(Instant(start + 7 * DAY), Instant(start + 7 * DAY + 3600)),
    ]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"duration_minutes": 0}, "at least a minute"),
        ({"duration_minutes": 10**12}, "at most 3660 days"),
        ({"duration_minutes": 90, "all_day": True, "start": local(2026, 1, 5)}, "whole days"),
        ({"duration_minutes": 1440, "all_day": True}, "not a midnight"),
        ({"rdates": (LocalTime(datetime_of(at(2026))),)}, "carries a time zone"),
        ({"exdates": (LocalTime(local(2026, 1, 1).replace(microsecond=1)),)}, "fraction of a second"),
    ],
)
def test_what_can_be_no_series_is_refused(wrong: dict[str, object], says: str) -> None:
    given_values = {"start": local(2026, 1, 5, 9), "zone": BUCHAREST, "duration_minutes": 60} | wrong
    with pytest.raises(ValueError, match=says):
        Series(**given_values)  # type: ignore[arg-type]  # each row has one value that is wrong
