"""Whole arrays of times through a zone's rules, and the dates on which those rules bite.

`zoneinfo` answers one datetime at a time. Here a zone becomes a table once — the instants at which its offset changes and the offset in
force between them — and a conversion becomes one binary search and one subtraction over an int64 array. Local times are `wall_seconds`.

For reading a local time only one edge per transition matters. Let the offset change from `before` to `after` at instant `t`. A gap's
times, from `t + before` to `t + after`, are to be read with the offset before (RFC 5545 §3.3.5), so the new offset starts at `t + after`.
A fold's times, from `t + after` to `t + before`, are to be read as the first of the two, so the new offset starts at `t + before`. Both
say: at `t + max(before, after)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from convenor.kernel.instants import (
    DAY,
    Instant,
    Span,
    ZoneName,
    to_instant,
    to_local,
    wall_seconds,
    wall_time,
    zone_info,
)

if TYPE_CHECKING:
    from collections.abc import Callable

Seconds = npt.NDArray[np.int64]

FIRST_YEAR, LAST_YEAR = 1970, 2100
"""Years that a table covers; a time outside is worked out one by one, just as exactly."""

# Two changes of offset closer than this would hide each other while a table is built. The shortest stay in the database since 1970 is
# 6.96 days (Recife, October 2000), and tests hold every zone's table against zoneinfo.
_PROBE = 3 * DAY


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of a zone's offset; offsets are seconds east of UTC."""

    at: Instant
    before: int
    after: int


@dataclass(frozen=True, slots=True, eq=False)
class ZoneTable:
    """A zone's offsets between FIRST_YEAR and LAST_YEAR: `offsets[i]` holds until `changes[i]`, the last one to the end."""

    zone: ZoneName
    first: Instant
    last: Instant
    changes: Seconds
    offsets: Seconds
    local_edges: Seconds

    def to_utc(self, local: Seconds) -> Seconds:
        """Instants of local times, gap and fold by the RFC's rule."""
        offsets = self.offsets[np.searchsorted(self.local_edges, local, side="right")]
        # A day inside the borders no offset can carry a time across them.
        outside = (local < self.first + DAY) | (local >= self.last - DAY)
        return _patched(local - offsets, local, outside, lambda wall: to_instant(wall_time(wall), self.zone))

    def to_wall(self, instants: Seconds) -> Seconds:
        """What the zone's clocks show at instants."""
        offsets = self.offsets[np.searchsorted(self.changes, instants, side="right")]
        outside = (instants < self.first) | (instants >= self.last)
        return _patched(
            instants + offsets, instants, outside, lambda at: wall_seconds(to_local(Instant(at), self.zone))
        )


@cache
def zone_table(zone: ZoneName) -> ZoneTable:
    """The zone's table, built once (about 15 ms). Raises `UnknownZone`."""
    info = zone_info(zone)
    first, last = (
        Instant(int(datetime(year, 1, 1, tzinfo=UTC).timestamp())) for year in (FIRST_YEAR, LAST_YEAR + 1)
    )
    found = list(_probe(info, first, last))
    changes = np.array([change.at for change in found], dtype=np.int64)
    offsets = np.array([_offset(info, first), *(change.after for change in found)], dtype=np.int64)
    edges = changes + np.maximum(offsets[:-1], offsets[1:])
    for array in (changes, offsets, edges):
        array.flags.writeable = False
    return ZoneTable(zone=zone, first=first, last=last, changes=changes, offsets=offsets, local_edges=edges)


def local_to_utc(local: Seconds, zone: ZoneName) -> Seconds:
    """`to_instant` for an array of wall seconds. Raises `UnknownZone`."""
    return zone_table(zone).to_utc(local)


def utc_to_local(instants: Seconds, zone: ZoneName) -> Seconds:
    """`to_local` for an array of instants, as wall seconds. Raises `UnknownZone`."""
    return zone_table(zone).to_wall(instants)


def transitions(zone: ZoneName, span: Span) -> list[Transition]:
    """The changes of the zone's offset that happen within the span, in order. Raises `UnknownZone`."""
    table = zone_table(zone)
    if span.start < table.first or span.end > table.last:
        # A change on the very first second needs the second before it to be seen.
        return [
            each
            for each in _probe(zone_info(zone), Instant(span.start - 1), span.end)
            if span.contains(each.at)
        ]
    low, high = np.searchsorted(table.changes, [span.start, span.end], side="left")
    return [
        Transition(Instant(int(table.changes[i])), int(table.offsets[i]), int(table.offsets[i + 1]))
        for i in range(low, high)
    ]


def shift_dates(zone_a: ZoneName, zone_b: ZoneName, span: Span) -> list[Instant]:
    """The instants in the span at which the two zones' clocks move apart or together: where a series that keeps its local time in one
    zone starts to fall on another time of day in the other. Raises `UnknownZone`.
    """
    moves: dict[Instant, int] = {}
    for zone, sign in ((zone_a, 1), (zone_b, -1)):
        for change in transitions(zone, span):
            moves[change.at] = moves.get(change.at, 0) + sign * (change.after - change.before)
    return sorted(at for at, move in moves.items() if move)


def _probe(info: ZoneInfo, first: Instant, last: Instant) -> list[Transition]:
    """Every change of offset in `(first, last)`: probe at even steps, then halve the steps whose two ends differ."""
    probes = [*range(first, last, _PROBE), last - 1]
    offsets = [_offset(info, probe) for probe in probes]
    steps = zip(pairwise(probes), pairwise(offsets), strict=True)
    return [
        Transition(_halve(info, low, high), before, after)
        for (low, high), (before, after) in steps
        if before != after
    ]


def _halve(info: ZoneInfo, low: int, high: int) -> Instant:
    """The one instant in `(low, high]` from which the offset is that of `high`."""
    after = _offset(info, high)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _offset(info, middle) == after else (middle, high)
    return Instant(high)


def _offset(info: ZoneInfo, at: int) -> int:
    offset = datetime.fromtimestamp(at, info).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


def _patched(
    answers: Seconds, given: Seconds, outside: npt.NDArray[np.bool_], one: Callable[[int], int]
) -> Seconds:
    """`answers`, with those for times outside the table worked out one by one."""
    if outside.any():
        answers[outside] = [one(int(value)) for value in given[outside]]
    return answers
