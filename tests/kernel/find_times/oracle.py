"""The plainest search there is: every start, every room, every rule, one after the other, on spans; no grid, no arrays, no bound.

`ignore` lifts things one by one, by what `Blocker` calls them: ("person", key), ("group", name), ("room", key) or a RuleKind.
"""

from collections.abc import Iterator, Set
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from math import gcd

from convenor.kernel.find_times.answer import RuleKind, Score
from convenor.kernel.find_times.question import Busy, Hours, Person, Question, Room, RoomNeed
from convenor.kernel.instants import Instant, LocalTime, Span, to_instant, to_local
from convenor.kernel.intervals import covers, merge

Thing = RuleKind | tuple[str, str]
NOTHING: frozenset[Thing] = frozenset()


def base_starts(question: Question) -> list[Instant]:
    found = []
    for window in merge(question.windows):
        if window.end <= question.now:
            continue
        start = max(window.start, question.now)
        local = to_local(start, question.zone)
        seconds = local.hour * 3600 + local.minute * 60 + local.second
        start = Instant(start + -seconds % (question.step_minutes * 60))
        while start + question.minutes * 60 <= window.end:
            found.append(start)
            start = Instant(start + question.step_minutes * 60)
    return found


def occurrence(question: Question, start: Instant, week: int) -> Span:
    if week:
        local = LocalTime(to_local(start, question.zone) + timedelta(weeks=week))
        start = to_instant(local, question.zone)
    return Span(start, Instant(start + question.minutes * 60))


def asked(question: Question) -> list[Person]:
    keys = {*question.required, *question.optional, *(key for group in question.groups for key in group.keys)}
    return [person for person in question.people if person.key in keys]


def way(question: Question, start: str | None, end: str | None) -> int:
    if start is None or end is None:
        return 0
    return question.travel.get((start, end), question.travel.get((end, start), 0))


def widened(question: Question, busy: Busy, site: str | None, ignore: Set[Thing] = NOTHING) -> Span:
    """Busy time as somebody sees it who is to be at the site."""
    lift_buffer, lift_travel = RuleKind.BUFFERS in ignore, RuleKind.TRAVEL in ignore
    before = 0 if lift_buffer else question.buffer_minutes_before
    after = 0 if lift_buffer else question.buffer_minutes_after
    coming = 0 if lift_travel else way(question, busy.site, site)
    going = 0 if lift_travel else way(question, site, busy.site)
    return Span(
        Instant(busy.span.start - 60 * max(after, going)), Instant(busy.span.end + 60 * max(before, coming))
    )


def taken(question: Question, person: Person, site: str | None, ignore: Set[Thing] = NOTHING) -> list[Span]:
    return [widened(question, busy, site, ignore) for busy in person.busy] + [
        away.span for away in person.away
    ]


def is_free(
    question: Question, person: Person, span: Span, site: str | None, ignore: Set[Thing] = NOTHING
) -> bool:
    if any(busy.overlaps(span) for busy in taken(question, person, site, ignore)):
        return False
    strict = not question.out_of_hours_allowed and RuleKind.WORKING_HOURS not in ignore
    return not strict or person.working is None or covers(person.working, span)


def keeps_hours(hours: Hours, person: Person, span: Span) -> bool:
    """Whether one local day's hours hold the whole span, or several that touch do."""
    first = to_local(span.start, person.zone).date() - timedelta(days=2)
    days = [first + timedelta(days=n) for n in range(6)]
    late = timedelta(days=1 if hours.latest <= hours.earliest else 0)
    spans = []
    for day in days:
        start = to_instant(LocalTime(datetime.combine(day, hours.earliest)), person.zone)
        end = to_instant(LocalTime(datetime.combine(day, hours.latest) + late), person.zone)
        if start < end:
            spans.append(Span(start, end))
    return covers(spans, span)


