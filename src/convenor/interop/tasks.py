"""Calendars that are read again when their time has come, and the mailbox that answers come into."""

from __future__ import annotations

import logging

from django.core.exceptions import ObjectDoesNotExist
from django_tasks import task

from convenor.base import clock
from convenor.base.tasks.backend import enqueue_once
from convenor.interop.calendars.subscribing import refresh_source
from convenor.interop.imip.inbox import InboxTrouble, look
from convenor.scheduling.queries.calendars import due_sources

log = logging.getLogger(__name__)
MOST_AT_ONCE = 500


@task()
def read_calendar_again(source_id: int) -> str:
    """Read one subscribed calendar; what changed."""
    try:
        changes = refresh_source(source_id, clock.now())
    except ObjectDoesNotExist:  # removed since
        return "removed"
    return f"+{changes.added} -{changes.removed}" if changes else "unchanged"


def enqueue_reading(source_id: int) -> None:
    """One job at a time for each calendar."""
    enqueue_once(read_calendar_again, source_id, key=f"calendar:{source_id}")


@task()
def read_due_calendars() -> int:
    """A job for each calendar whose time has come, so that one slow server holds up nobody else's; how many."""
    due = due_sources(clock.now())[:MOST_AT_ONCE]
    for source_id in due:
        enqueue_reading(source_id)
    return len(due)


@task()
def read_inbox() -> int:
    """Take in what has come to the mailbox for answers; how many mails. A server that can't be reached is asked again next minute."""
    try:
        return look(clock.now)
    except InboxTrouble as error:
        log.warning("the mailbox for answers can't be looked into: %s", error)
        return 0
