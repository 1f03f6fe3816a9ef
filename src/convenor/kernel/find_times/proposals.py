"""The cheapest single changes that open a slot, every one verified by running the search again.

What is tried is bounded: each kind with a scale (shorter, later, fewer) is halved down to its smallest step that opens anything; of
people, only those who are somewhere the only one in the way, at most MOST_TRIED by the number of slots that promises; of meetings, only
those in the way where nothing fixed is, at most MOST_TRIED, cheap ones first. A change that opens nothing is never told.

Doing without accessibility is never proposed: it isn't the coordinator's to give.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import time

from convenor.kernel.find_times.answer import Change, ChangeKind, ChangeValue
from convenor.kernel.find_times.changes import COSTS, changed
from convenor.kernel.find_times.horizon import shifted_days
from convenor.kernel.find_times.moves import promising_moves
from convenor.kernel.find_times.obstacles import ElementKind, Obstacles
from convenor.kernel.find_times.prepared import PreparedGrid, count_slots
from convenor.kernel.find_times.question import Hours, Question, RoomNeed
from convenor.kernel.instants import DAY, WEEK, Instant, Span
from convenor.kernel.intervals import intersect

MOST_TRIED = 12
MOST_DAYS = 7
HALF_HOURS = 6
"""How far local hours are widened, at most, to either side."""


def proposals(
    question: Question, prepared: PreparedGrid | None, obstacles: Obstacles | None
) -> tuple[Change, ...]:
    """Cheapest first, then those that open more. Without `prepared` and `obstacles` (no window holds the meeting) only the length and the
    window can change.
    """
    found = [*_verified(question, _about_time(question)), *_smallest(question, _scales(question))]
    if prepared is not None and obstacles is not None:
        single = [*_about_people(question, obstacles), *_about_meetings(prepared), *_about_room(question)]
        found += _verified(question, single)
    return tuple(sorted(found, key=_order))


def _order(change: Change) -> tuple[int, int, str, str, str]:
    return change.cost, -change.opens, change.kind, change.subject, repr(change.value)


def _verified(question: Question, changes: Iterable[Change]) -> Iterator[Change]:
    """Those that open something, with how much."""
    for change in changes:
        if opens := count_slots(changed(question, change)):
            yield replace(change, opens=opens)


def _smallest(question: Question, scales: Iterable[Sequence[Change]]) -> Iterator[Change]:
    """Of each scale, whose later changes open at least what earlier ones do, the first that opens anything."""
    for scale in scales:
        low, high, best = 0, len(scale), None
        while low < high:
            middle = (low + high) // 2
            tried = next(_verified(question, [scale[middle]]), None)
            if tried is None:
                low = middle + 1
            else:
                high, best = middle, tried
        if best is not None:
            yield best


def _change(
    kind: ChangeKind, subject: str = "", value: ChangeValue = None, extra: int = 0, label: str = ""
) -> Change:
    return Change(kind, subject, value, COSTS[kind] + extra, label=label)


def _about_time(question: Question) -> Iterator[Change]:
    if question.buffer_minutes_before or question.buffer_minutes_after:
        yield _change(ChangeKind.LESS_BUFFER)
    if not question.out_of_hours_allowed:
        yield _change(ChangeKind.OUT_OF_HOURS)


def _scales(question: Question) -> Iterator[Sequence[Change]]:
    yield _shorter(question)
    yield _longer_windows(question)
    if question.hours is not None:
        yield from _wider_hours(question.hours)
    if question.room_need is not None and not question.room_need.one_per_site:
        yield _fewer_seats(question, question.room_need)
    for group in question.groups:
        yield [_change(ChangeKind.FEWER_OF_GROUP, group.name, n) for n in range(group.at_least - 1, -1, -1)]


def _shorter(question: Question) -> list[Change]:
    """Every quarter hour less, down to one; below half an hour every five minutes."""
    minutes = question.minutes
    step = 15 if minutes > 30 else 5
    lengths = range((minutes - 1) // step * step, 0, -step)
    return [_change(ChangeKind.SHORTER, "", n, -(-4 * (minutes - n) // minutes)) for n in lengths]


def _longer_windows(question: Question) -> list[Change]:
    """The last window once more on each of the next days on which somebody required works; a window of several days grows by days."""
    if question.known is None or not question.windows:
        return []
    last = max(question.windows, key=lambda window: window.end)
    later = (shifted_days(last, question.zone, days) for days in range(1, MOST_DAYS + 1))
    spans = [span for span in later if span is not None and _may_extend(question, span)]
    if last.end - last.start > DAY:
        grown = [Span(last.end, span.end) for span in spans]
        return [_change(ChangeKind.EXTEND_WINDOW, "", (span,), i + 1) for i, span in enumerate(grown)]
    return [_change(ChangeKind.EXTEND_WINDOW, "", tuple(spans[: i + 1]), i + 1) for i in range(len(spans))]


def _may_extend(question: Question, span: Span) -> bool:
    """Calendars are known then, for every week of a series, and it is not everybody's day off."""
    assert question.known is not None
    if span.end + (question.weeks - 1) * WEEK > question.known.end or span.start < question.known.start:
        return False
    day = Span(Instant(max(span.start, span.end - DAY)), span.end)
    required = set(question.required)
    schedules = {id(each.working): each.working for each in question.people if each.key in required}
    known = [working for working in schedules.values() if working is not None]
    return not known or any(intersect(working, [day]) for working in known)


