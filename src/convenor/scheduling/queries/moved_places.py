"""What of the rooms and the equipment of many occurrences could come along to other times, by reading only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from convenor.base.actor import Actor
from convenor.scheduling.drafts import RoomSuggestion
from convenor.scheduling.enums import AttendeeRole, BookingState
from convenor.scheduling.models import Attendee, Booking, Claim, Occurrence
from convenor.scheduling.permissions import may_exceed_limits
from convenor.scheduling.queries.blocked import Wanted, best_rooms_each, obstacles, sentences
from convenor.scheduling.queries.facts import person_facts, room_facts
from convenor.scheduling.queries.pieces import PieceWish, shortages
from convenor.scheduling.rules.room import RoomFacts, RoomNeed
from convenor.venues.models import Equipment


@dataclass(frozen=True, slots=True)
class Going:
    """An occurrence (with its meeting loaded) and its new time, aware. `booking_ids` are those to be booked again, of one that is called off."""

    occurrence: Occurrence
    starts_at: datetime
    ends_at: datetime
    booking_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceFate:
    """A booking and what becomes of it: `problem` is empty where it comes along, else a sentence, and `best` another room."""

    booking_id: int
    label: str
    room_id: int | None = None
    equipment_id: int | None = None
    site_id: int | None = None
    problem: str = ""
    best: RoomSuggestion | None = None


def place_fates(
    actor: Actor, going: Sequence[Going], *, now: datetime, again: bool = False, staying: bool = False
) -> Mapping[int, list[PlaceFate]]:
    """By occurrence, what becomes of its bookings. A number of queries that grows with the stretches of time only.

    `again` looks at the bookings named in `going`, which were let go, instead of those in force. `staying`: others like
    these are wanted, so what they have counts too. The caller has checked that the actor may know of these meetings.
    """
    leaving = frozenset() if staying else frozenset(each.occurrence.pk for each in going)
    by_key = {each.occurrence.pk: each for each in going}
    bookings = _bookings(going, again=again)
    rooms = room_facts({each.room_id for each in bookings if each.room_id})
    fates: dict[int, list[PlaceFate]] = defaultdict(list)
    of_rooms = [each for each in bookings if each.room_id]
    for booking, fate in zip(
        of_rooms, _room_fates(actor, of_rooms, by_key, rooms, now, leaving), strict=True
    ):
        fates[booking.occurrence_id].append(fate)
    of_pieces = [each for each in bookings if each.equipment_id]
    for booking, fate in zip(of_pieces, _piece_fates(of_pieces, by_key, now, leaving), strict=True):
        fates[booking.occurrence_id].append(fate)
    return fates


def _bookings(going: Sequence[Going], *, again: bool) -> list[Booking]:
    rows = Booking.objects.order_by("pk")
    if again:
        return list(rows.filter(pk__among=[key for each in going for key in each.booking_ids]))
    mine = Q(occurrence__among=[each.occurrence.pk for each in going]) & ~Q(state=BookingState.RELEASED)
    if let_go := [key for each in going for key in each.booking_ids]:
        mine |= Q(pk__among=let_go)
    return list(rows.filter(mine))


def _room_fates(
    actor: Actor,
    bookings: Sequence[Booking],
    going: Mapping[int, Going],
    rooms: Mapping[int, RoomFacts],
    now: datetime,
    leaving: Collection[int],
) -> list[PlaceFate]:
    if not bookings:
        return []
    wanted = [_wanted(each, going[each.occurrence_id], rooms) for each in bookings]
    may_exceed = may_exceed_limits(actor)
    found = obstacles(wanted, now=now, may_exceed=may_exceed, ignoring=leaving)
    words = sentences(actor, wanted, found) if found.blocked else {}
    blocked = found.blocked
    needs = _needs([going[bookings[place].occurrence_id] for place in blocked])
    best = best_rooms_each(
        [wanted[place] for place in blocked],
        [needs[going[bookings[place].occurrence_id].occurrence.meeting_id] for place in blocked],
        now=now,
        may_exceed=may_exceed,
        besides=[each for place, each in enumerate(wanted) if place not in words],
        ignoring=leaving,
    )
    others = dict(zip(blocked, best, strict=True))
    return [
        PlaceFate(
            booking.pk,
            each.room.label,
            room_id=each.room.id,
            site_id=each.room.site_id,
            problem=words.get(place, ""),
            best=others.get(place),
        )
        for place, (booking, each) in enumerate(zip(bookings, wanted, strict=True))
    ]


def _wanted(booking: Booking, going: Going, rooms: Mapping[int, RoomFacts]) -> Wanted:
    room = rooms[booking.room_id or 0]
    reserved = room.reserved(going.starts_at, going.ends_at, booking.setup_style)
    return Wanted(room, going.starts_at, going.ends_at, reserved)


def _needs(going: Collection[Going]) -> dict[int, RoomNeed]:
    """By meeting. Two queries, none for none."""
    meetings = {each.occurrence.meeting_id: each.occurrence.meeting for each in going}
    if not meetings:
        return {}
    asked: dict[int, set[int]] = defaultdict(set)
    rows = Attendee.objects.filter(meeting__among=sorted(meetings)).exclude(role=AttendeeRole.RESOURCE)
    for meeting, person in rows.order_by().values_list("meeting_id", "person_id"):
        asked[meeting].add(person)
    people = person_facts({person for each in asked.values() for person in each})
    return {
        key: RoomNeed(
            headcount=meeting.headcount,
            asked=len(asked[key]),
            style=meeting.setup_style,
            step_free=any(people[person].step_free for person in asked[key]),
            equipment=meeting.equipment_needed,
        )
        for key, meeting in meetings.items()
    }


def _piece_fates(
    bookings: Sequence[Booking], going: Mapping[int, Going], now: datetime, leaving: Collection[int]
) -> list[PlaceFate]:
    if not bookings:
        return []
    keys = [each.pk for each in bookings]
    sites = dict(Claim.objects.filter(booking__among=keys).values_list("booking", "unit__site"))
    names = dict(
        Equipment.objects.filter(pk__in={each.equipment_id for each in bookings}).values_list("pk", "name")
    )
    wishes = [
        PieceWish(
            _moved(going[each.occurrence_id]), each.equipment_id or 0, each.quantity, sites.get(each.pk, 0)
        )
        for each in bookings
    ]
    short = shortages(wishes, now=now, ignoring=leaving)
    return [
        PlaceFate(
            booking.pk,
            f"{booking.quantity} × {names[booking.equipment_id or 0]}",
            equipment_id=booking.equipment_id,
            site_id=sites.get(booking.pk),
            problem=short.get(place, ""),
        )
        for place, booking in enumerate(bookings)
    ]


def _moved(going: Going) -> Occurrence:
    """A copy at the new time, never saved."""
    own = going.occurrence
    return Occurrence(pk=own.pk, meeting_id=own.meeting_id, starts_at=going.starts_at, ends_at=going.ends_at)
