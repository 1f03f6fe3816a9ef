"""Work of the roll that comes round, and what is done once things have come to rest."""

from __future__ import annotations

from django_tasks import task

from convenor.attendance.actions.no_shows import give_up_no_shows
from convenor.attendance.actions.reminders import remind
from convenor.base import clock


@task()
def remind_registrants() -> int:
    """Put the reminders that are due in the outbox; how many."""
    return remind(clock.now())


@task()
def give_up_empty_seats() -> int:
    """Give up the seats, and rooms, that nobody came to in time; how many seats."""
    return give_up_no_shows(clock.now())
