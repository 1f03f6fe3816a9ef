"""The part of a function that is its meeting: from the function's draft to the schedule's."""

from __future__ import annotations

from typing import Any

from convenor.events.drafts import FunctionDraft
from convenor.events.enums import Confidentiality
from convenor.events.models import Event, Function
from convenor.events.rules.attendance import Parties, attendees_of
from convenor.kernel.instants import LocalTime, ZoneName, to_instant, to_local
from convenor.scheduling.drafts import MeetingChanges, MeetingDraft
from convenor.scheduling.models import Meeting

ONE_OF_SERIES = frozenset(
    {"title", "local_start", "duration_minutes", "room_id", "more_room_ids", "equipment"}
)


def is_private(event: Event) -> bool:
    return event.confidentiality >= Confidentiality.RESTRICTED


def meeting_draft(
    event: Event, draft: FunctionDraft, parties: Parties, *, is_hidden: bool = False
) -> MeetingDraft:
    """The meeting of a new function: the event's owner organises it, and nobody else's meeting pushes it aside."""
    return MeetingDraft(
        title=draft.title,
        organiser_id=event.owner_id,
        zone=event.zone,
        local_start=draft.local_start,
        duration_minutes=draft.duration_minutes,
        description=draft.abstract,
        is_private=is_hidden or is_private(event),
        is_movable=False,
        priority=event.priority,
        headcount=draft.headcount,
        setup_style=draft.setup_style,
        attendees=attendees_of(draft, parties),
        room_id=draft.room_ids[0] if draft.room_ids else None,
        more_room_ids=draft.room_ids[1:],
        equipment=draft.equipment,
    )


def meeting_changes(
    event: Event, row: Function, old: FunctionDraft, new: FunctionDraft, parties: Parties
) -> MeetingChanges:
    """What the meeting needs to become as the new draft says; the rest of it stays as it is."""
    meeting = row.occurrence.meeting
    given: dict[str, Any] = {}
    if new.title != old.title:
        given["title"] = new.title
    if (new.local_start, new.duration_minutes) != (old.local_start, old.duration_minutes):
        given["local_start"] = in_zone_of(meeting, event, new.local_start)
        given["duration_minutes"] = new.duration_minutes
    if (new.room_ids, new.headcount, new.setup_style) != (old.room_ids, old.headcount, old.setup_style):
        given["room_id"] = new.room_ids[0] if new.room_ids else None
        given["more_room_ids"] = new.room_ids[1:]
    if set(new.equipment) != set(old.equipment):
        given["equipment"] = new.equipment
    given |= {
        name: getattr(new, name)
        for name in ("headcount", "setup_style")
        if getattr(new, name) != getattr(old, name)
    }
    if new.abstract != old.abstract and meeting.description == old.abstract:
        given["description"] = new.abstract
    asked = attendees_of(new, parties)
    if asked != attendees_of(old, parties):
        given["attendees"] = asked
    return MeetingChanges(**given)


def in_zone_of(meeting: Meeting, event: Event, local: LocalTime) -> LocalTime:
    """A time of the event's clocks on the meeting's: a promoted meeting keeps its own zone."""
    if meeting.zone == event.zone:
        return local
    return to_local(to_instant(local, ZoneName(event.zone)), ZoneName(meeting.zone))
