"""Meetings and occurrences as the actor may see them.

The staff see every meeting; a private one shows as busy to all but those who organise or attend it,
their delegates and coordinators. Somebody from outside sees what they take part in, and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.kernel.instants import LocalTime, Span
from convenor.people.queries.people import department_family_for
from convenor.scheduling.enums import AttendeeRole, BookingState, MeetingState, OccurrenceState, PartStat
from convenor.scheduling.models import Attendee, Booking, Meeting, Occurrence, Participation
from convenor.scheduling.queries.visibility import private_meetings_seen_by
from convenor.scheduling.queries.windows import in_window


@dataclass(frozen=True, slots=True)
class RoomBrief:
    """A room that an occurrence has, with the booking that gives it."""

    id: int
    code: str
    name: str
    booking_id: int
    state: BookingState


@dataclass(frozen=True, slots=True)
class OccurrenceRow:
    """One occurrence for a list or a calendar. Of a masked one only the times, the people asked for and the rooms are told."""

    id: int
    meeting_id: int
    uid: str
    version: int
    recurrence_id: LocalTime
    starts_at: datetime
    ends_at: datetime
    zone: str
    all_day: bool
    title: str
    location: str
    organiser_id: int | None
    organiser_name: str
    is_series: bool
    is_override: bool
    is_private: bool
    is_masked: bool
    is_movable: bool
    is_tentative: bool
    priority: int
    headcount: int | None
    attendee_count: int
    my_partstat: PartStat | None
    may_edit: bool
    rooms: tuple[RoomBrief, ...]
    person_ids: tuple[int, ...]  # of the people asked for, those who take part


def occurrences_for(
    actor: Actor,
    span: Span,
    *,
    person_ids: Collection[int] | None = None,
    room_ids: Collection[int] | None = None,
    department: int | None = None,
) -> list[OccurrenceRow]:
    """Scheduled occurrences that share time with the span, in order of start. Six queries at most, whatever there is.

    With people, rooms or a department (by key): those in which one of them, or somebody of the department and
    those below it, takes part, or which have one of the rooms. Declined invitations don't count.
    """
    if not actor.is_signed_in:
        return []
    rows = Occurrence.objects.filter(in_window(span), state=OccurrenceState.SCHEDULED)
    family = None if department is None else department_family_for(actor, department)
    rows = _narrowed(rows, span, person_ids=person_ids, room_ids=room_ids, department_ids=family)
    found = list(
        _seen_at_all(rows, actor, span).select_related("meeting__organiser").order_by("starts_at", "id")
    )
    return _rows(actor, found, person_ids)


def occurrence_rows_for(actor: Actor, occurrence_ids: Collection[int]) -> list[OccurrenceRow]:
    """The same for occurrences that are known by key, cancelled ones included."""
    if not actor.is_signed_in:
        return []
    found = Occurrence.objects.filter(pk__among=occurrence_ids).select_related("meeting__organiser")
    if actor.is_outsider:
        found = found.filter(participations__person=actor.person_id)
    return _rows(actor, list(found.order_by("starts_at", "id")), None)


def _narrowed(
    rows: QuerySet[Occurrence],
    span: Span,
    *,
    person_ids: Collection[int] | None,
    room_ids: Collection[int] | None,
    department_ids: Collection[int] | None,
) -> QuerySet[Occurrence]:
    if person_ids is not None:
        rows = rows.filter(pk__in=_attended(span, Q(person__among=person_ids)))
    if department_ids is not None:
        rows = rows.filter(pk__in=_attended(span, Q(person__department__among=department_ids)))
    if room_ids is not None:
        window = in_window(span, start="reserved_start", end="reserved_end")
        booked = Booking.objects.filter(window, room__among=room_ids).exclude(state=BookingState.RELEASED)
        rows = rows.filter(pk__in=booked.values("occurrence"))
    return rows


def _attended(span: Span, who: Q) -> QuerySet[Participation, Any]:
    taking_part = Participation.objects.filter(in_window(span), who).exclude(partstat=PartStat.DECLINED)
    return taking_part.order_by().values("occurrence")


def _seen_at_all(rows: QuerySet[Occurrence], actor: Actor, span: Span) -> QuerySet[Occurrence]:
    if not actor.is_outsider:
        return rows
    mine = Participation.objects.filter(in_window(span), person=actor.person_id).order_by()
    return rows.filter(Q(meeting__organiser=actor.person_id) | Q(pk__in=mine.values("occurrence")))


def _rows(actor: Actor, found: list[Occurrence], person_ids: Collection[int] | None) -> list[OccurrenceRow]:
    seen = private_meetings_seen_by(actor, {each.meeting_id for each in found if each.meeting.is_private})
    rooms = _rooms([each.pk for each in found])
    who = _who(
        [each.pk for each in found], {*(person_ids or ()), *([actor.person_id] if actor.person_id else [])}
    )
    counts = _counts({each.meeting_id for each in found})
    asked = set(person_ids or ())
    return [
        _row(
            actor,
            each,
            rooms.get(each.pk, ()),
            who.get(each.pk, {}),
            counts.get(each.meeting_id, 0),
            asked,
            is_masked=each.meeting.is_private and each.meeting_id not in seen,
        )
        for each in found
    ]


def _row(
    actor: Actor,
    occurrence: Occurrence,
    rooms: Iterable[RoomBrief],
    who: dict[int, PartStat],
    attendee_count: int,
    asked: set[int],
    *,
    is_masked: bool,
) -> OccurrenceRow:
    meeting = occurrence.meeting
    return OccurrenceRow(
        id=occurrence.pk,
        meeting_id=meeting.pk,
        uid="" if is_masked else meeting.uid,
        version=meeting.version,
        recurrence_id=occurrence.recurrence_id,
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at,
        zone=meeting.zone,
        all_day=meeting.all_day,
        title=_("Busy") if is_masked else occurrence.title or meeting.title,
        location="" if is_masked else meeting.location,
        organiser_id=None if is_masked else meeting.organiser_id,
        organiser_name="" if is_masked else meeting.organiser.name,
        is_series=meeting.is_series,
        is_override=occurrence.is_override,
        is_private=meeting.is_private,
        is_masked=is_masked,
        is_movable=meeting.is_movable and not is_masked,
        is_tentative=meeting.state == MeetingState.TENTATIVE,
        priority=meeting.priority,
        headcount=None if is_masked else meeting.headcount,
        attendee_count=0 if is_masked else attendee_count,
        my_partstat=who.get(actor.person_id) if actor.person_id else None,
        may_edit=not is_masked and may(actor, "meeting.edit", meeting),
        rooms=tuple(rooms),
        person_ids=tuple(sorted(asked & who.keys())),
    )


def _rooms(occurrence_ids: Collection[int]) -> dict[int, list[RoomBrief]]:
    found: dict[int, list[RoomBrief]] = defaultdict(list)
    active = Booking.objects.filter(occurrence__among=occurrence_ids, room__isnull=False)
    columns = ("occurrence_id", "room_id", "room__code", "room__name", "id", "state")
    rows = active.exclude(state=BookingState.RELEASED).order_by("room__code").values_list(*columns)
    for occurrence, room, code, name, booking, state in rows:
        if room is not None:
            found[occurrence].append(RoomBrief(room, code, name, booking, BookingState(state)))
    return found


def _who(occurrence_ids: Collection[int], person_ids: Collection[int]) -> dict[int, dict[int, PartStat]]:
    found: dict[int, dict[int, PartStat]] = defaultdict(dict)
    rows = Participation.objects.filter(occurrence__among=occurrence_ids, person__among=set(person_ids))
    for occurrence, person, partstat in rows.order_by().values_list("occurrence_id", "person_id", "partstat"):
        found[occurrence][person] = PartStat(partstat)
    return found


def _counts(meeting_ids: Collection[int]) -> dict[int, int]:
    counts: dict[int, int] = defaultdict(int)
    people = Attendee.objects.filter(meeting__among=meeting_ids).exclude(role=AttendeeRole.RESOURCE)
    for meeting in people.order_by().values_list("meeting_id", flat=True):
        counts[meeting] += 1
    return counts


def meetings_seen_by(actor: Actor) -> QuerySet[Meeting]:
    """Every meeting that the actor may read whole."""
    if not actor.is_signed_in and not actor.stands_in_for:
        return Meeting.objects.none()
    if may(actor, "meeting.see_private"):
        return Meeting.objects.all()
    people = [*actor.principals, *actor.stands_in_for, *([actor.person_id] if actor.person_id else [])]
    attended = Attendee.objects.filter(person__among=people).values("meeting")
    theirs = Q(organiser__among=people) | Q(pk__in=attended)
    return Meeting.objects.filter(theirs if actor.is_outsider else theirs | Q(is_private=False))


def meeting_for(actor: Actor, pk: int) -> Meeting:
    """The meeting with its organiser and attendees; raises Meeting.DoesNotExist for one that the actor may not read. Two queries."""
    return (
        meetings_seen_by(actor).select_related("organiser").prefetch_related("attendees__person").get(pk=pk)
    )


def meeting_by_uid_for(actor: Actor, uid: str) -> Meeting:
    """The same by UID."""
    return (
        meetings_seen_by(actor).select_related("organiser").prefetch_related("attendees__person").get(uid=uid)
    )


def occurrence_for(actor: Actor, pk: int) -> Occurrence:
    """The occurrence with its meeting and organiser; raises Occurrence.DoesNotExist as meeting_for."""
    seen = meetings_seen_by(actor)
    return Occurrence.objects.select_related("meeting__organiser").get(pk=pk, meeting__in=seen)


def occurrence_at_for(actor: Actor, meeting_id: int, recurrence_id: LocalTime) -> Occurrence:
    """The same by meeting and recurrence id."""
    rows = Occurrence.objects.select_related("meeting__organiser").filter(meeting__in=meetings_seen_by(actor))
    return rows.get(meeting=meeting_id, recurrence_id=recurrence_id)


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """One person's part in one occurrence."""

    person_id: int
    name: str
    email: str
    role: AttendeeRole
    partstat: PartStat
    answered_at: datetime | None
    may_answer: bool


def participants_for(actor: Actor, occurrence_id: int) -> list[ParticipantRow]:
    """Who takes part, chair first, then by role and name; raises Occurrence.DoesNotExist. Two queries."""
    occurrence = occurrence_for(actor, occurrence_id)
    rows = Participation.objects.filter(occurrence=occurrence).select_related("person")
    order = list(AttendeeRole)
    found = [
        ParticipantRow(
            person_id=row.person_id,
            name=row.person.name,
            email=row.person.email,
            role=AttendeeRole(row.role),
            partstat=PartStat(row.partstat),
            answered_at=row.answered_at,
            may_answer=may(actor, "meeting.respond", row.person_id),
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: (order.index(row.role), row.name, row.person_id))
