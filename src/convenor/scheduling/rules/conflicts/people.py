"""What is wrong for people: double-booked, away, gone, out of hours, without time to travel."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, combinations

from convenor.kernel.instants import HOUR, MINUTE, Instant, Span, ZoneName, to_local
from convenor.scheduling.enums import ConflictKind, Severity
from convenor.scheduling.rules.conflicts.facts import (
    MUST_COME,
    Attendance,
    Facts,
    OccurrenceFacts,
    OwnBusy,
    PersonFacts,
    Timeline,
)
from convenor.scheduling.rules.conflicts.found import Found
from convenor.scheduling.rules.conflicts.series import Seasons, shift_of

EARLY, LATE = 7 * HOUR, 20 * HOUR
DIALS_IN = 4 * HOUR // MINUTE
"""A way of so many minutes within a day nobody expects of anybody: they'll take part from afar, which is worth a notice."""


def at_once(spans: Sequence[Span]) -> Iterator[tuple[tuple[int, ...], Span]]:
    """Every largest set of two or more spans that all share time, by position, with what they share. One sweep.

    Three at once are one set, not three pairs; of a chain in which the first and the last don't meet, each link is one.
    """
    edges = sorted(
        [(span.start, 1, place) for place, span in enumerate(spans)]
        + [(span.end, 0, place) for place, span in enumerate(spans)]
    )
    running: dict[int, None] = {}
    grew = False
    for _at, begins, place in edges:
        if begins:
            running[place], grew = None, True
            continue
        if grew and len(running) > 1:
            start = max(spans[each].start for each in running)
            yield tuple(sorted(running)), Span(start, min(spans[each].end for each in running))
        del running[place]
        grew = False


def double_bookings(facts: Facts) -> Iterator[Found]:
    """A person who has several things at once; those that only a clock change makes collide are `series.zone_shifts`."""
    seasons = Seasons()
    for timeline in facts.timelines:
        meetings, own = timeline.meetings, _not_meetings(timeline)
        spans = [*(each.span for each in meetings), *(each.span for each in own)]
        for places, common in at_once(spans):
            here = [meetings[place] for place in places if place < len(meetings)]
            theirs = [own[place - len(meetings)] for place in places if place >= len(meetings)]
            if here and not _is_shift(here, theirs, seasons):
                yield _double_booking(timeline.person_id, here, theirs, common)


def _not_meetings(timeline: Timeline) -> list[OwnBusy]:
    """A person's own calendar also holds our invitations to them: those are no second engagement."""
    spans: dict[str, list[Span]] = defaultdict(list)
    for each in timeline.meetings:
        spans[each.uid].append(each.span)
    return [
        each for each in timeline.own if not any(span.overlaps(each.span) for span in spans.get(each.uid, ()))
    ]


def _is_shift(here: Sequence[Attendance], theirs: Sequence[OwnBusy], seasons: Seasons) -> bool:
    return not theirs and all(shift_of(a, b, seasons) for a, b in combinations(here, 2))


def _double_booking(
    person_id: int, here: Sequence[Attendance], theirs: Sequence[OwnBusy], common: Span
) -> Found:
    must = sum(each.must_come for each in here)
    severity = {0: Severity.NOTICE, 1: Severity.WARNING}.get(must, Severity.SERIOUS)
    return Found(
        kind=ConflictKind.PERSON_DOUBLE_BOOKED,
        severity=severity,
        span=common,
        person_id=person_id,
        occurrence_ids=tuple(sorted(each.occurrence_id for each in here)),
        facts={"own": len(theirs), "optional": [each.occurrence_id for each in here if not each.must_come]},
        mark=",".join(sorted(each.key for each in theirs)),
    )


def no_travel_times(facts: Facts) -> Iterator[Found]:
    """Two meetings at different sites with less than the way between them, and nothing at a site in between.

    The span is what they miss: from the second's start to when they can be there.
    """
    for timeline in facts.timelines:
        placed = [each for each in timeline.meetings if each.site_id is not None]
        for before, after, minutes in _too_close(placed, facts.travel):
            expected = before.must_come and after.must_come and minutes < DIALS_IN
            yield Found(
                kind=ConflictKind.NO_TRAVEL_TIME,
                severity=Severity.WARNING if expected else Severity.NOTICE,
                span=Span(after.span.start, Instant(before.span.end + minutes * MINUTE)),
                person_id=timeline.person_id,
                occurrence_ids=(before.occurrence_id, after.occurrence_id),
                facts={
                    "travel": minutes,
                    "free": (after.span.start - before.span.end) // MINUTE,
                    "from": before.site_id,
                    "to": after.site_id,
                    "first": before.occurrence_id,
                },
            )


