"""Series in different zones that collide only because the clocks there don't change together.

Whether a collision is of that kind is a property of the two occurrences and their zones alone: put the second where the clocks
of an earlier season would have put it, and see whether the two still meet. So it can be told of any pair by itself, and
the many weeks of one shift be told as one conflict that names its date.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from convenor.kernel.instants import DAY, Instant, Span, ZoneName
from convenor.kernel.zones import shift_dates, transitions
from convenor.scheduling.enums import ConflictKind, Severity
from convenor.scheduling.rules.conflicts.facts import Attendance, Facts, ShiftKey
from convenor.scheduling.rules.conflicts.found import Found

LOOK_BACK = 400 * DAY
"""Seasons come back within a year: what collides in all of them doesn't collide because of a shift."""
LONG_SEASON = 45 * DAY
"""Shorter ones are the weeks between one zone's change and the other's."""


@dataclass(slots=True)
class Seasons:
    """The stretches between the shifts of two zones, with how far the second's clocks are behind the first's; kept while a look lasts."""

    _known: dict[tuple[ZoneName, ZoneName], tuple[list[Instant], list[int]]] = field(default_factory=dict)

    def of(self, a: ZoneName, b: ZoneName) -> tuple[list[Instant], list[int]]:
        """The shifts in order, and how far each moves `b`'s local times against `a`'s: seconds, later positive."""
        if (a, b) not in self._known:
            span = Span(Instant(0), Instant(80 * 366 * DAY))
            shifts = shift_dates(a, b, span)
            moves = {each.at: each.after - each.before for each in transitions(a, span)}
            for each in transitions(b, span):
                moves[each.at] = moves.get(each.at, 0) - (each.after - each.before)
            self._known[a, b] = shifts, [moves[at] for at in shifts]
        return self._known[a, b]


def shift_of(a: Attendance, b: Attendance, seasons: Seasons) -> ShiftKey | None:
    """The shift since which two overlapping occurrences of series collide; None if they'd collide anyway."""
    first, second = (a, b) if a.meeting_id < b.meeting_id else (b, a)
    if first.series_start is None or second.series_start is None or first.zone == second.zone:
        return None
    since = _since(first, second, seasons)
    if since is None or max(first.series_start, second.series_start) >= since:
        return None  # both series must have known better times
    return ShiftKey(first.meeting_id, second.meeting_id, since)


def _since(a: Attendance, b: Attendance, seasons: Seasons) -> Instant | None:
    """Walk back season by season: short ones are stepped over, and the first long one in which the two don't meet ends the walk."""
    shifts, moves = seasons.of(a.zone, b.zone)
    began: Instant | None = None
    place = bisect_right(shifts, min(a.span.start, b.span.start)) - 1
    back, collides = 0, True
    while place >= 0 and shifts[place] > a.span.start - LOOK_BACK:
        if collides:
            began = shifts[place]
        back -= moves[place]
        collides = b.span.shift(back).overlaps(a.span)
        is_long = place == 0 or shifts[place] - shifts[place - 1] >= LONG_SEASON
        if is_long and not collides:
            return began
        place -= 1
    return None


def zone_shifts(facts: Facts) -> Iterator[Found]:
    """For a person, one for each two series and shift, from the next to the last time that they collide."""
    seasons = Seasons()
    for timeline in facts.timelines:
        groups: dict[ShiftKey, list[tuple[Attendance, Attendance]]] = defaultdict(list)
        for a, b in _overlapping(timeline.series):
            key = shift_of(a, b, seasons)
            if key in timeline.shifts and min(a.span.end, b.span.end) > facts.now:
                groups[key].append((a, b))
        for key, pairs in sorted(groups.items(), key=lambda item: (item[0].since, item[0].meeting_a)):
            yield _shift(timeline.person_id, key, pairs)


def _overlapping(items: tuple[Attendance, ...]) -> Iterator[tuple[Attendance, Attendance]]:
    running: list[Attendance] = []
    for item in sorted(items, key=lambda each: (each.span, each.occurrence_id)):
        running = [other for other in running if other.span.end > item.span.start]
        yield from ((other, item) for other in running if other.meeting_id != item.meeting_id)
        running.append(item)


def shift_keys(items: tuple[Attendance, ...], seasons: Seasons) -> set[ShiftKey]:
    """The shifts that make any two of a person's occurrences collide."""
    return {key for a, b in _overlapping(items) if (key := shift_of(a, b, seasons)) is not None}


def _shift(person_id: int, key: ShiftKey, pairs: list[tuple[Attendance, Attendance]]) -> Found:
    overlaps = sorted(common for a, b in pairs if (common := a.span.intersect(b.span)))
    must = any(a.must_come and b.must_come for a, b in pairs)
    first = min(pairs, key=lambda pair: (max(pair[0].span.start, pair[1].span.start), pair[0].occurrence_id))
    return Found(
        kind=ConflictKind.ZONE_SHIFT,
        severity=Severity.SERIOUS if must else Severity.WARNING,
        span=Span(overlaps[0].start, max(each.end for each in overlaps)),
        person_id=person_id,
        occurrence_ids=tuple(sorted({each.occurrence_id for pair in pairs for each in pair})),
        facts={
            "since": key.since,
            "meetings": [key.meeting_a, key.meeting_b],
            "times": len(pairs),
            "first": sorted(each.occurrence_id for each in first),
        },
        lasts=True,
        mark=f"{key.meeting_a},{key.meeting_b},{key.since}",
    )
