"""“This and following”: one series becomes two, each occurrence keeping its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.kernel.instants import LocalTime
from convenor.kernel.recurrence import NotAnOccurrence, Series, split_at
from convenor.scheduling.actions.editing import Edit, grow
from convenor.scheduling.actions.record import Change, people_of, snapshot
from convenor.scheduling.actions.slots import series_of_meeting, texts_of
from convenor.scheduling.models import Attendee, Meeting
from convenor.scheduling.rules.wording import day


@dataclass(frozen=True, slots=True)
class Split:
    """The two parts: what goes on record of the first, the second open for change."""

    head: Change
    tail: Edit


def parts_of(meeting: Meeting, recurrence_id: LocalTime) -> tuple[Series | None, Series]:
    """The series before the occurrence, None if there is nothing; and from it on. ValidationError if it is none."""
    try:
        return split_at(series_of_meeting(meeting), recurrence_id)
    except NotAnOccurrence as error:
        sentence = _("The series has no occurrence on %(day)s.") % {"day": day(recurrence_id)}
        raise ValidationError({"recurrence_id": [sentence]}) from error


def set_series(meeting: Meeting, series: Series) -> None:
    meeting.local_start, meeting.rrule = series.start, series.rrule or ""
    meeting.rdates, meeting.exdates = texts_of(series.rdates), texts_of(series.exdates)


def split(edit: Edit, recurrence_id: LocalTime, now: datetime) -> Split | None:
    """Cut the series before the occurrence; None where it is the first, so that the whole is meant.

    The second part gets a UID of its own, as calendar programs do it, and points back.
    """
    head, tail = parts_of(edit.meeting, recurrence_id)
    if head is None:
        return None
    rest = _copy(edit.meeting, tail, now)
    attendees = [Attendee(meeting=rest, person_id=each.person_id, role=each.role) for each in edit.attendees]
    Attendee.objects.bulk_create(attendees, batch_size=1000)
    moving = edit.meeting.occurrences.filter(recurrence_id__gte=recurrence_id)
    spans = list(moving.values_list("starts_at", "ends_at"))
    moving.update(meeting=rest)
    set_series(edit.meeting, head)
    grow(edit.meeting, sequence=True)
    edit.meeting.save()
    people = people_of(edit.attendees)
    change = Change(
        meeting=edit.meeting,
        action="meeting.split",
        before=edit.before,
        after=snapshot(edit.meeting, edit.attendees),
        tells=people,
        person_ids=people,
        spans=spans,
    )
    return Split(change, Edit(edit.actor, rest, attendees, snapshot(rest, attendees)))


def _copy(meeting: Meeting, series: Series, now: datetime) -> Meeting:
    rest = Meeting.objects.get(pk=meeting.pk)
    rest.pk, rest.uid, rest.sequence, rest.version = None, str(uuid4()), 0, 1
    rest.split_from, rest.created_at = meeting, now
    rest._state.adding = True
    set_series(rest, series)
    rest.save(force_insert=True)
    return rest


def told_of_split(tail: Edit, at_split: dict[str, object], changes: list[Change]) -> list[Change]:
    """The second part on record as a new meeting of which everybody is told once, with whatever changed in it."""
    people = people_of(tail.attendees)
    made = Change(meeting=tail.meeting, action="meeting.split_off", before=None, after=at_split)
    if changes:
        changes[0].tells = set(changes[0].tells) | people
    else:
        made.tells = people
    return [made, *changes]
