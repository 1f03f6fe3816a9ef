"""Every change of the schedule leaves the same three traces, in its own transaction: the audit log,
the message to those concerned, and the scope to be looked at again for conflicts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from convenor.base import audit, clock, outbox
from convenor.base.actor import Actor
from convenor.kernel.instants import LocalTime, Span, instant_of
from convenor.scheduling import registry
from convenor.scheduling.enums import AttendeeRole, MeetingState
from convenor.scheduling.models import Attendee, Meeting
from convenor.scheduling.staleness import Scope, note_all_stale

INVITATION, PROPOSAL, APPROVAL, REPLY = "invitation", "proposal", "approval", "reply"
REQUEST, CANCEL = "REQUEST", "CANCEL"  # RFC 5546 §3.2
FIELDS = (
    *("uid", "sequence", "version", "title", "description", "location", "organiser", "state", "zone"),
    *("local_start", "duration_minutes", "all_day", "is_private", "shows_as_busy", "is_movable", "priority"),
    *("headcount", "setup_style", "equipment_needed", "rrule", "rdates", "exdates"),
)


FORTNIGHT = 14 * 24 * 3600  # seconds


@dataclass(slots=True)
class Change:
    """One change of one meeting. `tells` are the people to be told of it; nobody, where nothing outward changed.

    `before` and `after` are snapshots; without an `action` it only tells people. `recurrence_id` is of the one occurrence that it is about.
    """

    meeting: Meeting
    action: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]
    tells: Collection[int] = ()
    method: str = REQUEST
    recurrence_id: LocalTime | None = None
    person_ids: Collection[int] = ()
    room_ids: Collection[int] = ()
    site_ids: Collection[int] = ()
    occurrence_ids: Collection[int] = ()
    spans: Sequence[tuple[datetime, datetime]] = ()
    approvals: Mapping[int, Collection[int]] = field(default_factory=dict)  # account: its bookings to decide


def put_on_record(actor: Actor, changes: Sequence[Change]) -> None:
    """Three statements, however many changes, and what the followers need; the meetings' versions must have grown already."""
    audit.record_all(
        audit.entry(actor=actor, action=each.action, obj=each.meeting, before=each.before, after=each.after)
        for each in changes
        if each.action
    )
    if messages := [message for each in changes for message in _messages(actor, each)]:
        outbox.put_all(messages)
    note_all_stale(_gathered([scope for each in changes if (scope := _scope(each))]))
    _let_follow(actor, changes)


def _let_follow(actor: Actor, changes: Sequence[Change]) -> None:
    meetings = {each.meeting.pk for each in changes}
    occurrences = {key for each in changes for key in each.occurrence_ids}
    for follow in registry.change_followers if meetings else ():
        follow(actor, meetings, occurrences)


def snapshot(meeting: Meeting, attendees: Iterable[Attendee], room_ids: Iterable[int] = ()) -> dict[str, Any]:
    """The meeting as it goes on record: its columns, who is asked as what, and its rooms."""
    people = {str(each.person_id): each.role for each in attendees}
    return {**audit.snapshot(meeting, FIELDS), "attendees": people, "rooms": sorted(set(room_ids))}


def _scope(change: Change) -> Scope | None:
    if not change.spans:
        return None
    start, end = min(start for start, _ in change.spans), max(end for _, end in change.spans)
    return Scope(
        person_ids=change.person_ids,
        room_ids=change.room_ids,
        occurrence_ids=change.occurrence_ids,
        site_ids=change.site_ids,
        span=Span(instant_of(start), instant_of(end)),
    )


def _gathered(scopes: Sequence[Scope]) -> list[Scope]:
    """Those that name their occurrences, and together take no more than a fortnight, in one.

    Whoever looks again takes a hundred at a time and looks at all of their time; what names no occurrence is looked at more widely.
    """
    found: list[list[Scope]] = [[scope] for scope in scopes if not scope.occurrence_ids]
    for scope in sorted((each for each in scopes if each.occurrence_ids), key=lambda each: each.span):
        if found and found[-1][0].occurrence_ids and scope.span.end - found[-1][0].span.start <= FORTNIGHT:
            found[-1].append(scope)
        else:
            found.append([scope])
    return [_one(each) for each in found]


def _one(scopes: Sequence[Scope]) -> Scope:
    if len(scopes) == 1:
        return scopes[0]
    return Scope(
        person_ids={key for each in scopes for key in each.person_ids},
        room_ids={key for each in scopes for key in each.room_ids},
        occurrence_ids={key for each in scopes for key in each.occurrence_ids},
        site_ids={key for each in scopes for key in each.site_ids},
        span=Span(scopes[0].span.start, max(each.span.end for each in scopes)),
    )


def _messages(actor: Actor, change: Change) -> Iterable[outbox.Message]:
    """An imported meeting's guests hear from the calendar it came from; a proposal goes to its principal alone.

    Invitations wait a little: who delivers one tells what is so by then, and what was told is not told again.
    """
    meeting = change.meeting
    for account, bookings in sorted(change.approvals.items()):
        payload = {"meeting_id": meeting.pk, "user_id": account, "booking_ids": sorted(bookings)}
        yield outbox.Message(kind=APPROVAL, key=_key(change, [account]), payload=payload)
    if meeting.source_id is not None:
        return
    if meeting.state == MeetingState.TENTATIVE:
        payload = {"meeting_id": meeting.pk, "person_id": meeting.organiser_id, "proposed_by": actor.user_id}
        yield outbox.Message(kind=PROPOSAL, key=_key(change, [meeting.organiser_id]), payload=payload)
    elif told := sorted(set(change.tells) - {meeting.organiser_id}):
        payload, run_at = (
            _invitation(change, told),
            clock.now() + timedelta(seconds=settings.INVITATION_DELAY),
        )
        yield outbox.Message(kind=INVITATION, key=_key(change, told), payload=payload, run_at=run_at)


def _invitation(change: Change, told: Sequence[int]) -> dict[str, Any]:
    recurrence_id = change.recurrence_id
    return {
        "method": change.method,
        "meeting_id": change.meeting.pk,
        "uid": change.meeting.uid,
        "sequence": change.meeting.sequence,
        "recurrence_id": recurrence_id.isoformat() if recurrence_id else None,
        "person_ids": list(told),
    }


def _key(change: Change, told: Sequence[int]) -> str:
    """One message for one version of a meeting to one set of people; the UID may be longer than a key."""
    meeting = change.meeting
    rid = change.recurrence_id.isoformat() if change.recurrence_id else ""
    facts = f"{meeting.uid}\n{meeting.sequence}\n{rid}\n{','.join(map(str, told))}"
    digest = hashlib.blake2b(facts.encode("utf-8"), digest_size=16).hexdigest()
    return f"{meeting.pk}:{meeting.version}:{meeting.sequence}:{change.method}:{digest}"


def people_of(attendees: Iterable[Attendee]) -> set[int]:
    """Whom a change concerns: all but those who stand for a thing."""
    return {each.person_id for each in attendees if each.role != AttendeeRole.RESOURCE}
