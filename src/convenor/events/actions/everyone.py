"""Keeping the functions' meetings with their event: who is on its list, who runs it, who may know of it."""

from __future__ import annotations

from datetime import datetime

from convenor.base.actor import Actor
from convenor.events.actions.function import change_part
from convenor.events.actions.meeting_part import is_private
from convenor.events.models import Event, Function
from convenor.events.queries.functions import drafts_of, parties_of, with_meetings
from convenor.events.rules.attendance import Parties, attendees_of
from convenor.scheduling.drafts import MeetingChanges
from convenor.scheduling.enums import MeetingState, OccurrenceState


def sync_everyone(*, event: Event, actor: Actor, before: Parties, now: datetime) -> int:
    """Ask who joined the event to the functions for all, and no longer who left; how many functions that changed.

    Inside the caller's transaction, once the parties are written, with the event locked and the actor permitted to
    change it. `before` is `queries.functions.parties_of(event.pk)` from before: it tells who was asked by name.
    What is over stays as it was; a date of a series keeps the series' people.
    """
    after = parties_of(event.pk)
    if dict(before) == after:
        return 0
    rows = [row for row in _alive(event, now) if row.is_for_all and not row.occurrence.meeting.is_series]
    drafts = drafts_of(event, rows, parties=before)
    changed = 0
    for row in rows:
        asked = attendees_of(drafts[row.pk], after)
        if asked != attendees_of(drafts[row.pk], before):
            change_part(actor, event, row, MeetingChanges(attendees=asked), now)
            changed += 1
    return changed


def sync_meetings(*, event: Event, actor: Actor, now: datetime) -> int:
    """Give the functions' meetings the event's coordinator, priority and confidentiality; how many changed.

    Inside the caller's transaction, as sync_everyone. For `change_event`.
    """
    changed = 0
    for row in _alive(event, now):
        meeting = row.occurrence.meeting
        if meeting.is_series:
            continue
        wanted = MeetingChanges(
            organiser_id=event.owner_id, priority=event.priority, is_private=is_private(event)
        )
        if any(getattr(meeting, name) != value for name, value in wanted.given().items()):
            change_part(actor, event, row, wanted, now)
            changed += 1
    return changed


def _alive(event: Event, now: datetime) -> list[Function]:
    rows = with_meetings().filter(event=event, occurrence__ends_at__gt=now)
    alive = rows.filter(occurrence__state=OccurrenceState.SCHEDULED)
    return list(alive.exclude(occurrence__meeting__state=MeetingState.CANCELLED))
