"""Changing one occurrence of a series and leaving the others alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.kernel.instants import LocalTime, ZoneName
from convenor.scheduling.actions.creation import approvals_of, check_rooms, need_of, site_of
from convenor.scheduling.actions.editing import Edit, active_bookings, draft_of, grow, occurrence_snapshot
from convenor.scheduling.actions.guarding import refuse_times
from convenor.scheduling.actions.record import Change, people_of, snapshot
from convenor.scheduling.actions.replan import ask_again, repeat_times
from convenor.scheduling.actions.rerooming import Rerooming, rooms_to_know, settle_places
from convenor.scheduling.actions.slots import set_times, single_slot
from convenor.scheduling.drafts import KEEP, MeetingChanges, MeetingDraft, Unset
from convenor.scheduling.enums import OccurrenceState
from convenor.scheduling.models import Meeting, Occurrence
from convenor.scheduling.queries.facts import person_facts, room_facts
from convenor.scheduling.rules.draft import check_span
from convenor.scheduling.rules.findings import Findings
from convenor.scheduling.rules.texts import check_title

OF_ONE = frozenset({"title", "local_start", "duration_minutes", "room_id", "more_room_ids", "equipment"})
Window = tuple[datetime, datetime]


def occurrence_in(edit: Edit, recurrence_id: LocalTime | None) -> Occurrence:
    """The scheduled occurrence of that recurrence id; raises Occurrence.DoesNotExist, ValidationError."""
    if recurrence_id is None:
        raise ValidationError({"recurrence_id": [_("Say which occurrence is meant.")]})
    row = edit.meeting.occurrences.get(recurrence_id=recurrence_id)
    if row.state == OccurrenceState.CANCELLED:
        raise ValidationError({"recurrence_id": [_("This occurrence is cancelled.")]})
    row.meeting = edit.meeting
    return row


def window_of(meeting: Meeting, row: Occurrence, changes: MeetingChanges) -> Window:
    """When the occurrence takes place with the changes, which are local to the meeting's zone."""
    if changes.local_start is KEEP and changes.duration_minutes is KEEP:
        return row.starts_at, row.ends_at
    minutes = changes.duration_minutes
    if minutes is KEEP:
        minutes = max((row.ends_at - row.starts_at) // timedelta(minutes=1), 1)
        minutes = meeting.duration_minutes if meeting.all_day else minutes
    if changes.local_start is KEEP:
        return row.starts_at, row.starts_at + timedelta(minutes=minutes)
    slot = single_slot(changes.local_start, ZoneName(meeting.zone), minutes, all_day=meeting.all_day)
    return slot.starts_at, slot.ends_at


def change_one(
    edit: Edit, row: Occurrence, window: Window, changes: MeetingChanges, now: datetime
) -> list[Change]:
    """Apply a title, a time, a room, equipment to one occurrence; what must go on record.

    Raises ValidationError for anything else that is given, and RoomClashes.
    """
    draft = draft_of(edit.meeting, edit.attendees)
    _refuse_others(changes, draft)
    found = Findings()
    check_span(found, *window)
    if changes.title is not KEEP:
        check_title(found, changes.title)
    found.raise_refused()
    bookings = active_bookings([row.pk])
    rooms_before = [each.room_id for each in bookings if each.room_id]
    before = occurrence_snapshot(row, rooms_before)
    spans = [
        (row.starts_at, row.ends_at),
        window,
        *((each.reserved_start, each.reserved_end) for each in bookings),
    ]
    is_moved = _set(row, window, changes.title, edit.meeting.title)
    approvals = _settle(edit, row, changes, now)
    if is_moved:
        repeat_times([row.pk])
        ask_again(edit.meeting, [row.pk])
    rooms = [each.room_id for each in active_bookings([row.pk]) if each.room_id]
    after = occurrence_snapshot(row, rooms)
    if before == after and not approvals:
        return []
    return [_change(edit, row, before, after, spans, {*rooms_before, *rooms}, approvals)]


def _refuse_others(changes: MeetingChanges, draft: MeetingDraft) -> None:
    """Forms send every field; only those that differ count."""
    others = {
        name
        for name, value in changes.given().items()
        if name not in OF_ONE
        and value != getattr(draft, name)
        and not (name == "attendees" and _same(value, draft))
    }
    if others:
        sentence = _("This is changed for the whole series, or for this and the following occurrences.")
        raise ValidationError({name: [sentence] for name in sorted(others)})


def _same(attendees: Sequence[object], draft: MeetingDraft) -> bool:
    return set(attendees) == set(draft.attendees)


def _set(row: Occurrence, window: Window, title: str | Unset, usual_title: str) -> bool:
    """Write the row; whether its time changed."""
    is_moved = (row.starts_at, row.ends_at) != window
    if title is not KEEP:
        row.title = "" if title.strip() == usual_title else title.strip()
        row.is_override = row.is_override or bool(row.title)
    if is_moved:
        set_times(row, *window)
        row.is_override = True
        refuse_times([row])
    row.save(update_fields=["starts_at", "ends_at", "is_long", "title", "is_override"])
    return is_moved


def _settle(edit: Edit, row: Occurrence, changes: MeetingChanges, now: datetime) -> dict[int, list[int]]:
    """Its room and equipment at its time; the bookings that wait for approval, by approver."""
    bookings = active_bookings([row.pk])
    rerooming = Rerooming(
        room_id=changes.room_id,
        more=() if changes.more_room_ids is KEEP else changes.more_room_ids,
        equipment=changes.equipment,
        on_clash=changes.on_clash,
        new_style=edit.meeting.setup_style,
    )
    rooms = room_facts(rooms_to_know(bookings, rerooming))
    people = person_facts({edit.meeting.organiser_id, *(each.person_id for each in edit.attendees)})
    draft = draft_of(edit.meeting, edit.attendees)
    need = need_of(draft, people)
    chosen = changes.applied_to(draft) if changes.room_id is not KEEP else draft
    found = Findings()
    check_rooms(found, chosen, rooms, need)
    found.raise_refused()
    edit.notices += found.notices
    settled = settle_places(
        actor=edit.actor,
        occurrences=[row],
        gone=(),
        fresh=(),
        bookings=bookings,
        rerooming=replace(rerooming, site_id=site_of(chosen, rooms, people)),
        rooms=rooms,
        need=need,
        now=now,
    )
    edit.notices += settled.notices
    edit.spans += [(each.reserved_start, each.reserved_end) for each in settled.bookings]
    return approvals_of(settled.bookings, rooms)


def _change(
    edit: Edit,
    row: Occurrence,
    before: dict[str, object],
    after: dict[str, object],
    spans: Sequence[Window],
    rooms: set[int],
    approvals: dict[int, list[int]],
) -> Change:
    meeting, people = edit.meeting, people_of(edit.attendees)
    (was,), (now_is,) = before.values(), after.values()
    only_title = {**_dict(was), "title": ""} == {**_dict(now_is), "title": ""}
    grow(meeting, sequence=not only_title)
    meeting.save(update_fields=["version", "sequence"])
    return Change(
        meeting=meeting,
        action="occurrence.changed",
        before=edit.before | before,
        after=snapshot(meeting, edit.attendees) | after,
        tells=people,
        recurrence_id=row.recurrence_id,
        person_ids=people | {meeting.organiser_id},
        room_ids=rooms,
        occurrence_ids=[row.pk],
        spans=[*spans, *edit.spans],
        approvals=approvals,
    )


def _dict(value: object) -> dict[str, object]:
    assert isinstance(value, dict)
    return value
