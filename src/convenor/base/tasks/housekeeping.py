"""Clears away what nobody will ask for again."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.models import Session
from django_tasks import task

from convenor.base import clock, rates, received
from convenor.base.enums import WorkState
from convenor.base.models import Job, OutboxMessage, WorkerBeat

KEPT_FOR = timedelta(days=30)
SILENT_FOR = timedelta(days=1)
BATCH = 1000


@task()
def tidy() -> dict[str, int]:
    """Delete month-old finished jobs and sent messages, lapsed sessions, workers long silent, past counts of rates
    and what came in by mail a year ago.

    What was given up stays until somebody has dealt with it.
    """
    now = clock.now()
    jobs = Job.objects.filter(state__in=[WorkState.DONE, WorkState.CANCELLED], finished_at__lt=now - KEPT_FOR)
    messages = OutboxMessage.objects.filter(state=WorkState.DONE, finished_at__lt=now - KEPT_FOR)
    return {
        "jobs": jobs.delete()[0],
        "messages": messages.delete()[0],
        "sessions": Session.objects.filter(expire_date__lt=now).delete()[0],
        "rates": rates.sweep(now),
        "mail": received.forget_old(now),
        "workers": WorkerBeat.objects.filter(beat_at__lt=now - SILENT_FOR).delete()[0],
    }
