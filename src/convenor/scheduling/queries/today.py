"""What needs somebody today: their day, what they are asked to, what they must approve, and their principals' days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from convenor.base.actor import Actor
from convenor.base.enums import Scope
from convenor.base.permissions import may
from convenor.kernel.instants import Span, datetime_of, instant_of
from convenor.kernel.intervals import overlapping_pairs
from convenor.people.models import Person
from convenor.scheduling.enums import (
    ACTIVE_BOOKINGS,
    AttendeeRole,
    BookingState,
    MeetingState,
    OccurrenceState,
    PartStat,
)
from convenor.scheduling.models import Booking, Occurrence, Participation
from convenor.scheduling.queries.visibility import private_meetings_seen_by
from convenor.scheduling.queries.windows import in_window
from convenor.venues.models import Room

INVITED_AHEAD = timedelta(days=60)  # an invitation to something later can wait
MOST_INVITATIONS = 12
MOST_APPROVALS = 20
MOST_READ = 2_000  # of a series each occurrence is a row; the first of each meeting is shown


@dataclass(frozen=True, slots=True)
class RoomShown:
    id: int
    name: str
    code: str
    is_certain: bool  # confirmed, neither held nor waiting for approval


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody's part in one occurrence. `clashes` where it shares time with another part of the day."""

    occurrence_id: int
    meeting_id: int
    person_id: int
    person_name: str
    title: str
    starts_at: datetime
    ends_at: datetime
    all_day: bool
    location: str
    organiser_name: str
    role: AttendeeRole
    partstat: PartStat
    is_series: bool
    is_private: bool
    is_tentative: bool
    is_over: bool
    is_now: bool
    clashes: bool
    rooms: tuple[RoomShown, ...]

    @property
    def is_unanswered(self) -> bool:
        return self.partstat == PartStat.NEEDS_ACTION


@dataclass(frozen=True, slots=True)
class PrincipalDay:
    """The day of somebody whose delegate the reader is."""

    person_id: int
    name: str
    scope: Scope
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Approval:
    """A booking that waits for the reader's decision; title and people are hidden for a private meeting that isn't theirs to read."""

    booking_id: int
    occurrence_id: int
    title: str
    is_masked: bool
    room_id: int
    room_name: str
    starts_at: datetime
    ends_at: datetime
    headcount: int | None
    asked_by: str


@dataclass(frozen=True, slots=True)
class Today:
    mine: tuple[Part, ...]
    principals: tuple[PrincipalDay, ...]
    invitations: tuple[Part, ...]
    more_invitations: int
    approvals: tuple[Approval, ...]

    @property
    def current(self) -> Part | None:
        return next((part for part in self.mine if part.is_now and not part.all_day), None)

    @property
    def next_up(self) -> Part | None:
        return next((part for part in self.mine if not part.is_over and not part.is_now), None)

    @property
    def left(self) -> int:
        """Meetings of the day that aren't over."""
        return sum(not part.is_over for part in self.mine)


@dataclass(frozen=True, slots=True)
class Figures:
    """The company's day in numbers."""

    meetings: int
    people: int
    rooms_in_use: int
    rooms: int
    unanswered: int


class _Row(NamedTuple):
    """A participation as it is read."""

    occurrence_id: int
    meeting_id: int
    person_id: int
    person_name: str
    own_title: str
    title: str
    starts_at: datetime
    ends_at: datetime
    all_day: bool
    location: str
    organiser_name: str
    role: str
    partstat: str
    rrule: str
    is_private: bool
    state: str


_COLUMNS = (
    "occurrence_id", "occurrence__meeting_id", "person_id", "person__name", "occurrence__title",
    "occurrence__meeting__title", "starts_at", "ends_at", "occurrence__meeting__all_day",
    "occurrence__meeting__location", "occurrence__meeting__organiser__name", "role", "partstat",
    "occurrence__meeting__rrule", "occurrence__meeting__is_private", "occurrence__meeting__state",
)  # fmt: skip


