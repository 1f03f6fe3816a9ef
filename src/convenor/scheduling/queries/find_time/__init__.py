"""Finding a time: rows into the kernel's question, the kernel's answer back to rows."""

from convenor.scheduling.queries.find_time.search import FoundTimes, find_time_for

__all__ = ["FoundTimes", "find_time_for"]