def _too_close(
    placed: Sequence[Attendance], travel: Mapping[tuple[int, int], int]
) -> Iterator[tuple[Attendance, Attendance, int]]:
    by_end = sorted(placed, key=lambda each: (each.span.end, each.span.start, each.occurrence_id))
    ends = [each.span.end for each in by_end]
    latest_start = list(accumulate((each.span.start for each in by_end), max))
    longest = max(travel.values(), default=0) * MINUTE
    for after in by_end:
        place = bisect_right(ends, after.span.start) - 1
        if place < 0:
            continue
        in_between = latest_start[
            place
        ]  # whatever starts here ends before `after`: who ends before it isn't next to `after`
        while place >= 0 and ends[place] > after.span.start - longest and ends[place] > in_between:
            before = by_end[place]
            minutes = travel.get((before.site_id or 0, after.site_id or 0), 0)
            if before.site_id != after.site_id and after.span.start - before.span.end < minutes * MINUTE:
                yield before, after, minutes
            place -= 1


def people_away(facts: Facts) -> Iterator[Found]:
    """Who takes part, or organises, and is on leave then."""
    for occurrence in facts.occurrences:
        for person_id, severity in _concerned(occurrence).items():
            person = facts.people.get(person_id)
            if person and any(stretch.overlaps(occurrence.span) for stretch in person.leave):
                yield _about(occurrence, ConflictKind.PERSON_AWAY, severity, person_id=person_id)


def _concerned(occurrence: OccurrenceFacts) -> dict[int, Severity]:
    """Everybody who takes part or organises, with how bad it is without them."""
    concerned = {
        each.person_id: Severity.WARNING if each.role in MUST_COME else Severity.NOTICE
        for each in occurrence.people
    }
    leaders = {occurrence.organiser_id, *(p for p in concerned if occurrence.leads(p))}
    return concerned | dict.fromkeys(sorted(leaders), Severity.SERIOUS)


def people_gone(facts: Facts) -> Iterator[Found]:
    """An organiser or chair who isn't with the company any more."""
    for occurrence in facts.occurrences:
        for person_id in sorted(_concerned(occurrence)):
            person = facts.people.get(person_id)
            if person and not person.is_active and occurrence.leads(person_id):
                chairs = person_id != occurrence.organiser_id
                yield _about(
                    occurrence,
                    ConflictKind.PERSON_GONE,
                    Severity.SERIOUS,
                    person_id=person_id,
                    facts={"chairs": chairs},
                )


def holidays(facts: Facts) -> Iterator[Found]:
    """One for each occurrence and site where those who come from there have a public holiday."""
    for occurrence in facts.occurrences:
        off: dict[int, list[tuple[int, Severity]]] = defaultdict(list)
        for person_id, severity in _concerned(occurrence).items():
            person = facts.people.get(person_id)
            if person and person.home_site_id and _is_holiday(person, occurrence.span):
                off[person.home_site_id].append((person_id, severity))
        for site_id, people in sorted(off.items()):
            worst = min(max(severity for _, severity in people), Severity.WARNING)
            listed = sorted(person for person, _ in people)
            yield _about(
                occurrence, ConflictKind.HOLIDAY, Severity(worst), site_id=site_id, facts={"people": listed}
            )


def _is_holiday(person: PersonFacts, span: Span) -> bool:
    return any(day.overlaps(span) for day in person.holidays)


def out_of_hours(facts: Facts) -> Iterator[Found]:
    """One for each occurrence, naming those who'd attend outside their working hours.

    All-day meetings are about the day, not its hours; who is away or has a holiday is told of elsewhere.
    """
    for occurrence in facts.occurrences:
        if occurrence.all_day:
            continue
        people = [
            facts.people[each.person_id] for each in occurrence.people if each.person_id in facts.people
        ]
        late = [person for person in people if person.is_active and _is_out_of_hours(person, occurrence.span)]
        if late:
            at_night = any(_is_at_night(occurrence.span, person.zone) for person in late)
            yield _about(
                occurrence,
                ConflictKind.OUT_OF_HOURS,
                Severity.WARNING if at_night else Severity.NOTICE,
                facts={"people": sorted(person.id for person in late)},
            )


def _is_out_of_hours(person: PersonFacts, span: Span) -> bool:
    if any(stretch.overlaps(span) for stretch in (*person.leave, *person.holidays)):
        return False
    place = bisect_right(person.working, span.start, key=lambda stretch: stretch.start) - 1
    return place < 0 or not person.working[place].contains(span)


def _is_at_night(span: Span, zone: ZoneName) -> bool:
    """Whether it begins before 7 or ends after 20 on the clocks there, or reaches into another day."""
    start, end = to_local(span.start, zone), to_local(span.end, zone)
    seconds = end.hour * HOUR + end.minute * MINUTE + end.second
    return start.hour * HOUR < EARLY or start.date() != end.date() or seconds > LATE


def _about(occurrence: OccurrenceFacts, kind: ConflictKind, severity: Severity, **more: object) -> Found:
    return Found(
        kind=kind,
        severity=severity,
        span=occurrence.span,
        occurrence_ids=(occurrence.id,),
        **more,  # type: ignore[arg-type]  # Found's own fields, as the callers above name them
    )
