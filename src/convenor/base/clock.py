"""The only place that reads the clock; everything else takes `now` as an argument."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, in UTC. Tests hold it with time-machine."""
    return datetime.now(UTC)
