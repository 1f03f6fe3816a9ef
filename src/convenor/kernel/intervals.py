"""Set arithmetic on spans: small total functions over any iterable of `Span`, in any order, overlapping or not.

Results that are sets of time are *normal*: sorted, disjoint, and with no two that touch, so that equal sets of time are equal lists.
Everything is a sort and one sweep: O(n log n), plus the size of the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from convenor.kernel.instants import Instant, Span


def merge(spans: Iterable[Span]) -> list[Span]:
    """The same time in normal form: overlapping and touching spans joined."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            if span.end > merged[-1].end:
                merged[-1] = Span(merged[-1].start, span.end)
        else:
            merged.append(span)
    return merged


def intersect(a: Iterable[Span], b: Iterable[Span]) -> list[Span]:
    """The time that both sets hold."""
    left, right = merge(a), merge(b)
    shared: list[Span] = []
    i = j = 0
    while i < len(left) and j < len(right):
        if common := left[i].intersect(right[j]):
            shared.append(common)
        if left[i].end <= right[j].end:
            i += 1
        else:
            j += 1
    return shared


def gaps(spans: Iterable[Span], within: Span) -> list[Span]:
    """The time of `within` that no span holds."""
    free: list[Span] = []
    reached = within.start
    for span in merge(spans):
        if span.start >= within.end:
            break
        if span.start > reached:
            free.append(Span(reached, span.start))
        reached = max(reached, span.end)
    if reached < within.end:
        free.append(Span(reached, within.end))
    return free


def subtract(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """The time that `spans` hold and `holes` don't."""
    whole = merge(spans)
    if not whole:
        return []
    return intersect(whole, gaps(holes, Span(whole[0].start, whole[-1].end)))


def clip(spans: Iterable[Span], within: Span) -> list[Span]:
    """The part of the spans' time that lies in `within`."""
    return intersect(spans, [within])


def covers(spans: Iterable[Span], wanted: Span) -> bool:
    """Whether the spans together leave no second of `wanted` out."""
    return not gaps(spans, wanted)


def total_seconds(spans: Iterable[Span]) -> int:
    """Seconds held by the spans, shared time counted once."""
    return sum(span.end - span.start for span in merge(spans))


def overlapping_pairs(spans: Sequence[Span]) -> list[tuple[int, int]]:
    """Positions `(i, j)`, `i < j`, of every two spans that overlap, sorted: one sweep, O(n log n + pairs)."""
    pairs: list[tuple[int, int]] = []
    running: list[int] = []
    for j in sorted(range(len(spans)), key=spans.__getitem__):
        # Whoever survives this filter makes a pair and whoever doesn't is never seen again: the sweep is linear in its answer.
        running = [i for i in running if spans[i].end > spans[j].start]
        pairs.extend((min(i, j), max(i, j)) for i in running)
        running.append(j)
    return sorted(pairs)


def load(spans: Iterable[Span]) -> list[tuple[Span, int]]:
    """How many spans hold each stretch of time, where any does; stretches of equal count that touch are joined."""
    change: dict[Instant, int] = {}
    for span in spans:
        change[span.start] = change.get(span.start, 0) + 1
        change[span.end] = change.get(span.end, 0) - 1
    edges = sorted(edge for edge, step in change.items() if step)
    counted: list[tuple[Span, int]] = []
    count = 0
    for start, end in pairwise(edges):
        count += change[start]
        if count:
            counted.append((Span(start, end), count))
    return counted
