"""Calling off one occurrence, the rest of a series, or a whole meeting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from convenor.kernel.instants import LocalTime
from convenor.scheduling.actions.editing import Edit, active_bookings, grow, occurrence_snapshot
from convenor.scheduling.actions.one import occurrence_in
from convenor.scheduling.actions.record import CANCEL, REQUEST, Change, people_of, snapshot
from convenor.scheduling.actions.rooms import release
from convenor.scheduling.actions.slots import locals_of, texts_of
from convenor.scheduling.actions.splitting import parts_of, set_series
from convenor.scheduling.enums import MeetingState, OccurrenceState
from convenor.scheduling.models import Occurrence, Participation


def cancel_one(edit: Edit, recurrence_id: LocalTime | None) -> Change:
    """The occurrence stays on record as cancelled, and the series has an EXDATE for it (RFC 5545 §3.8.5.1)."""
    row = occurrence_in(edit, recurrence_id)
    rooms = [each.room_id for each in active_bookings([row.pk]) if each.room_id]
    before = occurrence_snapshot(row, rooms)
    edit.meeting.exdates = texts_of({*locals_of(edit.meeting.exdates), row.recurrence_id})
    row.state = OccurrenceState.CANCELLED
    return _cancelled(
        edit, [row], "occurrence.cancelled", before, occurrence_snapshot(row), row.recurrence_id
    )


def cancel_following(edit: Edit, recurrence_id: LocalTime, now: datetime) -> Change:
    """The series ends before the occurrence; those from it on that aren't over are cancelled."""
    head, _tail = parts_of(edit.meeting, recurrence_id)
    if head is None:
        return cancel_whole(edit, now)
    rows = edit.meeting.occurrences.filter(recurrence_id__gte=recurrence_id, state=OccurrenceState.SCHEDULED)
    set_series(edit.meeting, head)
    return _cancelled(edit, list(rows.filter(ends_at__gt=now)), "meeting.ended", method=REQUEST)


def cancel_whole(edit: Edit, now: datetime) -> Change:
    """What took place stays; if all of it is over, all of it is cancelled: it was entered by mistake."""
    rows = edit.meeting.occurrences.filter(state=OccurrenceState.SCHEDULED)
    edit.meeting.state = MeetingState.CANCELLED
    return _cancelled(edit, list(rows.filter(ends_at__gt=now)) or list(rows), "meeting.cancelled")


def _cancelled(
    edit: Edit,
    rows: Sequence[Occurrence],
    verb: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    recurrence_id: LocalTime | None = None,
    method: str = CANCEL,
) -> Change:
    meeting, people = edit.meeting, people_of(edit.attendees)
    was_proposal = edit.before["state"] == MeetingState.TENTATIVE
    keys = [row.pk for row in rows]
    bookings = active_bookings(keys)
    Occurrence.objects.filter(pk__among=keys).update(state=OccurrenceState.CANCELLED)
    Participation.objects.filter(occurrence__among=keys).update(blocks=False)
    release([each.pk for each in bookings])
    grow(meeting, sequence=True)
    meeting.save()
    windows = [(row.starts_at, row.ends_at) for row in rows]
    return Change(
        meeting=meeting,
        action=verb,
        before={**edit.before, **(before or {})},
        after={**snapshot(meeting, edit.attendees), **(after or {})},
        tells=() if was_proposal else people,  # nobody was ever asked
        method=method,
        recurrence_id=recurrence_id,
        person_ids=people | {meeting.organiser_id},
        room_ids={each.room_id for each in bookings if each.room_id},
        occurrence_ids=keys,
        spans=[*windows, *((each.reserved_start, each.reserved_end) for each in bookings)],
    )
