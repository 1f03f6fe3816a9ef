"""Moving and resizing occurrences, as a drag on the calendar does it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.kernel.instants import LocalTime, ZoneName, instant_of, to_instant, to_local
from convenor.scheduling.actions.changing import change_whole
from convenor.scheduling.actions.editing import Edit, open_edit
from convenor.scheduling.actions.meeting import saved
from convenor.scheduling.actions.one import change_one, occurrence_in
from convenor.scheduling.actions.replan import old_slot, repeat_times
from convenor.scheduling.actions.slots import series_of_meeting, set_times
from convenor.scheduling.actions.splitting import split, told_of_split
from convenor.scheduling.drafts import KEEP, REFUSE, MeetingChanges, OnClash, Unset
from convenor.scheduling.enums import Scope
from convenor.scheduling.models import Occurrence
from convenor.scheduling.queries.meetings import occurrence_for
from convenor.scheduling.rules.draft import check_span
from convenor.scheduling.rules.findings import Findings
from convenor.scheduling.saved import Saved


@action
def move_occurrence(
    *,
    actor: Actor,
    occurrence_id: int,
    version: int,
    starts_at: datetime,
    ends_at: datetime,
    room_id: int | Unset | None = KEEP,
    scope: Scope = Scope.ONE,
    on_clash: OnClash = REFUSE,
    now: datetime,
) -> Saved:
    """Give the occurrence these times (aware), and its room at them or another; `version` is the meeting's.

    "Following" and "all" move the rest by as much on the wall clock and give it the same length, the
    series then running through these times. Raises as change_meeting.
    """
    occurrence = occurrence_for(actor, occurrence_id)
    edit = open_edit(actor, occurrence.meeting_id, version)
    row = occurrence_in(edit, occurrence.recurrence_id)
    found = Findings()
    check_span(found, starts_at, ends_at)
    found.raise_refused()
    changes = MeetingChanges(room_id=room_id, on_clash=on_clash)
    return moved(edit, row, (starts_at, ends_at), changes, scope, now)


def moved(
    edit: Edit,
    row: Occurrence,
    window: tuple[datetime, datetime],
    changes: MeetingChanges,
    scope: Scope,
    now: datetime,
) -> Saved:
    """The move itself, of a meeting that is open for change; of `changes` only the rooms are used."""
    if scope == Scope.ONE and edit.meeting.is_series:
        return saved(edit, change_one(edit, row, window, changes, now))
    return _move_series(edit, row, window, changes, scope, now)


def _move_series(
    edit: Edit,
    row: Occurrence,
    window: tuple[datetime, datetime],
    changes: MeetingChanges,
    scope: Scope,
    now: datetime,
) -> Saved:
    start, minutes = on_the_wall(edit, *window)
    by = start - row.recurrence_id
    _fall_in_line(edit, row)
    parts = (
        split(edit, row.recurrence_id, now) if scope == Scope.FOLLOWING and edit.meeting.is_series else None
    )
    target = parts.tail if parts else edit
    moved = MeetingChanges(
        local_start=LocalTime(target.meeting.local_start + by),
        duration_minutes=minutes,
        room_id=changes.room_id,
        more_room_ids=changes.more_room_ids,
        on_clash=changes.on_clash,
    )
    at_split = dict(target.before)
    made = change_whole(target, moved, now)
    if parts is None:
        return saved(edit, made)
    result = saved(target, [parts.head, *told_of_split(target, at_split, made)])
    return Saved(edit.meeting, result.notices, result.collisions, target.meeting)


def on_the_wall(edit: Edit, starts_at: datetime, ends_at: datetime) -> tuple[LocalTime, int]:
    """Local start and length in minutes, of whole days by the calendar."""
    zone = ZoneName(edit.meeting.zone)
    start, end = to_local(instant_of(starts_at), zone), to_local(instant_of(ends_at), zone)
    if to_instant(start, zone) != instant_of(starts_at):
        sentence = _("Clocks go back then and show this time twice; the second one can't be chosen.")
        raise ValidationError({"starts_at": [sentence]})
    length = end - start if edit.meeting.all_day else ends_at - starts_at
    return start, length // timedelta(minutes=1)


def _fall_in_line(edit: Edit, row: Occurrence) -> None:
    """An occurrence that was moved on its own goes back to the series before the series goes where it was dragged."""
    if not edit.meeting.is_series:
        return
    slot = old_slot(series_of_meeting(edit.meeting), row.recurrence_id)
    if (row.starts_at, row.ends_at) != (slot.starts_at, slot.ends_at):
        edit.spans.append((row.starts_at, row.ends_at))
        set_times(row, slot.starts_at, slot.ends_at)
        row.is_override = bool(row.title)
        row.save(update_fields=["starts_at", "ends_at", "is_long", "is_override"])
        repeat_times([row.pk])
