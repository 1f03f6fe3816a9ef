"""Moving a function as a drag on the programme does it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.events.actions.function import change_with_notices, open_function
from convenor.events.drafts import FunctionDraft
from convenor.events.queries.functions import drafts_of
from convenor.kernel.instants import LocalTime
from convenor.scheduling.drafts import KEEP, Notice, Unset


@dataclass(frozen=True, slots=True)
class Moved:
    """`before` is the function's draft as it was, `version` its meeting's now: enough to move it back."""

    before: FunctionDraft
    version: int
    notices: tuple[Notice, ...] = ()


@action
def move_function(
    *,
    actor: Actor,
    function_id: int,
    local_start: LocalTime,
    duration_minutes: int | None = None,
    track: str | Unset = KEEP,
    room_id: int | Unset | None = KEEP,
    instead_of: int | None = None,
    version: int | None = None,
    now: datetime,
) -> Moved:
    """Give the function another time, length, track or room; its other rooms come along.

    `room_id` takes the place of the room `instead_of`, else of the main room; None takes that room away.

    `version` is the meeting's as it was seen. Raises as change_function.
    """
    event, row = open_function(actor, function_id)
    if version is not None and version != row.occurrence.meeting.version:
        sentence = _("Somebody else has changed “%(title)s” since you opened it.")
        raise ValidationError({"version": [sentence % {"title": row.occurrence.meeting.title}]})
    old = drafts_of(event, [row])[row.pk]
    new = replace(
        old,
        local_start=local_start,
        duration_minutes=duration_minutes or old.duration_minutes,
        track=old.track if isinstance(track, Unset) else track,
        room_ids=old.room_ids if isinstance(room_id, Unset) else _rooms(old, room_id, instead_of),
    )
    changed, notices = change_with_notices(actor=actor, function_id=function_id, draft=new, now=now)
    return Moved(old, changed.occurrence.meeting.version, notices)


def _rooms(old: FunctionDraft, room_id: int | None, instead_of: int | None) -> tuple[int, ...]:
    leaves = instead_of if instead_of in old.room_ids else next(iter(old.room_ids), None)
    rooms = [room_id if each == leaves else each for each in old.room_ids] or [room_id]
    return tuple(dict.fromkeys(each for each in rooms if each is not None))
