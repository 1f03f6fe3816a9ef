"""Moving a function as a drag on the programme does it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.events.actions.function import change_with_notices, open_function
from convenor.events.drafts import FunctionDraft
from convenor.events.queries.functions import drafts_of
from convenor.events.rules.function import fingerprint
from convenor.kernel.instants import LocalTime
from convenor.scheduling.drafts import KEEP, Notice, Unset


@dataclass(frozen=True, slots=True)
class Moved:
    """`before` and `after` are the function's drafts: enough to move it back."""

    before: FunctionDraft
    after: FunctionDraft
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
    seen: str = "",
    now: datetime,
) -> Moved:
    """Give the function another time, length, track or main room; further rooms come along.

    `seen` as in change_function. Raises as change_function.
    """
    event, row = open_function(actor, function_id)
    old = drafts_of(event, [row])[row.pk]
    new = replace(
        old,
        local_start=local_start,
        duration_minutes=duration_minutes or old.duration_minutes,
        track=old.track if isinstance(track, Unset) else track,
        room_ids=old.room_ids if isinstance(room_id, Unset) else _rooms(old, room_id),
    )
    _row, notices = change_with_notices(
        actor=actor, function_id=function_id, draft=new, seen=seen or fingerprint(old), now=now
    )
    return Moved(old, new, notices)


def _rooms(old: FunctionDraft, room_id: int | None) -> tuple[int, ...]:
    if room_id is None:
        return ()
    return (room_id, *(each for each in old.room_ids[1:] if each != room_id))
