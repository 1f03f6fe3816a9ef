"""Taking the room of a meeting that matters less, which gets a new place in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.permissions import require
from convenor.base.transactions import action
from convenor.scheduling.actions.editing import open_edit
from convenor.scheduling.actions.move import move_occurrence, moved
from convenor.scheduling.actions.one import occurrence_in
from convenor.scheduling.drafts import MeetingChanges
from convenor.scheduling.enums import BookingState, Scope
from convenor.scheduling.models import Occurrence
from convenor.scheduling.queries.displacing import blockers_of, standings_of
from convenor.scheduling.queries.facts import room_facts
from convenor.scheduling.queries.meetings import occurrence_for
from convenor.scheduling.rules.displacing import may_displace
from convenor.scheduling.rules.draft import check_span
from convenor.scheduling.rules.findings import Findings
from convenor.scheduling.rules.room import RoomFacts
from convenor.scheduling.saved import Saved
from convenor.scheduling.sentences.displacing import verdict_sentence


@dataclass(frozen=True, slots=True)
class NewPlace:
    """Where a displaced occurrence goes: aware instants, a room or none; `version` is its meeting's as it was seen."""

    occurrence_id: int
    version: int
    starts_at: datetime
    ends_at: datetime
    room_id: int | None


@action
def displace(
    *, actor: Actor, occurrence_id: int, version: int, room_id: int, places: Sequence[NewPlace], now: datetime
) -> Saved:
    """Give the occurrence this room at its own time, and every meeting that has it then the place chosen for it.

    All or nothing. Raises ValidationError where a meeting in the way has no new place or may not be displaced,
    RoomClashes where a place has been taken meanwhile, StaleVersion, Refused, DoesNotExist.
    """
    ours = occurrence_for(actor, occurrence_id)
    require(actor, "meeting.edit", ours.meeting)
    room = room_facts([room_id]).get(room_id)
    if room is None:
        raise ValidationError({"room_id": [_("There is no such room.")]})
    blockers = {row.pk: row for row in blockers_of(ours, room, now)}
    _check_all_placed(blockers, places)
    _check_verdicts(ours, list(blockers.values()), now)
    for place in places:
        if place.occurrence_id in blockers:
            _move_away(actor, ours, room, blockers[place.occurrence_id], place, now)
    return move_occurrence(
        actor=actor,
        occurrence_id=occurrence_id,
        version=version,
        starts_at=ours.starts_at,
        ends_at=ours.ends_at,
        room_id=room_id,
        now=now,
    )


def _check_all_placed(blockers: Mapping[int, Occurrence], places: Sequence[NewPlace]) -> None:
    if blockers.keys() - {place.occurrence_id for place in places}:
        sentence = _("Choose a new place for every meeting that has the room then.")
        raise ValidationError({"places": [sentence]})


def _check_verdicts(ours: Occurrence, blockers: Sequence[Occurrence], now: datetime) -> None:
    standings = standings_of([ours, *blockers])
    for row in blockers:
        verdict = may_displace(standings[ours.pk], standings[row.pk], now)
        if not verdict.may:
            raise ValidationError({"places": [verdict_sentence(verdict)]})


def _check_place(theirs: Occurrence, place: NewPlace, now: datetime) -> None:
    """Whoever displaces a meeting says where it goes, and nothing else of it."""
    found = Findings()
    check_span(found, place.starts_at, place.ends_at)
    found.raise_refused()
    if place.ends_at - place.starts_at != theirs.ends_at - theirs.starts_at:
        raise ValidationError({"places": [_("A meeting that is displaced stays as long as it was.")]})
    if place.starts_at <= now:
        raise ValidationError({"places": [_("A meeting can't be displaced into the past.")]})


def _further_rooms(theirs: Occurrence, room: RoomFacts) -> tuple[int, ...]:
    """The rooms that it has besides what is taken from it: they stay with it."""
    rows = theirs.bookings.exclude(state=BookingState.RELEASED).filter(room__isnull=False)
    rooms = room_facts(list(rows.values_list("room_id", flat=True)))
    return tuple(key for key, each in sorted(rooms.items()) if not set(each.unit_ids) & set(room.unit_ids))


def _move_away(
    actor: Actor, ours: Occurrence, room: RoomFacts, theirs: Occurrence, place: NewPlace, now: datetime
) -> None:
    """The rule has allowed it, so it needs no right over their meeting but to have read it."""
    _check_place(theirs, place, now)
    edit = open_edit(actor, theirs.meeting_id, place.version, "meeting.displace")
    row = occurrence_in(edit, theirs.recurrence_id)
    changes = MeetingChanges(room_id=place.room_id, more_room_ids=_further_rooms(theirs, room))
    audit.record(
        actor=actor,
        action="meeting.displaced",
        obj=edit.meeting,
        before={"starts_at": theirs.starts_at},
        after={"starts_at": place.starts_at, "displaced_by": ours.meeting_id},
    )
    moved(edit, row, (place.starts_at, place.ends_at), changes, Scope.ONE, now)
