"""From series to occurrences, a thousand series at a time.

Every rule first becomes local times, in closed form where it has one (`progressions`) and by striking out days where not (`day_masks`).
All of them then go through the zones, UNTIL, EXDATE and the window together, as columns.

Two points on which RFC 5545 leaves a choice, and ours:

* A start that the rule itself doesn't give is an occurrence all the same ("DTSTART … defines the first instance", §3.8.5.3), but COUNT
  doesn't count it; a start after UNTIL is none. Equal to recurring-ical-events.
* An UNTIL given as a date takes in that whole local day, as people mean it; in UTC it bounds instants, without a zone local times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from convenor.kernel.instants import DAY, MINUTE, Instant, LocalTime, Span, ZoneName, instant_of, wall_seconds
from convenor.kernel.recurrence import day_masks
from convenor.kernel.recurrence.occurrences import Occurrence, Occurrences, OccurrenceTable
from convenor.kernel.recurrence.progressions import Progression, days_of, is_progression, progressions
from convenor.kernel.recurrence.rule import Rule, refuse_timer
from convenor.kernel.zones import Seconds, local_to_utc

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from convenor.kernel.recurrence.series import Series

Mask = npt.NDArray[np.bool_]

_FOREVER = 1 << 60
# The years 1 to 9999 less a few days, so that no zone's offset leads out of them; as days since 1970-01-01.
_FIRST_DAY, _LAST_DAY = -719_150, 2_932_880
_MARGIN = 2  # days by which local and UTC dates can be apart (a day), and one for a gap of a whole day
_SEARCH_DAYS = (
    400 * 366
)  # the Gregorian calendar repeats after 400 years: what hasn't occurred by then never will
_KEY_BITS = 40  # a series' position above, wall seconds or an instant below


def expand(series: Series, *, within: Span, limit: int) -> Occurrences:
    """The occurrences that share time with `within`, by start; the first `limit` of them, `truncated` telling of more.

    Raises `RuleError` for a rule that is refused or is no meeting's, `UnknownZone`.
    """
    return expand_many([series], within=within).of(0).first(limit)


def expand_many(all_series: Sequence[Series], *, within: Span) -> OccurrenceTable:
    """The occurrences of every series that share time with `within`, as one table.

    Raises `RuleError` and `UnknownZone` for the first series that has such a fault: `check_series` them on the way in.
    """
    return _expand(all_series, within, rule_only=False)


def rule_occurrences(series: Series, *, within: Span) -> Occurrences:
    """What the rule alone gives, UNTIL and COUNT heeded: no RDATE, no EXDATE, no start off the rule. Raises as `expand`."""
    return _expand([series], within, rule_only=True).of(0)


def next_after(series: Series, after: Instant, *, rule_only: bool = False) -> Occurrence | None:
    """The first occurrence that starts after an instant; None when there is none within 400 years. Raises as `expand`."""
    first_day = wall_seconds(min(series.start, *series.rdates, series.start)) // DAY - _MARGIN
    low = max(after, first_day * DAY)
    end, days = low + _SEARCH_DAYS * DAY, 64
    while low < end:
        window = Span(Instant(low), Instant(low + days * DAY))
        found = _expand([series], window, rule_only=rule_only).of(0)
        later = np.flatnonzero(found.starts > after)
        if len(later):
            return found.occurrence(int(later[0]))
        low, days = window.end, days * 4
    return None


@dataclass(frozen=True, slots=True, eq=False)
class _Facts:
    """One row per series: what the columns of candidates are checked against."""

    zones: list[ZoneName]
    zone: Seconds
    time_of_day: Seconds
    duration: Seconds
    all_day: Mask
    low: Seconds
    high: Seconds
    until_local: Seconds
    until_utc: Seconds


@dataclass(slots=True)
class _Candidates:
    """Local times found so far: progressions still to be counted out, and columns of series, local time, bounded by UNTIL."""

    rows: list[Progression]
    series: list[Seconds]
    local: list[Seconds]
    bounded: list[Mask]
    mended: set[int]  # series that may have got a time twice

    def add(self, series: int, local: Seconds | Iterable[int], *, bounded: bool) -> None:
        times = np.asarray(local, dtype=np.int64)
        self.series.append(np.full(len(times), series, dtype=np.int64))
        self.local.append(times)
        self.bounded.append(np.full(len(times), bounded))


def _expand(all_series: Sequence[Series], within: Span, *, rule_only: bool) -> OccurrenceTable:
    rules = [series.rule for series in all_series]
    facts = _facts(all_series, rules, within)
    found = _candidates(all_series, rules, facts, rule_only=rule_only)
    series, local, bounded = _flat(found, facts)
    starts = _in_zones(facts, series, local)
    keep = ~bounded | ((local <= facts.until_local[series]) & (starts <= facts.until_utc[series]))
    if not rule_only:
        keep &= ~_struck_out(all_series, series, local)
    ends = starts + facts.duration[series]
    if (days := facts.all_day[series]).any():
        ends[days] = _in_zones(facts, series[days], (local + facts.duration[series])[days])
    keep &= (starts < within.end) & (ends > within.start)
    order = np.flatnonzero(keep)
    order = order[_first_of_each(series[order], local[order], found.mended)]
    order = order[_by_start(series[order], starts[order])]
    return OccurrenceTable(series[order], local[order], starts[order], ends[order])


def _facts(all_series: Sequence[Series], rules: Sequence[Rule | None], within: Span) -> _Facts:
    zones: dict[ZoneName, int] = {}
    rows = [
        (zones.setdefault(series.zone, len(zones)), *_bounds(series, rule, within))
        for series, rule in zip(all_series, rules, strict=True)
    ]
    table = np.array(rows, dtype=np.int64).reshape(-1, 8).T
    return _Facts(
        zones=list(zones),
        zone=table[0],
        time_of_day=table[1],
        duration=table[2],
        all_day=table[3].astype(np.bool_),
        low=table[4],
        high=table[5],
        until_local=table[6],
        until_utc=table[7],
    )


def _bounds(series: Series, rule: Rule | None, within: Span) -> tuple[int, ...]:
    """A row of `_Facts` after its zone: time of day, duration, all day, first and last day to look at, UNTIL in local time and in UTC."""
    start, duration = wall_seconds(series.start), series.duration_minutes * MINUTE
    until_local, until_utc = _until(rule)
    low = max((within.start - duration) // DAY - _MARGIN, _FIRST_DAY)
    high = min(
        within.end // DAY + _MARGIN, min(until_local, until_utc) // DAY + _MARGIN, _LAST_DAY - duration // DAY
    )
    return start % DAY, duration, series.all_day, low, high, until_local, until_utc


def _until(rule: Rule | None) -> tuple[int, int]:
    """The last local time and the last instant that UNTIL allows."""
    if rule is None or rule.until is None:
        return _FOREVER, _FOREVER
    if not isinstance(rule.until, datetime):
        midnight = datetime(rule.until.year, rule.until.month, rule.until.day)  # noqa: DTZ001 - a local time
        return wall_seconds(LocalTime(midnight)) + DAY - 1, _FOREVER
    if rule.until.tzinfo is None:
        return wall_seconds(LocalTime(rule.until)), _FOREVER
    return _FOREVER, instant_of(rule.until)


def _candidates(
    all_series: Sequence[Series], rules: Sequence[Rule | None], facts: _Facts, *, rule_only: bool
) -> _Candidates:
    found = _Candidates([], [], [], [], set())
    low, high = facts.low.tolist(), facts.high.tolist()
    for i, (series, rule) in enumerate(zip(all_series, rules, strict=True)):
        on_rule = rule is not None and _add_rule(found, i, series, rule, low[i], high[i])
        if rule_only:
            continue
        if not on_rule:
            found.add(i, [wall_seconds(series.start)], bounded=True)
            found.mended.add(i)
        if series.rdates:
            found.add(i, _walls(series.rdates), bounded=False)
            found.mended.add(i)
    return found


def _add_rule(found: _Candidates, i: int, series: Series, rule: Rule, low: int, high: int) -> bool:
    """Add what the rule gives on the days `[low, high]`; whether that surely holds the start, if these days do."""
    refuse_timer(rule)
    if is_progression(rule):
        start_day = wall_seconds(series.start) // DAY
        rows = progressions(rule, series=i, start_day=start_day)
        found.rows.extend(rows)
        return any(row.first == start_day for row in rows)
    # An all-day series has no time of day to repeat at: RFC 5545 §3.3.10 has such parts ignored.
    rule = day_masks.without_times(rule) if series.all_day else rule
    found.add(i, day_masks.local_times(rule, series.start, low=low, high=high), bounded=True)
    return False


def _flat(found: _Candidates, facts: _Facts) -> tuple[Seconds, Seconds, Mask]:
    """All candidates as three columns: series, local time, bounded by UNTIL."""
    series, days = days_of(found.rows, facts.low, facts.high)
    local = days * DAY + facts.time_of_day[series]
    bounded = np.ones(len(series), dtype=np.bool_)
    if not found.series:
        return series, local, bounded
    return (
        np.concatenate([series, *found.series]),
        np.concatenate([local, *found.local]),
        np.concatenate([bounded, *found.bounded]),
    )


def _in_zones(facts: _Facts, series: Seconds, local: Seconds) -> Seconds:
    """The instants of local times, each in its series' zone."""
    if len(facts.zones) == 1:
        return local_to_utc(local, facts.zones[0])
    zone = facts.zone[series]
    instants = np.empty_like(local)
    for i, name in enumerate(facts.zones):
        rows = np.flatnonzero(zone == i)
        instants[rows] = local_to_utc(local[rows], name)
    return instants


