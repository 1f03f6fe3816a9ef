"""What an expansion is held against: dateutil in naive local time, zoned one by one by RFC 5545's rule; and random series to try.

Where dateutil and RFC 5545 part, the random rules stay away and a test by hand says what we do: dateutil *intersects* plain and counted
weekdays (`BYDAY=MO,1FR`), counts BYSETPOS in the first week from the start rather than from WKST, and errs about
the weeks that straddle the turn of the year (it takes 1 January 2011 for week 53).
"""

import datetime as dt
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from types import SimpleNamespace

import dateutil.rrule
import pytest
from hypothesis import strategies as st

from convenor.kernel.instants import (
    Instant,
    LocalTime,
    Span,
    ZoneName,
    datetime_of,
    instant_of,
    to_instant,
    zone_name,
)
from convenor.kernel.recurrence import Frequency, Rule, Series, Weekday, WeekdayNum

Row = tuple[datetime, int, int]

ZONES = tuple(
    zone_name(name)
    for name in (
        "Europe/Bucharest",
        "America/New_York",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Pacific/Apia",
        "Asia/Kolkata",
        "UTC",
    )
)


def at(year: int, month: int = 1, day: int = 1, hour: int = 0) -> Instant:
    return instant_of(datetime(year, month, day, hour, tzinfo=UTC))


def local(*numbers: int) -> LocalTime:
    return LocalTime(datetime(*numbers))  # type: ignore[arg-type]  # year, month, day and what follows


def brute_force(series: Series, within: Span) -> list[Row]:
    """Recurrence id, start and end of every occurrence that shares time with the window, sorted by start, then id."""
    times = {each for each in rule_times(series, datetime_of(within.end)) if _until_allows(series, each)}
    times |= {series.start} if _until_allows(series, series.start) else set()
    times |= set(series.rdates)
    times -= set(series.exdates)
    rows = [(start, to_instant(start, series.zone), _end(series, start)) for start in times]
    return sorted(
        (r for r in rows if r[1] < within.end and r[2] > within.start), key=lambda row: (row[1], row[0])
    )


def rule_times(series: Series, end: datetime) -> list[LocalTime]:
    """What dateutil gives for the rule up to two days after `end`, UNTIL left out."""
    if series.rule is None:
        return []
    rule = replace(series.rule, until=None)
    if series.all_day:
        rule = replace(rule, hours=(), minutes=(), seconds=())
    last = end.replace(tzinfo=None) + timedelta(days=2)
    calendar = {name: getattr(dt, name) for name in dir(dt)}
    with pytest.MonkeyPatch.context() as patch:
        # A rule that never gives a date has dateutil walk on to the year 9999, for seconds; the calendar ends earlier here.
        patch.setattr(dateutil.rrule, "datetime", SimpleNamespace(**calendar | {"MAXYEAR": last.year + 1}))
        times = dateutil.rrule.rrulestr(rule.to_text(), dtstart=series.start)
        return [LocalTime(time) for time in takewhile(lambda time: time <= last, times)]


def _until_allows(series: Series, time: LocalTime) -> bool:
    until = series.rule.until if series.rule else None
    if until is None:
        return True
    if not isinstance(until, datetime):
        return time.date() <= until
    return datetime_of(to_instant(time, series.zone)) <= until if until.tzinfo else time <= until


def _end(series: Series, start: LocalTime) -> int:
    if series.all_day:
        return to_instant(LocalTime(start + timedelta(days=series.days)), series.zone)
    return to_instant(start, series.zone) + series.duration_minutes * 60


def numbers(
    low: int, high: int, *, signed: bool = False, most: int = 3
) -> st.SearchStrategy[tuple[int, ...]]:
    one = st.integers(low, high)
    either = one | one.map(lambda number: -number) if signed else one
    return st.lists(either, max_size=most, unique=True).map(lambda chosen: tuple(sorted(chosen)))


def sometimes(part: st.SearchStrategy[tuple[int, ...]]) -> st.SearchStrategy[tuple[int, ...]]:
    """Mostly absent, as a rule with every part in it gives no date at all."""
    nothing: tuple[int, ...] = ()
    return st.just(nothing) | st.just(nothing) | part


