"""Taking up again what was suspended: the same meetings under the same UIDs, at new times, with their rooms booked anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.scheduling.actions.slots import locals_of, texts_of
from convenor.scheduling.actions.together.following import people_follow
from convenor.scheduling.actions.together.moving import (
    NO_CHOICES,
    Move,
    check_times,
    set_time,
)
from convenor.scheduling.actions.together.opening import (
    Done,
    Part,
    changes_of,
    open_together,
    record_together,
    write,
    write_meetings,
)
from convenor.scheduling.actions.together.places import Choices, place
from convenor.scheduling.drafts import Notice
from convenor.scheduling.enums import MeetingState, OccurrenceState
from convenor.scheduling.models import Booking


@dataclass(frozen=True, slots=True)
class Revival:
    """A called-off occurrence's new time, and the bookings it had that are to be booked again."""

    occurrence_id: int
    starts_at: datetime
    ends_at: datetime
    booking_ids: tuple[int, ...] = ()
    is_proposal: bool = False


@action
def revive_together(
    *, actor: Actor, revivals: Sequence[Revival], rooms: Choices = NO_CHOICES, now: datetime
) -> Done:
    """Let all these take place at their new times; everybody is invited again and asked anew.

    `rooms` gives other rooms, or none, by the key of the booking let go. Raises RoomClashes with everything
    that is blocked, ValidationError, Refused, Meeting.DoesNotExist.
    """
    wanted = {each.occurrence_id: each for each in revivals}
    times = {key: Move(key, each.starts_at, each.ends_at) for key, each in wanted.items()}
    check_times(times.values())
    parts = open_together(actor, wanted, called_off=True)
    _give_bookings(parts, wanted)
    notices: list[Notice] = []
    for part in parts:
        notices += set_time(part, times[part.row.pk], now)
        _take_up(part, wanted[part.row.pk])
    write(parts)
    people_follow([part.row.pk for part in parts])
    placed = place(actor, parts, rooms, now, anew=True)
    for part in parts:
        part.bookings = []  # it had none while it was called off
    changes = changes_of(parts, "revived", placed.rooms, placed.approvals)
    write_meetings(parts)
    record_together(parts, changes)
    return Done(len(parts), placed.bookings, (*notices, *placed.notices))


def _give_bookings(parts: Sequence[Part], wanted: dict[int, Revival]) -> None:
    """The bookings that were let go, each only to the occurrence that it was of. One query."""
    keys = [key for each in wanted.values() for key in each.booking_ids]
    found: dict[int, list[Booking]] = defaultdict(list)
    for booking in Booking.objects.filter(pk__among=keys).order_by("pk"):
        found[booking.occurrence_id].append(booking)
    for part in parts:
        chosen = wanted[part.row.pk].booking_ids
        part.bookings = [each for each in found[part.row.pk] if each.pk in chosen]


def _take_up(part: Part, revival: Revival) -> None:
    meeting, row = part.edit.meeting, part.row
    row.state = OccurrenceState.SCHEDULED
    if meeting.is_series:
        meeting.exdates = texts_of(set(locals_of(meeting.exdates)) - {row.recurrence_id})
    else:
        meeting.state = MeetingState.TENTATIVE if revival.is_proposal else MeetingState.CONFIRMED
