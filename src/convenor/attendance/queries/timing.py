"""When what a roll is of takes place, and whether it does."""

from __future__ import annotations

from datetime import datetime

from convenor.attendance.models import Roll
from convenor.scheduling.enums import OccurrenceState


def starts_at(roll: Roll) -> datetime | None:
    """When what the roll is of begins; None for an event without dates."""
    return roll.function.occurrence.starts_at if roll.function is not None else roll.event.starts_at


def ends_at(roll: Roll) -> datetime | None:
    return roll.function.occurrence.ends_at if roll.function is not None else roll.event.ends_at


def is_on(roll: Roll) -> bool:
    """Whether what the roll is of still takes place, as far as its function goes."""
    function = roll.function
    return function is None or (
        function.removed_at is None and function.occurrence.state != OccurrenceState.CANCELLED
    )