def today_for(actor: Actor, *, day: Span, now: datetime) -> Today:
    """The actor's and their principals' day, and what waits for an answer.

    Three queries; one more for the names of principals without a meeting, and one for private meetings among the approvals.
    """
    people = sorted({*actor.principals, *([actor.person_id] if actor.person_id else [])})
    rows = _rows(people, day, now) if people else []
    rooms = _rooms({row.occurrence_id for row in rows})
    asked = _unanswered(actor, rows, now)
    days = {
        person: _day([row for row in rows if row.person_id == person], day, rooms, now) for person in people
    }
    return Today(
        mine=days.get(actor.person_id or 0, ()),
        principals=_principals(actor, rows, days),
        invitations=tuple(_part(row, rooms, now, clashes=False) for row in asked[:MOST_INVITATIONS]),
        more_invitations=max(0, len(asked) - MOST_INVITATIONS),
        approvals=_approvals(actor, now),
    )


@dataclass(frozen=True, slots=True)
class PersonAgenda:
    """What somebody takes part in, what they are asked to and the reader may answer for them, and the bookings that they approve."""

    parts: tuple[Part, ...]
    invitations: tuple[Part, ...]
    more_invitations: int
    approvals: tuple[Approval, ...]


def agenda_for(actor: Actor, person_id: int, *, span: Span, now: datetime) -> PersonAgenda:
    """For the person and their delegates, who read what is private as today_for has it. Three queries, and one where an approval is private.

    Raises Person.DoesNotExist for anybody else, and for people from outside.
    """
    if actor.is_outsider or not actor.may_see_for(person_id):
        raise Person.DoesNotExist
    rows = _rows([person_id], span, now)
    rooms = _rooms({row.occurrence_id for row in rows})
    asked = _unanswered(actor, rows, now)
    return PersonAgenda(
        parts=_day(rows, span, rooms, now),
        invitations=tuple(_part(row, rooms, now, clashes=False) for row in asked[:MOST_INVITATIONS]),
        more_invitations=max(0, len(asked) - MOST_INVITATIONS),
        approvals=_waiting(actor, Q(room__approver__person=person_id), now),
    )


def figures_for(actor: Actor, *, day: Span, now: datetime) -> Figures | None:
    """The company's day, for coordinators; None for others. Three queries."""
    if not may(actor, "meeting.see_private"):
        return None
    meetings = Occurrence.objects.filter(in_window(day), state=OccurrenceState.SCHEDULED)
    taking_part = Participation.objects.filter(in_window(day), blocks=True)
    people = taking_part.aggregate(
        people=Count("person", distinct=True),
        unanswered=Count("pk", filter=Q(partstat=PartStat.NEEDS_ACTION)),
    )
    booked = Booking.objects.filter(
        state__in=ACTIVE_BOOKINGS, room=OuterRef("pk"), reserved_start__lte=now, reserved_end__gt=now
    )
    rooms = Room.objects.filter(is_active=True).aggregate(
        total=Count("pk"), in_use=Count("pk", filter=Exists(booked))
    )
    return Figures(meetings.count(), people["people"], rooms["in_use"], rooms["total"], people["unanswered"])


def _rows(people: Collection[int], day: Span, now: datetime) -> list[_Row]:
    """What these people take part in today, and what they are asked to until INVITED_AHEAD."""
    ahead = Q(partstat=PartStat.NEEDS_ACTION, starts_at__gt=now, starts_at__lt=now + INVITED_AHEAD)
    rows = Participation.objects.filter(
        in_window(day) | ahead, person__among=people, occurrence__state=OccurrenceState.SCHEDULED
    ).exclude(partstat=PartStat.DECLINED)
    rows = rows.exclude(role=AttendeeRole.RESOURCE)
    return [
        _Row(*row) for row in rows.order_by("starts_at", "occurrence_id").values_list(*_COLUMNS)[:MOST_READ]
    ]


def _rooms(occurrence_ids: Collection[int]) -> dict[int, list[RoomShown]]:
    rows = Booking.objects.filter(occurrence__among=occurrence_ids, room__isnull=False).order_by("room__code")
    found: dict[int, list[RoomShown]] = defaultdict(list)
    columns = ("occurrence_id", "room_id", "room__name", "room__code", "state")
    for occurrence, room, name, code, state in rows.exclude(state=BookingState.RELEASED).values_list(
        *columns
    ):
        found[occurrence].append(RoomShown(room or 0, name, code, state == BookingState.CONFIRMED))
    return found


