"""What the tests of following ask and look at."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from convenor.attendance.actions.roll import open_roll
from convenor.attendance.drafts import RollDraft
from convenor.attendance.models import Roll, Seat
from convenor.base.models import OutboxMessage
from convenor.events.models import Event, Function
from convenor.people.models import Person
from convenor.scheduling.actions.meeting import change_meeting
from convenor.scheduling.actions.response import respond
from convenor.scheduling.drafts import AttendeeDraft, MeetingChanges
from convenor.scheduling.enums import PartStat
from convenor.scheduling.models import Meeting, Participation
from tests.factories.events import NOW
from tests.factories.rolls import SYSTEM


def by_hand(capacity: int | None, **fields: Any) -> RollDraft:
    return RollDraft(capacity=capacity, follows_room=False, **fields)


def opened(event: Event, function: Function | None = None, capacity: int | None = 10, **fields: Any) -> Roll:
    key = function.pk if function else None
    draft = by_hand(capacity, **fields)
    return open_roll(actor=SYSTEM, event_id=event.pk, function_id=key, draft=draft, now=NOW)


def state(roll: Roll, person: Person) -> str | None:
    rows = Seat.objects.filter(roll=roll, registration__person=person, registration__guest_of__isnull=True)
    return rows.values_list("state", flat=True).first()


def part(function: Function, person: Person) -> tuple[str, str] | None:
    rows = Participation.objects.filter(occurrence=function.occurrence_id, person=person)
    return rows.values_list("partstat", "role").first()


def says(function: Function, person: Person, partstat: PartStat) -> None:
    respond(
        actor=SYSTEM,
        occurrence_id=function.occurrence_id,
        person_id=person.pk,
        partstat=partstat,
        now=NOW + timedelta(minutes=1),
    )


def ask(function: Function, *people: Person, **changes: Any) -> None:
    """Make these the meeting's people and nobody else."""
    meeting = Meeting.objects.get(pk=function.occurrence.meeting_id)
    given = MeetingChanges(attendees=tuple(AttendeeDraft(each.pk) for each in people), **changes)
    change_meeting(actor=SYSTEM, meeting_id=meeting.pk, version=meeting.version, changes=given, now=NOW)


def told(notice: str) -> list[int]:
    rows = OutboxMessage.objects.filter(kind="registration", payload__notice=notice).order_by("id")
    return [row.payload["registration_id"] for row in rows]
