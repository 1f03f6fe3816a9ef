"""Opening a meeting for change: may the actor, is it still as they saw it, how was it before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base.actor import Actor
from convenor.base.permissions import require
from convenor.scheduling.actions.record import snapshot
from convenor.scheduling.actions.slots import locals_of
from convenor.scheduling.drafts import AttendeeDraft, MeetingDraft, Notice
from convenor.scheduling.enums import AttendeeRole, BookingState, MeetingState, OccurrenceState
from convenor.scheduling.models import Attendee, Booking, Meeting, Occurrence
from convenor.scheduling.permissions import in_the_name_of
from convenor.scheduling.queries.differences import OCCURRENCE, differences_since
from convenor.scheduling.queries.meetings import meetings_seen_by
from convenor.scheduling.refusals import StaleVersion

Window = tuple[datetime, datetime]


@dataclass(slots=True)
class Edit:
    """A locked meeting under change, with what will have to go on record of it."""

    actor: Actor
    meeting: Meeting
    attendees: list[Attendee]
    before: dict[str, Any]
    notices: list[Notice] = field(default_factory=list)
    spans: list[Window] = field(default_factory=list)
    occurrence_ids: set[int] = field(default_factory=set)
    room_ids: set[int] = field(default_factory=set)


def open_edit(actor: Actor, meeting_id: int, version: int | None, verb: str = "meeting.edit") -> Edit:
    """Lock the meeting; `version` None is for changes that don't replace what somebody saw.

    Raises Meeting.DoesNotExist, Refused, StaleVersion, and ValidationError for a meeting that is cancelled.
    """
    rows = meetings_seen_by(actor).select_related("organiser")
    meeting = rows.select_for_update(no_key=True, of=("self",)).get(pk=meeting_id)
    require(actor, verb, meeting)
    if version is not None and version != meeting.version:
        raise StaleVersion(meeting, differences_since(meeting, version))
    if meeting.state == MeetingState.CANCELLED:
        sentence = _("“%(title)s” is cancelled and can't be changed any more.")
        raise ValidationError({"state": [sentence % {"title": meeting.title}]})
    attendees = list(meeting.attendees.order_by("pk"))
    named = in_the_name_of(actor, meeting.organiser_id, meeting.organiser.name)
    return Edit(named, meeting, attendees, snapshot(meeting, attendees))


def grow(meeting: Meeting, *, sequence: bool) -> None:
    """Every change makes a new version; SEQUENCE grows only with time, rule, place and cancellation (RFC 5546 §2.1.4)."""
    meeting.version += 1
    meeting.sequence += int(sequence)


def live_occurrences(meeting: Meeting, now: datetime) -> list[Occurrence]:
    """What a change of rooms or people touches: scheduled and not over yet; of a meeting without a series its one, whenever it is."""
    rows = meeting.occurrences.filter(state=OccurrenceState.SCHEDULED)
    if meeting.is_series:
        rows = rows.filter(ends_at__gt=now)
    return list(rows.order_by("starts_at", "pk"))


def active_bookings(occurrences: Collection[int]) -> list[Booking]:
    rows = Booking.objects.filter(occurrence__among=occurrences).exclude(state=BookingState.RELEASED)
    return list(rows.order_by("pk"))


def occurrence_snapshot(row: Occurrence, room_ids: Sequence[int] = ()) -> dict[str, Any]:
    """One occurrence as the meeting's audit entry has it."""
    facts = {
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "state": row.state,
        "title": row.title,
        "rooms": sorted(room_ids),
    }
    return {f"{OCCURRENCE}{row.recurrence_id.isoformat()}": facts}


def draft_of(meeting: Meeting, attendees: Sequence[Attendee]) -> MeetingDraft:
    """The meeting as a draft, to be checked with a change applied; rooms and equipment stay with the bookings."""
    return MeetingDraft(
        title=meeting.title,
        organiser_id=meeting.organiser_id,
        zone=meeting.zone,
        local_start=meeting.local_start,
        duration_minutes=meeting.duration_minutes,
        all_day=meeting.all_day,
        description=meeting.description,
        location=meeting.location,
        is_private=meeting.is_private,
        shows_as_busy=meeting.shows_as_busy,
        is_movable=meeting.is_movable,
        priority=meeting.priority,
        headcount=meeting.headcount,
        setup_style=meeting.setup_style,
        equipment_needed=meeting.equipment_needed,
        rrule=meeting.rrule,
        rdates=locals_of(meeting.rdates),
        exdates=locals_of(meeting.exdates),
        attendees=tuple(AttendeeDraft(each.person_id, AttendeeRole(each.role)) for each in attendees),
        uid=meeting.uid,
        sequence=meeting.sequence,
        state=MeetingState(meeting.state),
        source_id=meeting.source_id,
    )
