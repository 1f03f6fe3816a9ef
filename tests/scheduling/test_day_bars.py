"""A day as a bar: what is drawn and what is free, by cases and against a minute-by-minute count."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.kernel.instants import Instant, Span
from convenor.scheduling.rules.day_bars import FIRST_HOUR, MINUTES, PAST_HOUR, day_bar

MIDNIGHT = Instant(1_796_594_400)
DAY = date(2026, 12, 7)


def span(start: int, end: int) -> Span:
    """Minutes after midnight."""
    return Span(Instant(MIDNIGHT + start * 60), Instant(MIDNIGHT + end * 60))


spans = st.lists(
    st.tuples(st.integers(-300, 1_700), st.integers(1, 600)).map(lambda pair: span(pair[0], sum(pair))),
    max_size=5,
)


def test_a_day_with_a_meeting() -> None:
    bar = day_bar(DAY, MIDNIGHT, working=[span(540, 1_020)], busy=[span(600, 660)], away=[])
    first = FIRST_HOUR * 60
    assert bar.working == ((540 - first, 480),)
    assert bar.busy == ((600 - first, 60),)
    assert bar.free == (span(540, 600), span(660, 1_020))
    assert bar.away == ()


def test_leave_leaves_nothing_free_and_says_so_once() -> None:
    away = [(span(0, 1_440), "Away"), (span(0, 1_440), "Away")]
    bar = day_bar(DAY, MIDNIGHT, working=[span(540, 1_020)], busy=[], away=away)
    assert bar.off == ((0, MINUTES),)
    assert bar.away == ("Away",)
    assert bar.free == ()


def test_what_is_before_and_after_the_hours_shown_is_left_out() -> None:
    night = day_bar(
        DAY, MIDNIGHT, working=[span(0, 300)], busy=[span(1_300, 1_400)], away=[(span(-60, 0), "x")]
    )
    assert (night.working, night.busy, night.off, night.away, night.free) == ((), (), (), (), ())


@settings(max_examples=60, deadline=None)
@given(spans, spans, spans)
def test_free_time_is_what_a_count_by_minutes_finds(
    working: list[Span], busy: list[Span], away: list[Span]
) -> None:
    bar = day_bar(DAY, MIDNIGHT, working=working, busy=busy, away=[(each, "Away") for each in away])

    def holds(many: list[Span], minute: int) -> bool:
        at = MIDNIGHT + minute * 60
        return any(each.start <= at < each.end for each in many)

    counted = {
        minute
        for minute in range(FIRST_HOUR * 60, PAST_HOUR * 60)
        if holds(working, minute) and not holds(busy, minute) and not holds(away, minute)
    }
    told = {minute for minute in range(FIRST_HOUR * 60, PAST_HOUR * 60) if holds(list(bar.free), minute)}
    assert told == counted
    for start, length in (*bar.working, *bar.busy, *bar.off):
        assert 0 <= start < start + length <= MINUTES
