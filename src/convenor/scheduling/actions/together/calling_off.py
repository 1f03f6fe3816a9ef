"""Calling off many occurrences at once: for good, or until the event that they are of is resumed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.scheduling.actions.record import CANCEL
from convenor.scheduling.actions.rooms import release
from convenor.scheduling.actions.slots import locals_of, texts_of
from convenor.scheduling.actions.together.opening import (
    Done,
    Part,
    changes_of,
    open_together,
    record_together,
    write,
    write_meetings,
)
from convenor.scheduling.enums import MeetingState, OccurrenceState
from convenor.scheduling.models import Participation


@action
def cancel_together(*, actor: Actor, occurrence_ids: Collection[int]) -> Done:
    """Cancel them all: rooms are let go, people free and told. Of a series only these dates.

    Raises ValidationError for what is cancelled already, Refused, Meeting.DoesNotExist.
    """
    parts = open_together(actor, occurrence_ids, "meeting.cancel")
    return Done(len(parts), _call_off(parts, "cancelled"))


@action
def suspend_together(*, actor: Actor, occurrence_ids: Collection[int]) -> Mapping[int, tuple[int, ...]]:
    """Call them off until `revive_together`: outwards a cancellation, inwards rooms let go and people free.

    By occurrence the bookings let go, which reviving takes to book the same again. Raises as cancel_together.
    """
    parts = open_together(actor, occurrence_ids, "meeting.cancel")
    _call_off(parts, "suspended")
    return {part.row.pk: tuple(each.pk for each in part.bookings) for part in parts}


def _call_off(parts: list[Part], verb: str) -> int:
    for part in parts:
        meeting, row = part.edit.meeting, part.row
        row.state = OccurrenceState.CANCELLED
        if meeting.is_series:  # RFC 5545 §3.8.5.1
            meeting.exdates = texts_of({*locals_of(meeting.exdates), row.recurrence_id})
        else:
            meeting.state = MeetingState.CANCELLED
    write(parts)
    keys = [part.row.pk for part in parts]
    Participation.objects.filter(occurrence__among=keys).update(blocks=False)
    bookings = [each.pk for part in parts for each in part.bookings]
    release(bookings)
    changes = changes_of(parts, verb, {}, method=CANCEL)
    write_meetings(parts)
    record_together(parts, changes)
    return len(bookings)