def lacks(room: Room, need: RoomNeed, minutes: int) -> set[RuleKind]:
    has = {
        RuleKind.NAMED_ROOMS: need.rooms is None or room.key in need.rooms,
        RuleKind.SITES: need.sites is None or room.site in need.sites,
        RuleKind.SEATS: room.capacity >= need.headcount,
        RuleKind.STYLE: need.style is None or need.style in room.setups,
        RuleKind.EQUIPMENT: all(room.equipment.get(name, 0) >= n for name, n in need.equipment.items()),
        RuleKind.ACCESSIBLE: room.accessible or not need.accessible,
        RuleKind.LONGEST_BOOKING: room.longest_minutes is None or room.longest_minutes >= minutes,
    }
    return {rule for rule, met in has.items() if not met}


def can_have(room: Room, need: RoomNeed, span: Span, minutes: int, ignore: Set[Thing] = NOTHING) -> bool:
    found: set[Thing] = set(lacks(room, need, minutes))
    if room.open is not None and not covers(room.open, span):
        found.add(RuleKind.OPENING_HOURS)
    if (room.earliest is not None and span.start < room.earliest) or (
        room.latest is not None and span.end > room.latest
    ):
        found.add(RuleKind.BOOKING_WINDOW)
    turn = RuleKind.TURN not in ignore
    reserved = Span(
        Instant(span.start - 60 * room.setup_minutes * turn),
        Instant(span.end + 60 * room.turn_minutes * turn),
    )
    if any(busy.span.overlaps(reserved) for busy in room.busy):
        found.add(("room", room.key))
    return not found - ignore


def needs(question: Question, ignore: Set[Thing] = NOTHING) -> list[tuple[RoomNeed, list[Room]]]:
    """What each room of a meeting must offer, and the rooms to choose from; with ROOM ignored, where there are none, no room is needed."""
    return [each for each in _needs(question) if each[1] or RuleKind.ROOM not in ignore]


def _needs(question: Question) -> list[tuple[RoomNeed, list[Room]]]:
    need = question.room_need
    if need is None:
        return []
    sites = sorted(
        {p.site for p in asked(question) if p.site and (need.sites is None or p.site in need.sites)}
    )
    if not need.one_per_site or not sites:
        return [(need, list(question.rooms))]
    return [
        (
            RoomNeed(
                headcount=sum(person.site == site for person in asked(question)),
                style=need.style,
                equipment=need.equipment,
                accessible=need.accessible,
                rooms=need.rooms,
            ),
            [room for room in question.rooms if room.site == site],
        )
        for site in sites
    ]


def site_of(question: Question, person: Person, rooms: tuple[Room, ...]) -> str | None:
    """Where a person would be for a meeting in these rooms."""
    need = question.room_need
    if need is None or not question.travel:
        return None
    sites = {p.site for p in asked(question) if p.site and (need.sites is None or p.site in need.sites)}
    if need.one_per_site and sites:
        return person.site
    return rooms[0].site if rooms else None


def people_can(question: Question, span: Span, rooms: tuple[Room, ...], ignore: Set[Thing] = NOTHING) -> bool:
    people = {person.key: person for person in asked(question)}

    def free(key: str) -> bool:
        return is_free(question, people[key], span, site_of(question, people[key], rooms), ignore)

    hours = None if RuleKind.LOCAL_HOURS in ignore else question.hours
    if hours and not all(keeps_hours(hours, person, span) for person in people.values()):
        return False
    if not all(free(key) for key in question.required if ("person", key) not in ignore):
        return False
    return all(
        sum(free(key) for key in set(group.keys)) >= group.at_least
        for group in question.groups
        if ("group", group.name) not in ignore
    )


def room_choices(question: Question, ignore: Set[Thing] = NOTHING) -> list[tuple[Room, ...]]:
    return list(product(*(rooms for _, rooms in needs(question, ignore))))


def has_rooms(question: Question, span: Span, rooms: tuple[Room, ...], ignore: Set[Thing] = NOTHING) -> bool:
    return all(
        can_have(room, need, span, question.minutes, ignore)
        for room, (need, _) in zip(rooms, needs(question, ignore), strict=True)
    )


def works(question: Question, span: Span, ignore: Set[Thing] = NOTHING) -> bool:
    return any(
        has_rooms(question, span, rooms, ignore) and people_can(question, span, rooms, ignore)
        for rooms in room_choices(question, ignore)
    )