def _wider_hours(hours: Hours) -> Iterator[list[Change]]:
    earliest, latest = _minutes(hours.earliest), _minutes(hours.latest)
    steps = range(1, HALF_HOURS + 1)
    yield [
        _change(ChangeKind.LOCAL_HOURS, "earliest", Hours(_clock(earliest - 30 * n), hours.latest), n)
        for n in steps
        if earliest - 30 * n >= 0
    ]
    yield [
        _change(ChangeKind.LOCAL_HOURS, "latest", Hours(hours.earliest, _clock(latest + 30 * n)), n)
        for n in steps
        if latest + 30 * n < 24 * 60
    ]


def _fewer_seats(question: Question, need: RoomNeed) -> list[Change]:
    sizes = sorted(
        {room.capacity for room in question.rooms if 0 < room.capacity < need.headcount}, reverse=True
    )
    return [
        _change(ChangeKind.FEWER_SEATS, "", size, -(-10 * (need.headcount - size) // need.headcount))
        for size in sizes
    ]


def _about_people(question: Question, obstacles: Obstacles) -> list[Change]:
    weight = {person.key: person.weight for person in question.people}
    alone = [
        (element.key, mask.bit_count())
        for element, mask in obstacles.alone().items()
        if element.kind is ElementKind.PERSON
    ]
    alone.sort(key=lambda pair: (weight[pair[0]], -pair[1], pair[0]))
    return [_change(ChangeKind.MAKE_OPTIONAL, key, None, 2 * weight[key]) for key, _ in alone[:MOST_TRIED]]


def _about_meetings(prepared: PreparedGrid) -> list[Change]:
    return [
        _change(ChangeKind.MOVE_MEETING, movable.meeting, movable.span, movable.cost, movable.label)
        for movable in promising_moves(prepared)[:MOST_TRIED]
    ]


def _about_room(question: Question) -> Iterator[Change]:
    need = question.room_need
    if need is None:
        return
    if need.rooms is not None:
        yield _change(ChangeKind.OTHER_ROOMS)
    if need.style is not None:
        yield _change(ChangeKind.OTHER_STYLE, need.style)
    for name in sorted(need.equipment):
        yield _change(ChangeKind.DROP_EQUIPMENT, name)
    if need.one_per_site:
        yield _change(ChangeKind.ONE_ROOM)
    elif need.sites is not None:
        for site in sorted({room.site for room in question.rooms if room.site is not None} - need.sites):
            yield _change(ChangeKind.OTHER_SITE, site)
    yield _change(ChangeKind.NO_ROOM)


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)