def _unanswered(actor: Actor, rows: Iterable[_Row], now: datetime) -> list[_Row]:
    """The first occurrence of each meeting that somebody is asked to for whom the actor may answer."""
    firsts: dict[tuple[int, int], _Row] = {}
    for row in rows:
        if (
            row.partstat == PartStat.NEEDS_ACTION
            and row.ends_at > now
            and may(actor, "meeting.respond", row.person_id)
        ):
            firsts.setdefault((row.meeting_id, row.person_id), row)
    return list(firsts.values())


def _day(
    rows: Iterable[_Row], day: Span, rooms: dict[int, list[RoomShown]], now: datetime
) -> tuple[Part, ...]:
    starts, ends = datetime_of(day.start), datetime_of(day.end)
    mine = [row for row in rows if row.starts_at < ends and row.ends_at > starts]
    clashing = _clashing(mine)
    parts = [_part(row, rooms, now, clashes=row.occurrence_id in clashing) for row in mine]
    return tuple(
        sorted(parts, key=lambda part: (not part.all_day, part.starts_at, part.ends_at, part.occurrence_id))
    )


def _clashing(rows: Iterable[_Row]) -> set[int]:
    """Occurrences, whole days aside, that share time with another."""
    timed = [row for row in rows if not row.all_day]
    pairs = overlapping_pairs([Span(instant_of(row.starts_at), instant_of(row.ends_at)) for row in timed])
    return {timed[place].occurrence_id for pair in pairs for place in pair}


def _part(row: _Row, rooms: dict[int, list[RoomShown]], now: datetime, *, clashes: bool) -> Part:
    return Part(
        occurrence_id=row.occurrence_id,
        meeting_id=row.meeting_id,
        person_id=row.person_id,
        person_name=row.person_name,
        title=row.own_title or row.title,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        all_day=row.all_day,
        location=row.location,
        organiser_name=row.organiser_name,
        role=AttendeeRole(row.role),
        partstat=PartStat(row.partstat),
        is_series=bool(row.rrule),
        is_private=row.is_private,
        is_tentative=row.state == MeetingState.TENTATIVE,
        is_over=row.ends_at <= now,
        is_now=row.starts_at <= now < row.ends_at,
        clashes=clashes,
        rooms=tuple(rooms.get(row.occurrence_id, ())),
    )


def _principals(
    actor: Actor, rows: Iterable[_Row], days: dict[int, tuple[Part, ...]]
) -> tuple[PrincipalDay, ...]:
    """In order of name. The names come with the rows; only somebody without any is asked for."""
    names = {row.person_id: row.person_name for row in rows if row.person_id in actor.principals}
    if missing := [person for person in actor.principals if person not in names]:
        names |= dict(Person.objects.filter(pk__among=missing).order_by().values_list("pk", "name"))
    order = sorted(names, key=lambda person: (names[person], person))
    return tuple(
        PrincipalDay(person, names[person], actor.principals[person], days.get(person, ()))
        for person in order
    )


def _approvals(actor: Actor, now: datetime) -> tuple[Approval, ...]:
    """Of the rooms that the actor approves; a coordinator's list has everybody's."""
    if not actor.is_signed_in or actor.is_outsider:
        return ()
    everybody_s = may(actor, "booking.decide")
    return _waiting(actor, Q() if everybody_s else Q(room__approver=actor.user_id), now)


def _waiting(actor: Actor, whose: Q, now: datetime) -> tuple[Approval, ...]:
    waiting = Booking.objects.filter(whose, state=BookingState.PENDING, room__isnull=False, ends_at__gt=now)
    rows = list(
        waiting.select_related("room", "occurrence__meeting__organiser", "booked_by")
        .order_by("starts_at", "pk")[:MOST_APPROVALS]
    )  # fmt: skip
    private = {row.occurrence.meeting_id for row in rows if row.occurrence.meeting.is_private}
    hidden = private - private_meetings_seen_by(actor, private) if private else set()
    return tuple(_approval(row, is_masked=row.occurrence.meeting_id in hidden) for row in rows)


def _approval(booking: Booking, *, is_masked: bool) -> Approval:
    meeting, room = booking.occurrence.meeting, booking.room
    assert room is not None
    return Approval(
        booking_id=booking.pk,
        occurrence_id=booking.occurrence_id,
        title=_("Busy") if is_masked else booking.occurrence.title or meeting.title,
        is_masked=is_masked,
        room_id=room.pk,
        room_name=room.name,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        headcount=meeting.headcount,
        asked_by=str(booking.booked_by or meeting.organiser),
    )
