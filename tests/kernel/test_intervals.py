"""Set arithmetic on spans against the plainest oracle there is: sets of the minutes they hold."""

import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.kernel.instants import Instant, Span
from convenor.kernel.intervals import (
    clip,
    covers,
    gaps,
    intersect,
    load,
    merge,
    overlapping_pairs,
    subtract,
    total_seconds,
)


def span(start: int, end: int) -> Span:
    return Span(Instant(start), Instant(end))


one = st.tuples(st.integers(0, 40), st.integers(1, 15)).map(lambda pair: span(pair[0], pair[0] + pair[1]))
many = st.lists(one, max_size=10)


def held(spans: Iterable[Span]) -> set[int]:
    return {moment for each in spans for moment in range(each.start, each.end)}


def is_normal(spans: list[Span]) -> bool:
    return all(before.end < after.start for before, after in itertools.pairwise(spans))


@given(many)
def test_merge_keeps_the_time_in_normal_form(spans: list[Span]) -> None:
    assert held(merge(spans)) == held(spans)
    assert is_normal(merge(spans))


@given(many, many)
def test_intersect_subtract(a: list[Span], b: list[Span]) -> None:
    for answer, expected in ((intersect(a, b), held(a) & held(b)), (subtract(a, b), held(a) - held(b))):
        assert held(answer) == expected
        assert is_normal(answer)


@given(many, one)
def test_gaps_clip_covers(spans: list[Span], within: Span) -> None:
    assert held(gaps(spans, within)) == held([within]) - held(spans)
    assert is_normal(gaps(spans, within))
    assert held(clip(spans, within)) == held([within]) & held(spans)
    assert covers(spans, within) == (held([within]) <= held(spans))


@given(many)
def test_total_and_load_count_every_second(spans: list[Span]) -> None:
    assert total_seconds(spans) == len(held(spans))
    counted = {
        moment: count for stretch, count in load(spans) for moment in range(stretch.start, stretch.end)
    }
    assert counted == {moment: sum(moment in range(s.start, s.end) for s in spans) for moment in held(spans)}


@given(many)
def test_load_joins_stretches_of_equal_count(spans: list[Span]) -> None:
    answer = load(spans)
    touching = [(a, b) for a, b in itertools.pairwise(answer) if a[0].end == b[0].start]
    assert all(a[1] != b[1] for a, b in touching)


@given(many)
def test_overlapping_pairs_are_all_of_them_once(spans: list[Span]) -> None:
    n = len(spans)
    assert overlapping_pairs(spans) == [
        (i, j) for i in range(n) for j in range(i + 1, n) if spans[i].overlaps(spans[j])
    ]


@pytest.mark.parametrize(
    ("spans", "merged"),
    [
        ([], []),
        ([span(0, 1), span(1, 2)], [span(0, 2)]),
        ([span(3, 4), span(0, 1)], [span(0, 1), span(3, 4)]),
        ([span(0, 9), span(2, 3), span(9, 10)], [span(0, 10)]),
    ],
)
def test_merge_by_hand(spans: list[Span], merged: list[Span]) -> None:
    assert merge(spans) == merged


def test_back_to_back_meetings_do_not_overlap() -> None:
    assert overlapping_pairs([span(0, 60), span(60, 120), span(59, 61)]) == [(0, 2), (1, 2)]
