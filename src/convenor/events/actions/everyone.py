"""Keeping the functions' meetings with their event: who is on its list, who runs it, who may know of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from convenor.base.actor import Actor
from convenor.events.actions.function import change_part
from convenor.events.actions.meeting_part import is_private
from convenor.events.models import Event, Function
from convenor.events.queries.functions import drafts_of, parties_of, with_meetings
from convenor.events.rules.attendance import Parties, attendees_of
from convenor.scheduling.drafts import MeetingChanges
from convenor.scheduling.enums import MeetingState, OccurrenceState
from convenor.scheduling.models import Meeting


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


@dataclass(frozen=True, slots=True)
class Running:
    """What the meetings of an event's functions repeat of it."""

    owner_id: int
    priority: int
    is_private: bool


def running_of(event: Event) -> Running:
    return Running(event.owner_id, event.priority, is_private(event))


def sync_meetings(*, event: Event, actor: Actor, before: Running, now: datetime) -> int:
    """Give the functions' meetings the event's coordinator, priority and confidentiality; how many changed.

    Only what was as the event was `before` follows it: a function that somebody made private, or gave to somebody else,
    stays so. Inside the caller's transaction, as sync_everyone. For `change_event`.
    """
    after = running_of(event)
    return sum(_follow(event, actor, row, before, after, now) for row in _alive(event, now))


def sync_resumed(*, event: Event, actor: Actor, before: Mapping[int, Running], now: datetime) -> int:
    """As sync_meetings, for what was called off while the event changed; `before` is by the function's key."""
    after = running_of(event)
    if all(each == after for each in before.values()):
        return 0
    rows = [row for row in _alive(event, now) if row.pk in before]
    return sum(_follow(event, actor, row, before[row.pk], after, now) for row in rows)


def _follow(
    event: Event, actor: Actor, row: Function, before: Running, after: Running, now: datetime
) -> bool:
    meeting = row.occurrence.meeting
    if meeting.is_series or not (wanted := _wanted(meeting, before, after)):
        return False
    change_part(actor, event, row, MeetingChanges(**wanted), now)
    return True


def _wanted(meeting: Meeting, before: Running, after: Running) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    if before.owner_id != after.owner_id and meeting.organiser_id == before.owner_id:
        wanted["organiser_id"] = after.owner_id
    if before.priority != after.priority and meeting.priority == before.priority:
        wanted["priority"] = after.priority
    if after.is_private not in {before.is_private, meeting.is_private}:
        wanted["is_private"] = after.is_private
    return wanted


def _alive(event: Event, now: datetime) -> list[Function]:
    rows = with_meetings().filter(event=event, occurrence__ends_at__gt=now)
    alive = rows.filter(occurrence__state=OccurrenceState.SCHEDULED)
    return list(alive.exclude(occurrence__meeting__state=MeetingState.CANCELLED))