@st.composite
def weekdays(draw: st.DrawFn, frequency: Frequency) -> tuple[WeekdayNum, ...]:
    days = draw(st.lists(st.sampled_from(Weekday), max_size=4, unique=True))
    counted = frequency in {Frequency.MONTHLY, Frequency.YEARLY} and draw(st.booleans())
    nths = st.sampled_from([1, 2, 3, 4, 5, -1, -2, -5]) if counted else st.just(0)
    return tuple(sorted(WeekdayNum(draw(nths), day) for day in days))


@st.composite
def rules(draw: st.DrawFn, *, week_numbers: bool = True) -> Rule:
    frequency = draw(
        st.sampled_from([Frequency.DAILY, Frequency.WEEKLY, Frequency.MONTHLY, Frequency.YEARLY])
    )
    yearly, weekly = frequency is Frequency.YEARLY, frequency is Frequency.WEEKLY
    rule = Rule(
        frequency=frequency,
        interval=draw(st.sampled_from([1, 1, 1, 2, 3, 5])),
        months=draw(sometimes(numbers(1, 12))),
        year_days=draw(sometimes(numbers(1, 366, signed=True))) if yearly else (),
        month_days=() if weekly else draw(sometimes(numbers(1, 31, signed=True))),
        weekdays=draw(weekdays(frequency)),
        hours=draw(sometimes(numbers(0, 23))),
        minutes=draw(sometimes(numbers(0, 59, most=2))),
        week_start=draw(st.sampled_from([Weekday.MO, Weekday.SU, Weekday.WE])),
    )
    if yearly and week_numbers and draw(st.integers(0, 5)) == 0:
        plain = tuple(sorted({WeekdayNum(0, entry.weekday) for entry in rule.weekdays}))
        rule = replace(rule, week_numbers=draw(numbers(2, 50, signed=True)), weekdays=plain)
    has_by = any((rule.months, rule.month_days, rule.year_days, rule.weekdays, rule.hours, rule.minutes))
    if has_by and not weekly and draw(st.integers(0, 3)) == 0:
        rule = replace(rule, positions=draw(numbers(1, 4, signed=True)))
    return draw(ended(rule))


def ended(rule: Rule) -> st.SearchStrategy[Rule]:
    """The rule without an end, with a COUNT, and with an UNTIL in each of its forms."""
    times = st.datetimes(datetime(2009, 1, 1), datetime(2014, 1, 1)).map(
        lambda time: time.replace(microsecond=0)
    )
    in_utc = times.map(lambda time: time.replace(tzinfo=UTC))
    until: st.SearchStrategy[date] = st.one_of(times, in_utc, times.map(lambda time: time.date()))
    return st.one_of(
        st.just(rule),
        st.integers(1, 40).map(lambda count: replace(rule, count=count)),
        until.map(lambda time: replace(rule, until=time)),
    )


# Around changes of clocks: Bucharest's, New York's, Lord Howe's and Apia's odd hours all lie between midnight and four.
starts = st.builds(
    lambda day, hour, minute: local(day.year, day.month, day.day, hour, minute),
    st.dates(date(2010, 1, 1), date(2012, 12, 31)),
    st.integers(0, 4) | st.integers(0, 23),
    st.sampled_from([0, 15, 30, 59]),
)


@st.composite
def all_series(draw: st.DrawFn) -> Series:
    start, all_day = draw(starts), draw(st.integers(0, 4)) == 0
    if all_day:
        start = LocalTime(start.replace(hour=0, minute=0))
    rule = draw(st.none() | rules() | rules())
    zone: ZoneName = draw(st.sampled_from(ZONES))
    series = Series(
        start=start,
        zone=zone,
        duration_minutes=draw(st.integers(1, 3)) * 1440 if all_day else draw(st.sampled_from([15, 60, 3000])),
        rrule=rule.to_text() if rule else None,
        all_day=all_day,
    )
    given_times = rule_times(series, datetime(start.year + 2, 1, 1))[:30]
    extra = st.integers(-30, 500).map(lambda days: LocalTime(start + timedelta(days=days)))
    either = st.sampled_from(given_times) | extra if given_times else extra
    return replace(
        series,
        rdates=tuple(draw(sometimes_some(either))),
        exdates=tuple(draw(sometimes_some(either | st.just(start)))),
    )


def sometimes_some(times: st.SearchStrategy[LocalTime]) -> st.SearchStrategy[list[LocalTime]]:
    return st.just([]) | st.lists(times, max_size=3)


windows = st.builds(
    lambda start, days: Span(Instant(start), Instant(start + days * 86_400)),
    st.integers(at(2009, 6), at(2013)),
    st.integers(1, 900),
)
