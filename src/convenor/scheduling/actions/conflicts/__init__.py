"""What is done about conflicts: looking again, ignoring them, taking a way out."""

from convenor.scheduling.actions.conflicts.ignoring import ignore_conflict, reopen_conflict
from convenor.scheduling.actions.conflicts.looking import rebuild, refresh
from convenor.scheduling.actions.conflicts.ways_out import take_way_out

__all__ = ["ignore_conflict", "rebuild", "refresh", "reopen_conflict", "take_way_out"]