def _struck_out(all_series: Sequence[Series], series: Seconds, local: Seconds) -> Mask:
    """Which rows an EXDATE of their series removes."""
    struck = np.zeros(len(series), dtype=np.bool_)
    gone = [(i, exdate) for i, each in enumerate(all_series) for exdate in each.exdates]
    if gone:
        whose = np.array([i for i, _ in gone], dtype=np.int64)
        keys = _keys(whose, _walls(exdate for _, exdate in gone))
        rows = _rows_of(series, whose, len(all_series))
        struck[rows] = np.isin(_keys(series[rows], local[rows]), keys)
    return struck


def _first_of_each(series: Seconds, local: Seconds, mended: set[int]) -> Seconds:
    """Positions of the rows that are left when a time that a series got twice counts once."""
    if not mended or not len(series):
        return np.arange(len(series))
    some = _rows_of(series, np.array(sorted(mended), dtype=np.int64), int(series.max()) + 1)
    _, first = np.unique(_keys(series[some], local[some]), return_index=True)
    keep = np.ones(len(series), dtype=np.bool_)
    keep[some] = False
    keep[some[first]] = True
    return np.flatnonzero(keep)


def _by_start(series: Seconds, starts: Seconds) -> Seconds:
    """The order by series, then start; equal starts (two local times meeting after a gap) stay in local order."""
    keys = _keys(series, starts)
    if np.all(keys[1:] >= keys[:-1]):
        return np.arange(len(keys))
    return np.argsort(keys, kind="stable")


def _rows_of(series: Seconds, wanted: Seconds, n: int) -> Seconds:
    """Positions of the rows that belong to one of the wanted series; `n` is more than any."""
    is_wanted = np.zeros(max(n, int(wanted.max()) + 1), dtype=np.bool_)
    is_wanted[wanted] = True
    return np.flatnonzero(is_wanted[series])


def _keys(series: Seconds, seconds: Seconds) -> Seconds:
    """One sortable number for a series and a time in it."""
    return (series << _KEY_BITS) + seconds


def _walls(times: Iterable[LocalTime]) -> Seconds:
    """Wall seconds of local times, as an array."""
    return np.array([wall_seconds(time) for time in times], dtype=np.int64)
