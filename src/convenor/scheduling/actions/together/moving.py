"""Moving many occurrences at once, each with everything that is booked for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.scheduling.actions.changing import TIME
from convenor.scheduling.actions.editing import draft_of
from convenor.scheduling.actions.move import on_the_wall
from convenor.scheduling.actions.slots import horizon_of, set_times
from convenor.scheduling.actions.together.following import people_follow
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
from convenor.scheduling.rules.draft import check_draft, check_span
from convenor.scheduling.rules.findings import Findings

NO_CHOICES: Choices = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Move:
    """The new time of one occurrence; aware."""

    occurrence_id: int
    starts_at: datetime
    ends_at: datetime


@action
def move_together(*, actor: Actor, moves: Sequence[Move], rooms: Choices = NO_CHOICES, now: datetime) -> Done:
    """Give all these occurrences their new times, with their rooms and their equipment; all or none.

    A meeting without a series moves whole, one date of a series on its own, as with `move_occurrence`.
    `rooms` gives bookings, by their key, another room or none. Raises RoomClashes with everything that is
    blocked, ValidationError, Refused, Meeting.DoesNotExist.
    """
    times = {each.occurrence_id: each for each in moves}
    check_times(times.values())
    parts = [
        part
        for part in open_together(actor, times)
        if _moves(part, times[part.row.pk]) or any(each.pk in rooms for each in part.bookings)
    ]
    moved = [part.row.pk for part in parts if _moves(part, times[part.row.pk])]
    notices: list[Notice] = []
    for part in parts:
        notices += set_time(part, times[part.row.pk], now)
    write(parts)
    people_follow(moved)
    placed = place(actor, parts, rooms, now)
    changes = changes_of(parts, "changed", placed.rooms, placed.approvals)
    write_meetings(parts)
    record_together(parts, changes)
    return Done(len(parts), placed.bookings, (*notices, *placed.notices))


def check_times(moves: Collection[Move]) -> None:
    found = Findings()
    for each in moves:
        check_span(found, each.starts_at, each.ends_at)
    found.raise_refused()


def _moves(part: Part, move: Move) -> bool:
    return (part.row.starts_at, part.row.ends_at) != (move.starts_at, move.ends_at)


def set_time(part: Part, move: Move, now: datetime) -> list[Notice]:
    """Set the columns, not saved yet; what the user is told. Raises ValidationError for a time that can't be."""
    row, meeting = part.row, part.edit.meeting
    if not _moves(part, move):
        return []
    set_times(row, move.starts_at, move.ends_at)
    if meeting.is_series:
        row.is_override = True
        return []
    start, minutes = on_the_wall(part.edit, move.starts_at, move.ends_at)
    draft = replace(draft_of(meeting, ()), local_start=start, duration_minutes=minutes)
    found, checked = Findings(), check_draft(draft, now=now, horizon=horizon_of(now))
    for name in sorted(TIME & checked.refused.keys()):
        found.refused[name] += checked.refused[name]
    found.raise_refused()
    meeting.local_start, meeting.duration_minutes = start, minutes
    row.recurrence_id = start
    return [each for each in checked.notices if each.field in TIME]
