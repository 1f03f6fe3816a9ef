"""What an answer that came in by mail is about. Its writer is checked by whoever asks; nothing here is shown to anybody."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from convenor.kernel.instants import LocalTime
from convenor.scheduling.enums import PartStat
from convenor.scheduling.models import Meeting, Occurrence, Participation


def is_known_uid(uid: str) -> str | None:
    """The title of the meeting with that UID, None where there is none."""
    return Meeting.objects.filter(uid=uid).values_list("title", flat=True).first() if uid else None


def date_answered_for(meeting: Meeting, moment: datetime | date) -> Occurrence | None:
    """The occurrence with that recurrence id: a local time in the meeting's zone, or a day that has but one."""
    rows = meeting.occurrences.select_related("meeting__organiser")
    if isinstance(moment, datetime):
        return rows.filter(recurrence_id=moment).first()
    first = LocalTime(datetime.combine(moment, time()))
    last = LocalTime(first + timedelta(days=1))
    found = list(rows.filter(recurrence_id__gte=first, recurrence_id__lt=last)[:2])
    return found[0] if len(found) == 1 else None


def answer_of(occurrence_id: int, person_id: int) -> tuple[PartStat, datetime | None] | None:
    """What the person has answered, and when; None for somebody who isn't asked."""
    rows = Participation.objects.filter(occurrence=occurrence_id, person=person_id)
    row = rows.values_list("partstat", "answered_at").first()
    return (PartStat(row[0]), row[1]) if row else None
