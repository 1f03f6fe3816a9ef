"""What has a room that a meeting wants, whether it may be displaced, and where it could go instead."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q

from convenor.base.actor import Actor
from convenor.kernel.find_times.answer import Slot
from convenor.kernel.instants import Span, ZoneName, datetime_of, instant_of
from convenor.people.enums import PersonKind
from convenor.scheduling.enums import AttendeeRole
from convenor.scheduling.models import Meeting, Occurrence, Participation
from convenor.scheduling.queries.claims import taken_units
from convenor.scheduling.queries.facts import room_facts
from convenor.scheduling.queries.find_time import FoundTimes, find_time_for
from convenor.scheduling.queries.meetings import occurrence_for
from convenor.scheduling.queries.visibility import private_meetings_seen_by
from convenor.scheduling.requests import FindTimeRequest, RoomWanted
from convenor.scheduling.rules.displacing import NOTICE, Standing, Verdict, may_displace
from convenor.scheduling.rules.room import RoomFacts

OFFERS = 4
LOOK_AHEAD = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class Offer:
    """A place where the displaced meeting fits: free for its people, in a room that does."""

    starts_at: datetime
    ends_at: datetime
    room_id: int | None
    slot: Slot


@dataclass(frozen=True, slots=True)
class InTheWay:
    """One occurrence that has the room. `title` is "" and nothing is offered where the actor may not read it."""

    occurrence_id: int
    meeting_id: int
    version: int
    title: str
    organiser_name: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    verdict: Verdict
    found: FoundTimes | None = None
    offers: tuple[Offer, ...] = ()


def in_the_way_for(actor: Actor, occurrence_id: int, room_id: int, *, now: datetime) -> list[InTheWay]:
    """What overlaps the occurrence in that room, by start, each with its verdict and, if it may go, new places.

    An unknown room has nothing in the way. Raises Occurrence.DoesNotExist for one that the actor may not read.
    """
    ours = occurrence_for(actor, occurrence_id)
    room = room_facts([room_id]).get(room_id)
    if room is None:
        return []
    rows = blockers_of(ours, room, now)
    standings = standings_of([ours, *rows])
    seen = _readable(actor, rows)
    return [_way(actor, ours, room, row, standings, row.meeting_id in seen, now) for row in rows]


def blockers_of(ours: Occurrence, room: RoomFacts, now: datetime) -> list[Occurrence]:
    """The occurrences, other than ours, whose claims on the room's units overlap the time that ours would reserve."""
    window = room.reserved(ours.starts_at, ours.ends_at, ours.meeting.setup_style)
    taken = taken_units(set(room.unit_ids), [window], now=now).in_the_way(room.unit_ids, *window)
    keys = {each.occurrence_id for each in taken if not each.is_expired} - {ours.pk}
    rows = Occurrence.objects.filter(pk__in=keys).select_related("meeting__organiser")
    return list(rows.order_by("starts_at", "pk"))


def standings_of(rows: Sequence[Occurrence]) -> dict[int, Standing]:
    """By occurrence; one query more than the rows."""
    parts = Participation.objects.filter(occurrence__among=[row.pk for row in rows]).order_by()
    chairs = dict(
        parts.filter(role=AttendeeRole.CHAIR).values("occurrence").annotate(
            seniority=Max("person__seniority")
        ).values_list("occurrence", "seniority")
    )  # fmt: skip
    guests = set(
        parts.filter(person__kind=PersonKind.EXTERNAL)
        .filter(~Q(role=AttendeeRole.RESOURCE))
        .values_list("occurrence", flat=True)
    )
    return {
        row.pk: Standing(
            priority=row.meeting.priority,
            seniority=max(row.meeting.organiser.seniority, chairs.get(row.pk, 1)),
            is_movable=row.meeting.is_movable,
            has_guests=row.pk in guests,
            starts_at=row.starts_at,
        )
        for row in rows
    }


def _readable(actor: Actor, rows: Collection[Occurrence]) -> set[int]:
    private = {row.meeting_id for row in rows if row.meeting.is_private}
    return {row.meeting_id for row in rows} - (private - private_meetings_seen_by(actor, private))


def _way(
    actor: Actor,
    ours: Occurrence,
    room: RoomFacts,
    theirs: Occurrence,
    standings: Mapping[int, Standing],
    is_readable: bool,
    now: datetime,
) -> InTheWay:
    verdict = may_displace(standings[ours.pk], standings[theirs.pk], now)
    found = _found(actor, theirs, now) if verdict.may and is_readable else None
    return InTheWay(
        occurrence_id=theirs.pk,
        meeting_id=theirs.meeting_id,
        version=theirs.meeting.version,
        title=(theirs.title or theirs.meeting.title) if is_readable else "",
        organiser_name=theirs.meeting.organiser.name if is_readable else "",
        starts_at=theirs.starts_at,
        ends_at=theirs.ends_at,
        zone=theirs.meeting.zone,
        verdict=verdict,
        found=found,
        offers=_offers(found, ours, room) if found else (),
    )


def _found(actor: Actor, theirs: Occurrence, now: datetime) -> FoundTimes | None:
    """New places from now on to ten days after; for a meeting of nobody there is nothing to search for."""
    parts = list(theirs.participations.exclude(role=AttendeeRole.RESOURCE).values_list("person_id", "role"))
    required = tuple(sorted(person for person, role in parts if role != AttendeeRole.OPTIONAL))
    optional = tuple(sorted(person for person, role in parts if role == AttendeeRole.OPTIONAL))
    start = max(now + NOTICE, theirs.starts_at - LOOK_AHEAD)
    request = FindTimeRequest(
        required_ids=required or (theirs.meeting.organiser_id,),
        optional_ids=optional,
        minutes=int((theirs.ends_at - theirs.starts_at) / timedelta(minutes=1)),
        windows=(Span(instant_of(start), instant_of(theirs.starts_at + LOOK_AHEAD)),),
        zone=ZoneName(theirs.meeting.zone),
        room=_room_wanted(theirs.meeting, theirs, len(parts)),
        ignoring_meeting=theirs.meeting_id,
        limit=OFFERS * 3,
    )
    return find_time_for(actor, request, now=now)


def _room_wanted(meeting: Meeting, theirs: Occurrence, people: int) -> RoomWanted:
    sites = theirs.bookings.filter(room__isnull=False).values_list("room__site_id", flat=True)
    return RoomWanted(
        headcount=meeting.headcount or people,
        style=meeting.setup_style,
        equipment=meeting.equipment_needed,
        site_ids=frozenset(sites) or None,
    )


def _offers(found: FoundTimes, ours: Occurrence, room: RoomFacts) -> tuple[Offer, ...]:
    """The search leaves the displaced meeting out, so its old place looks free: that one is ours now."""
    offers = [
        Offer(
            datetime_of(slot.span.start),
            datetime_of(slot.span.end),
            found.room_ids[slot.rooms[0]] if slot.rooms else None,
            slot,
        )
        for slot in found.answer.slots
    ]
    start, end = room.reserved(ours.starts_at, ours.ends_at, ours.meeting.setup_style)
    rooms = room_facts([each.room_id for each in offers if each.room_id])
    shared = {key for key, other in rooms.items() if set(other.unit_ids) & set(room.unit_ids)}
    return tuple(
        each
        for each in offers
        if each.room_id not in shared or each.ends_at <= start or each.starts_at >= end
    )[:OFFERS]
