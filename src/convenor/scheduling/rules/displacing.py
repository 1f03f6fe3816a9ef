"""Who may displace whom: one table, read from the top; the first line that holds decides.

docs/priority.md shows the same table, and a test compares the two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from convenor.scheduling.enums import Priority

NOTICE: Final = timedelta(hours=2)
"""Nobody loses a place that they may already be walking to."""


class Ground(Enum):
    """Why a meeting may be displaced, or why not."""

    TOO_LATE = "too_late"
    FIXED = "fixed"
    HAS_GUESTS = "has_guests"
    NOT_HIGH = "not_high"
    PRIORITY = "priority"
    SENIORITY = "seniority"
    NOT_ABOVE = "not_above"


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts of a meeting: `seniority` (1–5) is the higher of its organiser's and its chair's."""

    priority: int
    seniority: int
    is_movable: bool
    has_guests: bool
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    may: bool
    ground: Ground


Test = Callable[[Standing, Standing, datetime], bool]
TABLE: Final[tuple[tuple[Ground, bool, Test], ...]] = (
    (Ground.TOO_LATE, False, lambda _ours, theirs, now: theirs.starts_at < now + NOTICE),
    (Ground.FIXED, False, lambda _ours, theirs, _now: not theirs.is_movable),
    (
        Ground.HAS_GUESTS,
        False,
        lambda ours, theirs, _now: theirs.has_guests and ours.priority < Priority.EXECUTIVE,
    ),
    (Ground.NOT_HIGH, False, lambda ours, _theirs, _now: ours.priority < Priority.HIGH),
    (Ground.PRIORITY, True, lambda ours, theirs, _now: ours.priority > theirs.priority),
    (
        Ground.SENIORITY,
        True,
        lambda ours, theirs, _now: ours.priority == theirs.priority and ours.seniority > theirs.seniority,
    ),
    (Ground.NOT_ABOVE, False, lambda _ours, _theirs, _now: True),
)


def may_displace(ours: Standing, theirs: Standing, now: datetime) -> Verdict:
    """Whether our meeting may take the place of theirs; instants are aware UTC."""
    return next(Verdict(may, ground) for ground, may, holds in TABLE if holds(ours, theirs, now))
