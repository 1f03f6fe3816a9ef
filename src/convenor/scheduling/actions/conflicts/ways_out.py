"""Taking a way out: the ordinary actions, by their own rules and on their own record."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.scheduling.actions.booking import book_room, decide_booking, release_booking
from convenor.scheduling.actions.meeting import change_meeting
from convenor.scheduling.actions.move import move_occurrence
from convenor.scheduling.actions.response import respond
from convenor.scheduling.drafts import KEEP, MeetingChanges
from convenor.scheduling.enums import PartStat, Scope
from convenor.scheduling.queries.conflicts.ways_out import (
    Confirm,
    Decide,
    Decline,
    Deed,
    Move,
    Release,
    ways_out_for,
)
from convenor.scheduling.queries.meetings import occurrence_for


@action
def take_way_out(*, actor: Actor, conflict_id: int, key: str, now: datetime) -> str:
    """Do what one of `ways_out_for` says; the sentence of what was done.

    The ways are looked for once more: one that isn't open any more, or not to this actor, is refused by ValidationError.
    Raises Conflict.DoesNotExist, and what the actions raise.
    """
    way = next((each for each in ways_out_for(actor, conflict_id, now=now) if each.key == key), None)
    if way is None:
        sentence = _("This way out isn't open any more: something has changed since it was shown.")
        raise ValidationError({"way": [sentence]})
    _do(actor, way.deed, now)
    return way.effect


def _do(actor: Actor, deed: Deed, now: datetime) -> None:
    match deed:
        case Move():
            _move(actor, deed, now)
        case Decline():
            respond(
                actor=actor,
                occurrence_id=deed.occurrence_id,
                person_id=deed.person_id,
                partstat=PartStat.DECLINED,
                scope=deed.scope,
                now=now,
            )
        case Release():
            release_booking(actor=actor, booking_id=deed.booking_id)
        case Decide():
            decide_booking(actor=actor, booking_id=deed.booking_id, approve=True, now=now)
        case Confirm():
            book_room(actor=actor, occurrence_id=deed.occurrence_id, room_id=deed.room_id, now=now)


def _move(actor: Actor, move: Move, now: datetime) -> None:
    occurrence = occurrence_for(actor, move.occurrence_id)
    if (occurrence.starts_at, occurrence.ends_at) == (move.starts_at, move.ends_at):
        change_meeting(
            actor=actor,
            meeting_id=occurrence.meeting_id,
            version=move.version,
            changes=MeetingChanges(room_id=move.room_id),
            scope=Scope.ONE,
            recurrence_id=occurrence.recurrence_id,
            now=now,
        )
        return
    move_occurrence(
        actor=actor,
        occurrence_id=move.occurrence_id,
        version=move.version,
        starts_at=move.starts_at,
        ends_at=move.ends_at,
        room_id=KEEP if move.room_id is None else move.room_id,
        scope=move.scope,
        now=now,
    )
