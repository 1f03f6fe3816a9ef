"""Is somebody doing the background work, and what has been given up?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from convenor.base import clock
from convenor.base.enums import WorkState
from convenor.base.models import Job, OutboxMessage, WorkerBeat
from convenor.cli.doctor.findings import Finding, fault, ok, warning

SILENT = timedelta(minutes=2)
LATE = timedelta(minutes=10)
REMEDY = "Start `convenor serve` (with CONVENOR_WORKER_IN_SERVER=true) or `convenor worker`."


def waiting() -> int:
    """How many jobs and messages have been due for more than ten minutes."""
    due = {"state": WorkState.READY, "run_at__lt": clock.now() - LATE}
    return Job.objects.filter(**due).count() + OutboxMessage.objects.filter(**due).count()


def workers() -> Iterator[Finding]:
    alive = WorkerBeat.objects.filter(beat_at__gte=clock.now() - SILENT).count()
    late = waiting()
    if alive and not late:
        yield ok("worker", f"{alive} worker{'s' if alive > 1 else ''} at work, nothing waits.")
    elif alive:
        sentence = f"Jobs and messages that have waited for more than ten minutes: {late}."
        yield warning("worker", sentence, "Start more workers: `convenor worker`, as often as you like.")
    elif late:
        sentence = f"No worker has been seen for two minutes; jobs and messages that wait: {late}."
        yield fault("worker", sentence, REMEDY)
    else:
        yield warning("worker", "No worker has been seen for two minutes; nothing waits yet.", REMEDY)


def dead() -> Iterator[Finding]:
    jobs = Job.objects.filter(state=WorkState.DEAD).count()
    messages = OutboxMessage.objects.filter(state=WorkState.DEAD).count()
    if jobs or messages:
        sentence = f"Given up after the last try: jobs {jobs}, messages {messages}."
        yield warning("given up", sentence, "See why on the Settings screen, and try them again there.")
    else:
        yield ok("given up", "No job and no message was given up.")