def count(question: Question, ignore: Set[Thing] = NOTHING) -> int:
    return sum(
        any(works(question, occurrence(question, start, week), ignore) for week in range(question.weeks))
        for start in base_starts(question)
    )


def ranking(question: Question) -> list[tuple[Score, Instant, tuple[str, ...]]]:
    """All slots, best first."""
    best = []
    for start in base_starts(question):
        candidates = [
            (score, start, tuple(room.key for room in rooms))
            for rooms in room_choices(question)
            if (score := score_of(question, start, rooms)) is not None
        ]
        if candidates:
            best.append(min(candidates))
    return sorted(best)


def score_of(question: Question, start: Instant, usual: tuple[Room, ...]) -> Score | None:
    """With these as the usual rooms; None where no week works, or the rooms don't suit at all."""
    wanted = needs(question)
    if any(lacks(room, need, question.minutes) for room, (need, _) in zip(usual, wanted, strict=True)):
        return None
    spans = [occurrence(question, start, week) for week in range(question.weeks)]
    working = [span for span in spans if _works_like(question, span, usual)]
    if not working:
        return None
    people = asked(question)
    numbers = [len(spans) - len(working), 0, 0, 0, 0, 0, 0, 0]
    for span in working:
        sites = {person.key: site_of(question, person, usual) for person in people}
        come = [person for person in people if is_free(question, person, span, sites[person.key])]
        optional = [person for person in people if person.key in question.optional]
        numbers[1] += sum(person.weight for person in optional if person not in come)
        if question.out_of_hours_allowed:
            late = [p for p in come if p.working is not None and not covers(p.working, span)]
            numbers[2] += sum(person.weight for person in late)
        numbers[5] += sum(fragments(question, person, span, sites[person.key]) for person in come)
        for room, (need, _) in zip(usual, wanted, strict=True):
            numbers[3] += not can_have(room, need, span, question.minutes)
            numbers[4] += room.approval_needed
            cost = room.rate_per_hour * 100 * question.minutes / 60
            numbers[6] += int(cost.quantize(Decimal(1), ROUND_HALF_UP))
            numbers[7] += room.capacity - need.headcount
    return Score(*numbers)


def _works_like(question: Question, span: Span, usual: tuple[Room, ...]) -> bool:
    """Whether the occurrence works in rooms to which people travel as far as to the usual ones."""
    people = asked(question)
    return any(
        has_rooms(question, span, rooms) and people_can(question, span, rooms)
        for rooms in room_choices(question)
        if all(site_of(question, p, rooms) == site_of(question, p, usual) for p in people)
    )


def cell_seconds(question: Question) -> int:
    starts = [
        occurrence(question, s, week).start for s in base_starts(question) for week in range(question.weeks)
    ]
    differences = (start - min(starts) for start in starts)
    return gcd(question.step_minutes * 60, question.minutes * 60, 900, *differences)


def fragments(question: Question, person: Person, span: Span, site: str | None) -> int:
    """How many gaps of less than half an hour the meeting leaves around it, free time counted in whole cells."""
    cell = cell_seconds(question)
    spans = [occurrence(question, s, week) for s in base_starts(question) for week in range(question.weeks)]
    low, high = min(each.start for each in spans), max(each.end for each in spans)
    busy = taken(question, person, site)
    if not question.out_of_hours_allowed and person.working is not None:
        cells = list(_cells(low, high, cell))
        busy = busy + [each for each in cells if not covers(person.working, each)]
    before = _run(busy, span.start - cell, -cell, low, high)
    after = _run(busy, span.end, cell, low, high)
    return sum(0 < run * cell < 1800 for run in (before, after) if run is not None)


def _cells(low: int, high: int, cell: int) -> Iterator[Span]:
    for start in range(low, high, cell):
        yield Span(Instant(start), Instant(start + cell))


def _run(busy: list[Span], start: int, step: int, low: int, high: int) -> int | None:
    """Free cells in a row up to busy ones; None if they reach the end of the grid."""
    run = 0
    while low <= start < high:
        here = Span(Instant(start), Instant(start + abs(step)))
        if any(each.overlaps(here) for each in busy):
            return run
        run += 1
        start += step
    return None
