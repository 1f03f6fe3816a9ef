"""Who is to be told what of a meeting: the meeting as it is now, whom a message names, and what each was told before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings

from convenor.kernel.instants import LocalTime
from convenor.people.models import Person
from convenor.scheduling.enums import AttendeeRole, MeetingState, OccurrenceState
from convenor.scheduling.models import Attendee, Meeting, Occurrence, Told
from convenor.scheduling.queries.exports import ExportedMeeting, whole_meeting


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is written to: where, in which language, by which clocks."""

    person_id: int
    name: str
    email: str
    language: str
    zone: str


@dataclass(frozen=True, slots=True)
class Invitee:
    """`told` is what their calendar was told last, by recurrence id ("" for the whole); None where it holds nothing."""

    reader: Reader
    is_asked: bool
    told: Mapping[str, Any] | None = None
    sequence: int = 0
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Invitations:
    """A meeting and whom to look at. `over` are its dates that are over, by recurrence id; `is_over` when none is to come."""

    meeting_id: int
    meeting: ExportedMeeting
    organiser_name: str
    is_called_off: bool
    is_over: bool
    over: frozenset[LocalTime]
    invitees: tuple[Invitee, ...] = field(default=())


def invitations_of(meeting_id: int, person_ids: Collection[int], now: datetime) -> Invitations | None:
    """None for a meeting that asks nobody: a proposal, one from another calendar, one that is gone. 9 queries.

    Beside those named the organiser is looked at where their calendar holds the meeting: they were asked before they took it over.
    """
    rows = Meeting.objects.select_related("organiser").filter(pk=meeting_id, source__isnull=True)
    meeting = rows.exclude(state=MeetingState.TENTATIVE).first()
    if meeting is None:
        return None
    whole = whole_meeting(meeting, now)
    cancelled = meeting.state == MeetingState.CANCELLED
    return Invitations(
        meeting_id=meeting.pk,
        meeting=whole,
        organiser_name=meeting.organiser.name,
        is_called_off=cancelled or not whole.occurrences,
        is_over=_last_end(meeting) <= now,
        over=frozenset(each.recurrence_id for each in whole.occurrences if each.ends_at <= now),
        invitees=tuple(_invitees(meeting, person_ids)),
    )


def _last_end(meeting: Meeting) -> datetime:
    """When its last date that takes place is over; where none does, the last there was."""
    rows = Occurrence.objects.filter(meeting=meeting).order_by("-ends_at").values_list("ends_at", flat=True)
    last = rows.filter(state=OccurrenceState.SCHEDULED).first() or rows.first()
    return last or meeting.created_at


def _invitees(meeting: Meeting, person_ids: Collection[int]) -> list[Invitee]:
    told = {
        row.person_id: row for row in Told.objects.filter(meeting=meeting) if row.person_id in set(person_ids) | {meeting.organiser_id}
    }  # fmt: skip
    people = readers([*person_ids, *(key for key in told if key == meeting.organiser_id)])
    roles = Attendee.objects.filter(meeting=meeting, person__among=list(people))
    asked = set(roles.exclude(role=AttendeeRole.RESOURCE).values_list("person_id", flat=True))
    asked |= {key for key, row in told.items() if key == meeting.organiser_id and not row.is_cancelled}
    return [_invitee(each, each.person_id in asked, told.get(each.person_id)) for each in people.values()]


def _invitee(reader: Reader, is_asked: bool, row: Told | None) -> Invitee:
    if row is None:
        return Invitee(reader, is_asked)
    return Invitee(reader, is_asked, None if row.is_cancelled else row.parts, row.sequence, row.told_at)


def readers(person_ids: Collection[int]) -> dict[int, Reader]:
    """Those of the persons who still are there, by key and in its order. One query."""
    rows = Person.objects.filter(pk__among=sorted(set(person_ids)), is_active=True)
    return {row.pk: _reader(row) for row in rows.select_related("user").order_by("pk")}


def _reader(row: Person) -> Reader:
    language = (row.user.language if row.user else "") or settings.LANGUAGE_CODE
    zone = (row.user.zone if row.user else "") or row.zone
    return Reader(row.pk, row.name, row.email, language, zone)
