"""Who of those asked to moving functions has something else at their new times, or is away. For those who run the event: no actor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from convenor.kernel.instants import Instant, Span, instant_of
from convenor.people.models import Person
from convenor.people.queries.availability import away_spans
from convenor.scheduling.enums import AttendeeRole
from convenor.scheduling.models import Attendee
from convenor.scheduling.queries.claims import stretches
from convenor.scheduling.queries.freebusy import busy_arrays
from convenor.scheduling.queries.moved_places import Going

NEEDED = (AttendeeRole.CHAIR, AttendeeRole.REQUIRED)
Times = Mapping[int, Sequence[tuple[Instant, Instant]]]


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many people, and of those who must be there the names."""

    count: int = 0
    needed: tuple[str, ...] = ()


NOBODY = Crowd()


def people_then(going: Sequence[Going]) -> dict[int, tuple[Crowd, Crowd]]:
    """By occurrence who is busy and who is away. 4 queries, and 2 for each stretch of time."""
    asked: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    meetings = sorted({each.occurrence.meeting_id for each in going})
    rows = Attendee.objects.filter(meeting__among=meetings).exclude(role=AttendeeRole.RESOURCE).order_by()
    for meeting, person, role in rows.values_list("meeting_id", "person_id", "role"):
        asked[meeting].append((person, role in NEEDED))
    people = {person for each in asked.values() for person, _needed in each}
    if not people:
        return {}
    busy, away = _busy(people, going), _away(people, going)
    found: dict[int, tuple[list[tuple[int, bool]], list[tuple[int, bool]]]] = {}
    for each in going:
        start, end = instant_of(each.starts_at), instant_of(each.ends_at)
        here = asked[each.occurrence.meeting_id]
        found[each.occurrence.pk] = _within(here, busy, start, end), _within(here, away, start, end)
    names = _names({who for pair in found.values() for group in pair for who, needed in group if needed})
    return {key: (_crowd(one, names), _crowd(other, names)) for key, (one, other) in found.items()}


def _busy(people: set[int], going: Sequence[Going]) -> Times:
    """What they have besides the functions that move."""
    own = {each.occurrence.pk for each in going}
    found: dict[int, list[tuple[Instant, Instant]]] = defaultdict(list)
    for start, end in stretches([(each.starts_at, each.ends_at) for each in going]):
        arrays = busy_arrays(sorted(people), Span(instant_of(start), instant_of(end)))
        columns = arrays.person_ids, arrays.starts, arrays.ends, arrays.occurrence_ids
        for person, since, until, occurrence in zip(*(each.tolist() for each in columns), strict=True):
            if occurrence not in own:
                found[person].append((Instant(since), Instant(until)))
    return found


def _away(people: set[int], going: Sequence[Going]) -> Times:
    start = min(each.starts_at for each in going)
    end = max(each.ends_at for each in going)
    spans = away_spans(people, Span(instant_of(start), instant_of(end)))
    return {person: [(each.span.start, each.span.end) for each in away] for person, away in spans.items()}


def _within(
    asked: Sequence[tuple[int, bool]], times: Times, start: Instant, end: Instant
) -> list[tuple[int, bool]]:
    none: Callable[[], tuple[tuple[Instant, Instant], ...]] = tuple
    return [
        (person, needed)
        for person, needed in asked
        if any(since < end and start < until for since, until in times.get(person, none()))
    ]


def _names(people: set[int]) -> dict[int, str]:
    if not people:
        return {}
    return dict(Person.objects.filter(pk__among=people).order_by().values_list("pk", "name"))


def _crowd(people: Sequence[tuple[int, bool]], names: Mapping[int, str]) -> Crowd:
    return Crowd(len(people), tuple(sorted(names[person] for person, needed in people if needed)))
