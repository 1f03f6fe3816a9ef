"""Splitting: the two parts together are the whole, at every occurrence; and what a person sees in the parts."""

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from convenor.kernel.instants import LocalTime, Span, wall_seconds, zone_name
from convenor.kernel.recurrence import NotAnOccurrence, Series, expand, split_at
from tests.kernel.recurrence.oracle import all_series, at, local

BUCHAREST = zone_name("Europe/Bucharest")
YEARS = Span(at(2009), at(2016))


def ids(series: Series | None) -> list[LocalTime]:
    return expand(series, within=YEARS, limit=100_000).recurrence_ids() if series else []


def weekly(rrule: str | None, **parts: Any) -> Series:
    return Series(start=local(2010, 1, 4, 9), zone=BUCHAREST, duration_minutes=60, rrule=rrule, **parts)


@settings(max_examples=150)
@given(all_series(), st.integers(0, 60))
def test_the_parts_are_the_whole(series: Series, place: int) -> None:
    whole = sorted(ids(series))
    assume(whole)
    cut = whole[min(place, len(whole) - 1)]
    before, after = split_at(series, cut)
    assert sorted(ids(before)) == [each for each in whole if each < cut]
    assert sorted(ids(after)) == [each for each in whole if each >= cut]
    assert (before is None) == (cut == whole[0])


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        ("FREQ=WEEKLY", "FREQ=WEEKLY;UNTIL=20100118T070000Z", "FREQ=WEEKLY"),
        ("FREQ=WEEKLY;COUNT=10", "FREQ=WEEKLY;COUNT=3", "FREQ=WEEKLY;COUNT=7"),
        ("FREQ=WEEKLY;UNTIL=20100301", "FREQ=WEEKLY;UNTIL=20100118T070000Z", "FREQ=WEEKLY;UNTIL=20100301"),
    ],
)
def test_the_end_goes_where_it_belongs(rule: str, before: str, after: str) -> None:
    first, second = split_at(weekly(rule), local(2010, 1, 25, 9))
    assert first is not None
    assert (first.rrule, second.rrule, second.start) == (before, after, local(2010, 1, 25, 9))


def test_an_all_day_series_ends_on_a_date() -> None:
    series = Series(
        start=local(2010, 1, 4), zone=BUCHAREST, duration_minutes=1440, rrule="FREQ=WEEKLY", all_day=True
    )
    first, _ = split_at(series, local(2010, 1, 25))
    assert first is not None
    assert first.rrule == "FREQ=WEEKLY;UNTIL=20100118"


def test_extra_and_excluded_dates_go_to_their_side() -> None:
    early, late = local(2010, 1, 6, 9), local(2010, 2, 3, 9)
    gone, away = local(2010, 1, 11, 9), local(2010, 2, 1, 9)
    first, second = split_at(
        weekly("FREQ=WEEKLY", rdates=(late, early), exdates=(away, gone)), local(2010, 1, 25, 9)
    )
    assert first is not None
    assert (first.rdates, first.exdates, second.rdates, second.exdates) == (
        (early,),
        (gone,),
        (late,),
        (away,),
    )


def test_every_second_week_stays_in_step_when_cut_at_an_extra_date() -> None:
    series = weekly("FREQ=WEEKLY;INTERVAL=2", rdates=(local(2010, 1, 13, 9),))
    _, second = split_at(series, local(2010, 1, 13, 9))
    assert ids(second)[:3] == [local(2010, 1, 13, 9), local(2010, 1, 18, 9), local(2010, 2, 1, 9)]


def test_nothing_comes_before_the_first() -> None:
    series = weekly("FREQ=WEEKLY;COUNT=3")
    assert split_at(series, series.start) == (None, series)


def test_before_one_that_follows_only_excluded_ones_nothing_is_left() -> None:
    series = weekly("FREQ=WEEKLY;COUNT=3", exdates=(local(2010, 1, 4, 9),))
    before, after = split_at(series, local(2010, 1, 11, 9))
    assert (before, after.rrule, after.start) == (None, "FREQ=WEEKLY;COUNT=2", local(2010, 1, 11, 9))


@pytest.mark.parametrize(
    "stray", [local(2010, 1, 12, 9), local(2010, 1, 11, 10), local(2009, 12, 28, 9), local(2010, 2, 1, 9)]
)
def test_what_is_no_occurrence_cuts_nothing(stray: LocalTime) -> None:
    series = weekly("FREQ=WEEKLY", exdates=(local(2010, 2, 1, 9),))
    with pytest.raises(NotAnOccurrence) as caught:
        split_at(series, stray)
    assert caught.value.recurrence_id == stray
    assert f"{stray:%Y-%m-%d}" in str(caught.value)
    assert wall_seconds(stray) not in expand(series, within=YEARS, limit=1_000).local
