"""Opening many meetings for one change: locked in one order, permitted each, as they were before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base.actor import Actor
from convenor.base.permissions import require
from convenor.base.updating import update_rows
from convenor.scheduling.actions.creation import need_of
from convenor.scheduling.actions.editing import (
    Edit,
    active_bookings,
    draft_of,
    grow,
    occurrence_snapshot,
)
from convenor.scheduling.actions.record import REQUEST, Change, people_of, put_on_record, snapshot
from convenor.scheduling.drafts import Notice
from convenor.scheduling.enums import MeetingState, OccurrenceState
from convenor.scheduling.models import Attendee, Booking, Meeting, Occurrence
from convenor.scheduling.permissions import in_the_name_of
from convenor.scheduling.queries.facts import PersonFacts, person_facts
from convenor.scheduling.queries.meetings import meetings_seen_by
from convenor.scheduling.rules.room import RoomNeed

MEETING = ("version", "sequence", "state", "local_start", "duration_minutes", "exdates")
OCCURRENCE = ("recurrence_id", "starts_at", "ends_at", "is_long", "is_override", "state")


@dataclass(frozen=True, slots=True)
class Done:
    """How many meetings were changed, how many bookings made or moved, and what the user is told."""

    meetings: int = 0
    bookings: int = 0
    notices: tuple[Notice, ...] = ()


@dataclass(slots=True)
class Part:
    """One occurrence under change, with the meeting that it is of and the bookings that it has or had."""

    edit: Edit
    row: Occurrence
    bookings: list[Booking]
    was: dict[str, Any]
    spans: list[tuple[Any, Any]] = field(default_factory=list)

    @property
    def room_ids(self) -> list[int]:
        return [each.room_id for each in self.bookings if each.room_id]


def open_together(
    actor: Actor, occurrence_ids: Collection[int], verb: str = "meeting.edit", *, called_off: bool = False
) -> list[Part]:
    """Lock the meetings of these occurrences; in order of start. Five queries, however many there are.

    `called_off` asks for occurrences that don't take place, instead of those that do. Raises
    Meeting.DoesNotExist, Refused, and ValidationError for those that aren't as asked for.
    """
    keys = sorted(set(occurrence_ids))
    of = set(Occurrence.objects.filter(pk__among=keys).values_list("meeting_id", flat=True))
    edits = _edits(actor, of, verb)
    rows = list(Occurrence.objects.filter(pk__among=keys).order_by("starts_at", "pk"))
    if len(rows) < len(keys) or of - edits.keys() or {row.meeting_id for row in rows} - edits.keys():
        raise Meeting.DoesNotExist
    _check_states(rows, edits, called_off=called_off)
    bookings: dict[int, list[Booking]] = defaultdict(list)
    for each in () if called_off else active_bookings(keys):
        bookings[each.occurrence_id].append(each)
    return [_part(edits[row.meeting_id], row, bookings[row.pk]) for row in rows]


def _edits(actor: Actor, meeting_ids: Collection[int], verb: str) -> dict[int, Edit]:
    seen = meetings_seen_by(actor).select_related("organiser").filter(pk__among=sorted(meeting_ids))
    # By key, so that two changes of the same meetings queue instead of deadlocking
    meetings = list(seen.order_by("pk").select_for_update(no_key=True, of=("self",)))
    attendees: dict[int, list[Attendee]] = defaultdict(list)
    for each in Attendee.objects.filter(meeting__among=sorted(meeting_ids)).order_by("pk"):
        attendees[each.meeting_id].append(each)
    named: dict[int, Actor] = {}
    edits: dict[int, Edit] = {}
    for meeting in meetings:
        require(actor, verb, meeting)
        key = meeting.organiser_id
        named.setdefault(key, in_the_name_of(actor, key, meeting.organiser.name))
        people = attendees[meeting.pk]
        edits[meeting.pk] = Edit(named[key], meeting, people, snapshot(meeting, people))
    return edits


def _check_states(rows: Sequence[Occurrence], edits: Mapping[int, Edit], *, called_off: bool) -> None:
    wrong = [
        row.title or edits[row.meeting_id].meeting.title
        for row in rows
        if _is_off(row, edits[row.meeting_id].meeting) != called_off
    ]
    if not wrong:
        return
    sentence = (
        _("“%(title)s” takes place and needn't be taken up again.")
        if called_off
        else _("“%(title)s” is cancelled and can't be changed any more.")
    )
    raise ValidationError({"state": [sentence % {"title": title} for title in wrong]})


def _is_off(row: Occurrence, meeting: Meeting) -> bool:
    return row.state == OccurrenceState.CANCELLED or meeting.state == MeetingState.CANCELLED


def _part(edit: Edit, row: Occurrence, bookings: list[Booking]) -> Part:
    row.meeting = edit.meeting
    part = Part(edit, row, bookings, {})
    part.was = occurrence_snapshot(row, part.room_ids) if edit.meeting.is_series else {}
    part.spans = [
        (row.starts_at, row.ends_at),
        *((each.reserved_start, each.reserved_end) for each in bookings),
    ]
    return part


def needs_of(parts: Sequence[Part]) -> dict[int, RoomNeed]:
    """What each meeting asks of a room, by the meeting's key. One query."""
    people: Mapping[int, PersonFacts] = person_facts(
        {person for part in parts for person in people_of(part.edit.attendees)}
    )
    edits = {part.edit.meeting.pk: part.edit for part in parts}
    return {key: need_of(draft_of(each.meeting, each.attendees), people) for key, each in edits.items()}


