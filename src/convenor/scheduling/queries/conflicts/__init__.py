"""Conflicts: what they are looked for in, which there are, and what can be done about them."""

from convenor.scheduling.queries.conflicts.rows import (
    ConflictRow,
    MeetingBrief,
    conflict_for,
    conflicts_for,
    counts_for,
    ignored_count_for,
    ignored_for,
    people_in_conflicts_for,
)
from convenor.scheduling.queries.conflicts.upkeep import is_current
from convenor.scheduling.queries.conflicts.ways_out import WayOut, ways_out_for

__all__ = [
    "ConflictRow",
    "MeetingBrief",
    "WayOut",
    "conflict_for",
    "conflicts_for",
    "counts_for",
    "ignored_count_for",
    "ignored_for",
    "is_current",
    "people_in_conflicts_for",
    "ways_out_for",
]
