"""What mails about meetings say that bring nothing into a calendar: proposals, approvals, answers, rooms.

Each returns None, or nothing, where there is nobody to write to or nothing left to say.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from convenor.base.models import User
from convenor.scheduling.enums import BookingState, MeetingState, PartStat
from convenor.scheduling.models import Booking, Meeting, Occurrence, Participation
from convenor.scheduling.queries.invitations import Reader, readers


@dataclass(frozen=True, slots=True)
class Note:
    """A meeting, and who is written to about it. `times` is of its first date to come, as sentences/invitation.py takes it."""

    reader: Reader
    meeting_id: int
    title: str
    times: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """Somebody's answer to `dates` dates, of which `times` is the first."""

    name: str
    partstat: PartStat
    comment: str
    dates: int
    times: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class BookingLine:
    booking_id: int
    place: str
    title: str
    times: Mapping[str, Any]
    state: BookingState


def times_of(starts_at: datetime, ends_at: datetime) -> dict[str, Any]:
    """Instants, to be shown by the reader's clocks."""
    start, end = (each.astimezone(UTC).replace(tzinfo=None).isoformat() for each in (starts_at, ends_at))
    return {"start": start, "end": end, "zone": "UTC", "rrule": ""}


def note_for(meeting_id: int, person_id: int, now: datetime) -> Note | None:
    """3 queries."""
    meeting, reader = Meeting.objects.filter(pk=meeting_id).first(), readers([person_id]).get(person_id)
    if meeting is None or reader is None:
        return None
    rows = Occurrence.objects.filter(meeting=meeting).order_by("starts_at", "pk")
    first = rows.filter(ends_at__gt=now).first() or rows.first()
    times = times_of(first.starts_at, first.ends_at) if first else None
    return Note(reader, meeting.pk, meeting.title, times)


def organiser_of(meeting_id: int) -> int | None:
    return Meeting.objects.filter(pk=meeting_id).values_list("organiser_id", flat=True).first()


def is_proposal(meeting_id: int) -> bool:
    """Whether it still waits for its organiser."""
    return Meeting.objects.filter(pk=meeting_id, state=MeetingState.TENTATIVE).exists()


def account_name(user_id: int | None) -> str:
    user = User.objects.filter(pk=user_id).first() if user_id else None
    return str(user) if user else ""


def approver(user_id: int) -> Reader | None:
    """An account that decides on bookings, which need not be a person's."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return None
    return Reader(
        0, str(user), user.email, user.language or settings.LANGUAGE_CODE, user.zone or settings.TIME_ZONE
    )


def booking_lines(booking_ids: Collection[int]) -> list[BookingLine]:
    """By start. One query."""
    rows = Booking.objects.filter(pk__among=sorted(booking_ids))
    related = rows.select_related("room", "equipment", "occurrence__meeting")
    return [_line(row) for row in related.order_by("starts_at", "pk")]


def _line(row: Booking) -> BookingLine:
    occurrence = row.occurrence
    return BookingLine(
        booking_id=row.pk,
        place=f"{row.room.code} {row.room.name}" if row.room else f"{row.quantity} × {row.equipment}",
        title=occurrence.title or occurrence.meeting.title,
        times=times_of(occurrence.starts_at, occurrence.ends_at),
        state=BookingState(row.state),
    )


def meeting_of_booking(booking_id: int) -> int | None:
    return Booking.objects.filter(pk=booking_id).values_list("occurrence__meeting_id", flat=True).first()


def answer_lines(told: Sequence[tuple[int, Sequence[int]]]) -> list[AnswerLine]:
    """For each person and the dates that they answered for: their answer as it is now. Different ones are lines of their own. One query."""
    pairs = {(person, key) for person, keys in told for key in keys}
    rows = Participation.objects.filter(
        person__among=sorted({person for person, _key in pairs}),
        occurrence__among=sorted({key for _person, key in pairs}),
    )
    found: dict[tuple[int, str, str], list[Participation]] = {}
    for row in rows.select_related("person").order_by("starts_at", "pk"):
        if (row.person_id, row.occurrence_id) in pairs:
            found.setdefault((row.person_id, row.partstat, row.comment), []).append(row)
    return [
        AnswerLine(
            name=parts[0].person.name,
            partstat=PartStat(partstat),
            comment=comment,
            dates=len(parts),
            times=times_of(parts[0].starts_at, parts[0].ends_at),
        )
        for (_person, partstat, comment), parts in found.items()
    ]