def changes_of(
    parts: Sequence[Part],
    verb: str,
    rooms_after: Mapping[int, Sequence[int]],
    approvals: Mapping[int, Mapping[int, Collection[int]]] | None = None,
    *,
    method: str = REQUEST,
) -> list[Change]:
    """Let every meeting grow and say what goes on record of it; `verb` is what becomes of it: "changed", "cancelled".

    `rooms_after` and `approvals` (account to bookings) are by occurrence.
    """
    made: list[Change] = []
    for part in parts:
        meeting, row, edit = part.edit.meeting, part.row, part.edit
        rooms = sorted(rooms_after.get(row.pk, ()))
        was_proposal = edit.before["state"] == MeetingState.TENTATIVE and method != REQUEST
        before = {**edit.before, **part.was}
        if not meeting.is_series:
            before["rooms"] = sorted(set(part.room_ids))
        grow(meeting, sequence=True)
        base = snapshot(meeting, edit.attendees, () if meeting.is_series else rooms)
        after = {**base, **(occurrence_snapshot(row, rooms) if meeting.is_series else {})}
        people = people_of(edit.attendees)
        made.append(
            Change(
                meeting=meeting,
                action=f"{'occurrence' if meeting.is_series else 'meeting'}.{verb}",
                before=before,
                after=after,
                tells=() if was_proposal else people,  # nobody was ever asked
                method=method,
                recurrence_id=row.recurrence_id if meeting.is_series else None,
                person_ids=people | {meeting.organiser_id},
                room_ids={*part.room_ids, *rooms},
                occurrence_ids=[row.pk],
                spans=[*part.spans, (row.starts_at, row.ends_at)],
                approvals=(approvals or {}).get(row.pk, {}),
            )
        )
        edit.before = {**base, "rooms": []}  # a second date of the same series starts from here
    return made


def write(parts: Sequence[Part]) -> None:
    """Save the occurrences and their meetings as they are now."""
    update_rows([part.row for part in parts], OCCURRENCE)


def write_meetings(parts: Sequence[Part]) -> None:
    """Last, once every change has let its meeting grow."""
    meetings = {part.edit.meeting.pk: part.edit.meeting for part in parts}
    update_rows(list(meetings.values()), MEETING)


def record_together(parts: Sequence[Part], changes: Sequence[Change]) -> None:
    """Put on record, in each principal's name what is done in it."""
    by_actor: dict[int | None, tuple[Actor, list[Change]]] = {}
    for part, change in zip(parts, changes, strict=True):
        actor = part.edit.actor
        by_actor.setdefault(actor.on_behalf_of, (actor, []))[1].append(change)
    for actor, each in by_actor.values():
        put_on_record(actor, each)
