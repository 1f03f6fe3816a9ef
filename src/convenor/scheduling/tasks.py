"""Work of the schedule that comes round."""

from __future__ import annotations

from django_tasks import task

from convenor.base import clock
from convenor.scheduling.actions.booking import expire_holds
from convenor.scheduling.actions.conflicts import refresh
from convenor.scheduling.actions.horizon import extend_horizon


@task()
def expire_held_bookings() -> int:
    """Release holds whose time is up; how many."""
    return expire_holds(clock.now())


@task()
def extend_series() -> int:
    """Materialise series up to the horizon; how many."""
    return extend_horizon(clock.now())


@task()
def look_for_conflicts() -> int:
    """Look again at what changed, and at what the time alone changes; how many marks were worked off."""
    return refresh(clock.now())
