"""Conflicts: what they are looked for in, which there are, and what can be done about them."""

from convenor.scheduling.queries.conflicts.rows import ConflictRow, MeetingBrief, conflict_for, conflicts_for

__all__ = ["ConflictRow", "MeetingBrief", "conflict_for", "conflicts_for"]
