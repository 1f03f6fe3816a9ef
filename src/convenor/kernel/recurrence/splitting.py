"""“This and following”: one series cut into two that together occur exactly as it did."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from convenor.kernel.instants import DAY, Instant, LocalTime, Span, datetime_of, to_instant, wall_seconds
from convenor.kernel.recurrence.expansion import expand_many, next_after, rule_occurrences

if TYPE_CHECKING:
    from convenor.kernel.recurrence.occurrences import Occurrences
    from convenor.kernel.recurrence.series import Series
    from convenor.kernel.zones import Seconds

# From a local time to any instant it can be in some zone, and more: a window this much wider misses nothing.
_MARGIN = 3 * DAY
_BEFORE_ALL = Instant(-(1 << 40))


class NotAnOccurrence(ValueError):
    """A recurrence id that names no occurrence of the series."""

    def __init__(self, recurrence_id: LocalTime) -> None:
        self.recurrence_id = recurrence_id
        super().__init__(f"The series has no occurrence on {recurrence_id.isoformat(' ', 'minutes')}.")


def split_at(series: Series, recurrence_id: LocalTime) -> tuple[Series | None, Series]:
    """The occurrences before a recurrence id, and that one with all that follow; None when nothing comes before it.

    The first part's rule ends by COUNT if the whole did and by UNTIL otherwise, the second's counts on from there; RDATEs and EXDATEs go
    to the side they are on. Raises `NotAnOccurrence`, and as `expand`.
    """
    if wall_seconds(recurrence_id) not in _around(series, recurrence_id, recurrence_id):
        raise NotAnOccurrence(recurrence_id)
    past = rule_occurrences(series, within=_window(min(series.start, recurrence_id), recurrence_id))
    past = past.first(int(np.count_nonzero(past.local < wall_seconds(recurrence_id))))
    before = _before(series, recurrence_id, past)
    if before is not None and next_after(before, _BEFORE_ALL) is None:
        before = None
    return before, _after(series, recurrence_id, len(past))


def _before(series: Series, cut: LocalTime, past: Occurrences) -> Series | None:
    """The series with what lies before the cut, `past` being what its rule gives there; None when it hasn't even a start there."""
    rdates = tuple(sorted(rdate for rdate in series.rdates if rdate < cut))
    exdates = tuple(exdate for exdate in series.exdates if exdate < cut)
    rule = _ended(series, cut, past)
    if series.start < cut and _starts_at_start(series):
        return replace(series, rrule=rule, rdates=rdates, exdates=exdates)
    if not rdates:
        return None
    return replace(series, start=rdates[0], rrule=None, rdates=rdates[1:], exdates=exdates)


def _starts_at_start(series: Series) -> bool:
    """Whether the start belongs to the set, EXDATEs aside: it does unless UNTIL lies before it."""
    plain = replace(series, rdates=(), exdates=())
    return wall_seconds(series.start) in _around(plain, series.start, series.start)


def _ended(series: Series, cut: LocalTime, past: Occurrences) -> str | None:
    """The rule, ended with the last time of `past`; None when that is empty."""
    rule = series.rule
    if rule is None or not len(past):
        return None
    last = past.occurrence(len(past) - 1)
    # Where a gap makes the cut no later than what precedes it, no UNTIL can tell the two apart.
    if rule.count or to_instant(cut, series.zone) <= last.span.start:
        return replace(rule, count=len(past), until=None).to_text()
    # RFC 5545 §3.3.10: UNTIL is a date where DTSTART is one, and in UTC where DTSTART has a zone.
    until = last.recurrence_id.date() if series.all_day else datetime_of(last.span.start)
    return replace(rule, until=until).to_text()


def _after(series: Series, cut: LocalTime, gone: int) -> Series:
    """The series from the cut on, its rule having given `gone` times before."""
    rdates = tuple(sorted(rdate for rdate in series.rdates if rdate >= cut))
    rest = replace(series, rdates=rdates, exdates=tuple(exdate for exdate in series.exdates if exdate >= cut))
    rule = series.rule
    if series.start >= cut:
        return rest
    start = _first_on_rule(series, cut)
    if rule is None or start is None:
        return replace(rest, start=cut, rrule=None, rdates=tuple(rdate for rdate in rdates if rdate != cut))
    left = replace(rule, count=rule.count - gone) if rule.count else rule
    return replace(rest, start=start, rrule=left.to_text())


def _first_on_rule(series: Series, cut: LocalTime) -> LocalTime | None:
    """The first local time at or after the cut that the rule itself gives: a start that keeps INTERVAL in step."""
    if series.rule is None:
        return None
    found = next_after(series, Instant(to_instant(cut, series.zone) - 1), rule_only=True)
    # Around a gap, a later instant can carry an earlier local time.
    while found and found.recurrence_id < cut:
        found = next_after(series, found.span.start, rule_only=True)
    return found.recurrence_id if found else None


def _around(series: Series, low: LocalTime, high: LocalTime) -> Seconds:
    """Wall seconds of the series' occurrences from one local time to another, and somewhat beyond."""
    return expand_many([series], within=_window(low, high)).local


def _window(low: LocalTime, high: LocalTime) -> Span:
    return Span(Instant(wall_seconds(low) - _MARGIN), Instant(wall_seconds(high) + _MARGIN))
