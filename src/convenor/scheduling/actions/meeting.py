"""Creating, changing, cancelling and confirming meetings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.kernel.instants import LocalTime
from convenor.scheduling.actions.cancelling import cancel_following, cancel_one, cancel_whole
from convenor.scheduling.actions.changing import change_whole
from convenor.scheduling.actions.creation import book, change_of, insert, plans_of
from convenor.scheduling.actions.editing import Edit, grow, open_edit
from convenor.scheduling.actions.one import change_one, occurrence_in, window_of
from convenor.scheduling.actions.record import Change, people_of, put_on_record, snapshot
from convenor.scheduling.actions.splitting import split, told_of_split
from convenor.scheduling.drafts import MeetingChanges, MeetingDraft
from convenor.scheduling.enums import MeetingState, OccurrenceState, Scope
from convenor.scheduling.models import Occurrence
from convenor.scheduling.queries.collisions import collisions_of
from convenor.scheduling.saved import Saved


@action
def create_meeting(*, actor: Actor, draft: MeetingDraft, now: datetime) -> Saved:
    """Make the meeting with its occurrences up to the horizon, its room and its equipment.

    In the organiser's name if the actor is their delegate who may act; tentative, to be confirmed by
    them, if the actor may only propose. `collisions` are attendees who are busy then: no reason to refuse.
    Raises ValidationError by field, RoomClashes with the best other room for each date (then nothing
    is made: call again with `on_clash` saying what to do on each), Refused.
    """
    (plan,) = plans_of(actor, [draft], now)
    insert([plan])
    collisions = collisions_of(plan.occurrences, [each.person_id for each in plan.attendees])
    book(plan, now)
    put_on_record(plan.actor, [change_of(plan)])
    return Saved(plan.meeting, tuple(plan.notices), collisions)


@action
def create_meetings(*, actor: Actor, drafts: Sequence[MeetingDraft], now: datetime) -> list[Saved]:
    """Many meetings in one transaction, as an import or the demo makes them; looks for no collisions.

    Raises as create_meeting, for the first that can't be; then none is made.
    """
    plans = plans_of(actor, drafts, now)
    insert(plans)
    for plan in plans:
        book(plan, now)
    by_actor = {id(plan.actor): plan.actor for plan in plans}
    for key, each in by_actor.items():
        put_on_record(each, [change_of(plan) for plan in plans if id(plan.actor) == key])
    return [Saved(plan.meeting, tuple(plan.notices)) for plan in plans]


@action
def change_meeting(
    *,
    actor: Actor,
    meeting_id: int,
    version: int,
    changes: MeetingChanges,
    scope: Scope = Scope.ALL,
    recurrence_id: LocalTime | None = None,
    now: datetime,
) -> Saved:
    """Change one occurrence, this and the following, or all that aren't over; `recurrence_id` says which "this" is.

    Fields given as they are count as not given. A meeting without a series is always changed whole.
    One occurrence can get a time, a title, a room and equipment of its own, and keeps time and title
    when the series changes; what finds no place in the changed series is told in `notices`.
    A start of "following" or "all" is the first one of that part: the rest moves by as much.
    Raises StaleVersion with what others changed, RoomClashes (call again with `on_clash`, keyed by the new
    recurrence ids), ValidationError, Refused, DoesNotExist.
    """
    edit = open_edit(actor, meeting_id, version)
    if scope == Scope.ONE and edit.meeting.is_series:
        row = occurrence_in(edit, recurrence_id)
        made = change_one(edit, row, window_of(edit.meeting, row, changes), changes, now)
        return saved(edit, made)
    if scope == Scope.FOLLOWING and edit.meeting.is_series:
        return change_following(edit, occurrence_in(edit, recurrence_id), changes, now)
    return saved(edit, change_whole(edit, changes, now))


def change_following(edit: Edit, row: Occurrence, changes: MeetingChanges, now: datetime) -> Saved:
    """Split the series before the occurrence and change the second part."""
    parts = split(edit, row.recurrence_id, now)
    if parts is None:
        return saved(edit, change_whole(edit, changes, now))
    at_split = parts.tail.before
    made = told_of_split(parts.tail, dict(at_split), change_whole(parts.tail, changes, now))
    result = saved(parts.tail, [parts.head, *made])
    return replace(result, meeting=edit.meeting, continuation=parts.tail.meeting)


def saved(edit: Edit, made: list[Change]) -> Saved:
    """Put the changes on record and answer, with who collides in what was changed."""
    put_on_record(edit.actor, made)
    keys = [key for change in made for key in change.occurrence_ids]
    rows = Occurrence.objects.filter(pk__among=keys, state=OccurrenceState.SCHEDULED).order_by("starts_at")
    collisions = collisions_of(list(rows), [each.person_id for each in edit.attendees]) if keys else ()
    return Saved(edit.meeting, tuple(edit.notices), collisions)


@action
def cancel_meeting(
    *,
    actor: Actor,
    meeting_id: int,
    version: int,
    scope: Scope = Scope.ALL,
    recurrence_id: LocalTime | None = None,
    now: datetime,
) -> Saved:
    """Cancel one occurrence, this and the following, or the meeting; rooms are let go, what is over stays.

    Raises as change_meeting.
    """
    edit = open_edit(actor, meeting_id, version, "meeting.cancel")
    if not edit.meeting.is_series or scope == Scope.ALL:
        change = cancel_whole(edit, now)
    elif scope == Scope.ONE:
        change = cancel_one(edit, recurrence_id)
    else:
        change = cancel_following(edit, occurrence_in(edit, recurrence_id).recurrence_id, now)
    put_on_record(edit.actor, [change])
    return Saved(edit.meeting)


@action
def confirm_meeting(*, actor: Actor, meeting_id: int, version: int) -> Saved:
    """Make a proposed meeting a real one: everybody is invited now. To turn it down, cancel it. Raises as change_meeting."""
    edit = open_edit(actor, meeting_id, version, "meeting.confirm")
    if edit.meeting.state == MeetingState.TENTATIVE:
        put_on_record(edit.actor, [confirmed(edit)])
    return Saved(edit.meeting)


def confirmed(edit: Edit) -> Change:
    meeting, people = edit.meeting, people_of(edit.attendees)
    meeting.state = MeetingState.CONFIRMED
    grow(meeting, sequence=True)
    meeting.save(update_fields=["state", "version", "sequence"])
    return Change(
        meeting=meeting,
        action="meeting.confirmed",
        before=edit.before,
        after=snapshot(meeting, edit.attendees),
        tells=people,
    )
