"""Occurrences with all that the detectors ask of them, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from convenor.base.functions import Epoch
from convenor.kernel.instants import Instant, Span, ZoneName
from convenor.people.enums import AwayKind
from convenor.people.models import Person
from convenor.people.queries.availability import away_spans, working_spans
from convenor.scheduling.enums import AttendeeRole, BookingState, MeetingState, OccurrenceState, PartStat
from convenor.scheduling.models import Booking, Occurrence, Participation
from convenor.scheduling.queries.facts import room_facts
from convenor.scheduling.rules.conflicts.facts import (
    Attending,
    BookingFacts,
    Facts,
    OccurrenceFacts,
    PersonFacts,
    Shut,
    SiteFacts,
    Timeline,
)
from convenor.venues.models import Site
from convenor.venues.queries.opening import closures_of, holidays_of, open_spans


def facts_of(occurrence_ids: Collection[int], *, now: Instant) -> Facts:
    """What there is to know about these occurrences; those that are over or cancelled are left out. 18 queries."""
    occurrences = _occurrences(occurrence_ids, now)
    if not occurrences:
        return Facts(now=now)
    span = Span(min(each.span.start for each in occurrences), max(each.span.end for each in occurrences))
    rooms = room_facts({b.room_id for each in occurrences for b in each.bookings if b.room_id})
    people = {each.organiser_id for each in occurrences} | {
        p.person_id for each in occurrences for p in each.attending
    }
    closed = closures_of(list(rooms), span) if rooms else {}
    return Facts(
        now=now,
        occurrences=occurrences,
        people=_people(people, span),
        rooms=rooms,
        closures={
            room: [Shut(each.span, each.closure_id, each.reason) for each in many]
            for room, many in closed.items()
        },
        sites=_sites({room.site_id for room in rooms.values()}, span),
    )


def timeline_facts(
    timelines: tuple[Timeline, ...], travel: Mapping[tuple[int, int], int], *, now: Instant
) -> Facts:
    return Facts(now=now, timelines=timelines, travel=travel)


def _occurrences(ids: Collection[int], now: Instant) -> tuple[OccurrenceFacts, ...]:
    rows = Occurrence.objects.filter(pk__among=ids, state=OccurrenceState.SCHEDULED).exclude(
        meeting__state=MeetingState.CANCELLED
    )
    columns = ("pk", "meeting_id", Epoch("starts_at"), Epoch("ends_at"), "meeting__organiser_id", "meeting__all_day",
               "meeting__headcount", "meeting__equipment_needed")  # fmt: skip
    alive = [row for row in rows.order_by().values_list(*columns) if row[3] > now]
    keys = [row[0] for row in alive]
    attending, bookings = _attending(keys), _bookings(keys)
    return tuple(
        OccurrenceFacts(
            id=pk,
            meeting_id=meeting,
            span=Span(Instant(start), Instant(end)),
            organiser_id=organiser,
            all_day=all_day,
            headcount=headcount,
            equipment_needed=needed or {},
            attending=tuple(attending.get(pk, ())),
            bookings=tuple(bookings.get(pk, ())),
        )
        for pk, meeting, start, end, organiser, all_day, headcount, needed in sorted(
            alive, key=lambda row: row[0]
        )
    )


def _attending(ids: Sequence[int]) -> dict[int, list[Attending]]:
    rows = Participation.objects.filter(occurrence__among=ids).exclude(partstat=PartStat.DECLINED).order_by()
    found: dict[int, list[Attending]] = defaultdict(list)
    for occurrence, person, role in rows.values_list("occurrence_id", "person_id", "role"):
        found[occurrence].append(Attending(person, AttendeeRole(role)))
    return {occurrence: sorted(many, key=lambda each: each.person_id) for occurrence, many in found.items()}


def _bookings(ids: Sequence[int]) -> dict[int, list[BookingFacts]]:
    rows = Booking.objects.filter(occurrence__among=ids).exclude(state=BookingState.RELEASED).order_by("pk")
    columns = (
        "occurrence_id",
        "pk",
        "room_id",
        "equipment__code",
        "quantity",
        "setup_style",
        "state",
        Epoch("hold_expires_at"),
    )
    found: dict[int, list[BookingFacts]] = defaultdict(list)
    for occurrence, pk, room, code, quantity, style, state, expires in rows.values_list(*columns):
        found[occurrence].append(
            BookingFacts(pk, room, code or "", quantity, style, BookingState(state), expires)
        )
    return found


def _people(ids: Collection[int], span: Span) -> dict[int, PersonFacts]:
    working, away = working_spans(ids, span), away_spans(ids, span)
    rows = (
        Person.objects.filter(pk__among=ids).order_by().values_list("pk", "zone", "home_site_id", "is_active")
    )
    return {
        pk: PersonFacts(
            pk,
            ZoneName(zone),
            site,
            active,
            working=working[pk],
            leave=[each.span for each in away[pk] if each.kind == AwayKind.LEAVE],
            holidays=[each.span for each in away[pk] if each.kind == AwayKind.PUBLIC_HOLIDAY],
        )
        for pk, zone, site, active in rows
    }


def _sites(ids: Iterable[int], span: Span) -> dict[int, SiteFacts]:
    wanted = set(ids)
    if not wanted:
        return {}
    opening, free = open_spans(wanted, span), holidays_of(wanted, span)
    zones = Site.objects.filter(pk__among=wanted).order_by().values_list("pk", "zone")
    return {
        site: SiteFacts(site, ZoneName(zone), opening[site], [(day.day, day.span) for day in free[site]])
        for site, zone in zones
    }
