"""What an action on a meeting answers. Apart from the drafts, because it names a model, which rules must not reach."""

from __future__ import annotations

from dataclasses import dataclass

from convenor.scheduling.drafts import Collision, Notice
from convenor.scheduling.models import Meeting


@dataclass(frozen=True, slots=True)
class Saved:
    """What an action did: the meeting as it is now, what to tell the user, who is double-booked by it.

    `continuation` is the meeting that "this and following" split off, if any.
    """

    meeting: Meeting
    notices: tuple[Notice, ...] = ()
    collisions: tuple[Collision, ...] = ()
    continuation: Meeting | None = None
