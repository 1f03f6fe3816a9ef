"""A meeting that comes in again, changed: the ordinary changes, so that what was overridden here survives."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from convenor.base.actor import Actor
from convenor.base.permissions import require
from convenor.base.transactions import action
from convenor.kernel.instants import LocalTime, ZoneName, instant_of, to_local
from convenor.scheduling.actions.editing import draft_of
from convenor.scheduling.actions.meeting import cancel_meeting, change_meeting
from convenor.scheduling.drafts import (
    KEEP,
    AttendeeDraft,
    MeetingChanges,
    MeetingDraft,
    Notice,
    OverrideDraft,
)
from convenor.scheduling.enums import AttendeeRole, OccurrenceState, Scope
from convenor.scheduling.models import Meeting, Occurrence
from convenor.scheduling.queries.meetings import meeting_for
from convenor.scheduling.refusals import RoomClashes
from convenor.scheduling.rules.wording import day
from convenor.scheduling.saved import Saved

# What an event says; priority, headcount, set-up and equipment are ours alone and stay.
SAID = frozenset(
    {
        *("title", "organiser_id", "zone", "local_start", "duration_minutes", "all_day", "description"),
        *("location", "is_private", "shows_as_busy", "rrule", "rdates", "exdates", "attendees"),
    }
)


@dataclass(frozen=True, slots=True)
class Reimported:
    """Whether anything changed, and what the reader is told."""

    changed: bool
    notices: tuple[Notice, ...] = ()


@action
def change_imported(*, actor: Actor, meeting_id: int, draft: MeetingDraft, now: datetime) -> Reimported:
    """Make the meeting what its event says now; `draft` is what it would be if it were new.

    Where a room clashes the date goes without it, with a notice. Raises as change_meeting.
    """
    require(actor, "calendar.import")
    meeting = meeting_for(actor, meeting_id)
    version = meeting.version
    changes = _changes(meeting, draft)
    saved = _change(actor, meeting, changes, Scope.ALL, None, now)
    notices = list(saved.notices)
    for override in draft.overrides:
        notices += _override(actor, meeting_id, override, now)
    meeting.refresh_from_db(fields=["version"])
    Meeting.objects.filter(pk=meeting_id).update(
        source_hash=draft.source_hash, sequence=draft.sequence, source=draft.source_id
    )
    return Reimported(meeting.version != version, tuple(notices))


@action
def cancel_imported(*, actor: Actor, meeting_id: int, sequence: int, source_hash: str, now: datetime) -> None:
    """The event was cancelled where it comes from. Raises as cancel_meeting."""
    require(actor, "calendar.import")
    meeting = meeting_for(actor, meeting_id)
    cancel_meeting(actor=actor, meeting_id=meeting_id, version=meeting.version, now=now)
    Meeting.objects.filter(pk=meeting_id).update(source_hash=source_hash, sequence=sequence)


def _changes(meeting: Meeting, draft: MeetingDraft) -> MeetingChanges:
    old = draft_of(meeting, list(meeting.attendees.order_by("pk")))
    given: dict[str, Any] = {
        name: value
        for name in (each.name for each in fields(MeetingChanges))
        if name in SAID and (value := getattr(draft, name)) != getattr(old, name)
    }
    if "attendees" in given and _roles(draft.attendees) == _roles(old.attendees):
        del given["attendees"]
    if "location" in given:  # the room came from there
        given["room_id"] = draft.room_id
    if {"local_start", "zone", "duration_minutes"} & given.keys():
        given["rrule"] = draft.rrule  # as the event says it, not shifted from the old one
    return MeetingChanges(**given)


def _roles(attendees: tuple[AttendeeDraft, ...]) -> dict[int, AttendeeRole]:
    return {each.person_id: each.role for each in attendees}


def _change(
    actor: Actor,
    meeting: Meeting,
    changes: MeetingChanges,
    scope: Scope,
    recurrence_id: LocalTime | None,
    now: datetime,
) -> Saved:
    """Change it; where rooms clash, once more without a room on those dates."""
    version = Meeting.objects.values_list("version", flat=True).get(pk=meeting.pk)
    where: dict[str, Any] = {"meeting_id": meeting.pk, "scope": scope, "recurrence_id": recurrence_id}
    try:
        return change_meeting(actor=actor, version=version, changes=changes, now=now, **where)
    except RoomClashes as clashing:
        clashes = clashing.clashes
    without = MeetingChanges(**changes.given(), on_clash={each.recurrence_id: None for each in clashes})
    saved = change_meeting(actor=actor, version=version, changes=without, now=now, **where)
    told = [
        Notice("room_clash", f"{day(each.recurrence_id)}: {each.sentence}", "room_id") for each in clashes
    ]
    return Saved(saved.meeting, (*saved.notices, *told), saved.collisions)


def _override(actor: Actor, meeting_id: int, override: OverrideDraft, now: datetime) -> list[Notice]:
    """Give one occurrence the times and the title that the file says; one that isn't there any more is passed over."""
    meeting = meeting_for(actor, meeting_id)
    rows = Occurrence.objects.filter(meeting=meeting, recurrence_id=override.recurrence_id)
    row = rows.exclude(state=OccurrenceState.CANCELLED).first()
    title = override.title or meeting.title
    if row is None or (row.starts_at, row.ends_at, row.title or meeting.title) == (
        override.starts_at,
        override.ends_at,
        title,
    ):
        return []
    zone = ZoneName(meeting.zone)
    start, end = (to_local(instant_of(each), zone) for each in (override.starts_at, override.ends_at))
    lasts = end - start if meeting.all_day else override.ends_at - override.starts_at
    moves = (row.starts_at, row.ends_at) != (override.starts_at, override.ends_at)
    changes = MeetingChanges(
        title=title,
        local_start=start if moves else KEEP,
        duration_minutes=max(1, int(lasts.total_seconds()) // 60) if moves else KEEP,
    )
    try:
        return list(_change(actor, meeting, changes, Scope.ONE, override.recurrence_id, now).notices)
    except ValidationError as error:
        return [Notice("override", f"{day(override.recurrence_id)}: {' '.join(error.messages)}", "rrule")]
