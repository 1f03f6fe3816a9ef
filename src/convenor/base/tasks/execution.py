"""One job, from its claim to its end."""

from __future__ import annotations

import logging
import threading
import traceback
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

from django.db import DatabaseError, connection
from django_tasks.base import TaskContext
from django_tasks.utils import get_module_path, normalize_json

from convenor.base import clock, leases, request_id
from convenor.base.enums import WorkState
from convenor.base.models import Job, WorkerBeat
from convenor.base.rules import retry_delay
from convenor.base.tasks.backend import result_of, task_of
from convenor.base.tasks.progress import Cancelled, Progress, watched

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 5


class GiveUp(Exception):
    """Raised by a task that knows that trying again can't help; the text says why."""


class Pulse:
    """Holds a job's lease while it runs, writes its progress and its worker's sign of life, learns of a wish to cancel.

    It beats in a thread with a connection of its own, so that a task in a long transaction is seen
    to be alive. On SQLite that transaction keeps the pulse from writing; it tries again.
    """

    def __init__(self, job: Job, progress: Progress, lease: timedelta) -> None:
        self.job, self.progress, self.lease = job, progress, lease
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat_until_over, name=f"pulse-{job.pk}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _beat_until_over(self) -> None:
        try:
            while not self._over.wait(self.lease.total_seconds() / 4):
                self._beat()
        finally:
            connection.close()

    def _beat(self) -> None:
        try:
            held = leases.renew(self.job, now=clock.now(), lease=self.lease, **reported(self.progress))
            WorkerBeat.objects.filter(name=self.job.worker).update(beat_at=clock.now(), doing=self.job.task)
            wanted = Job.objects.filter(pk=self.job.pk, cancel_requested=False).exists()
        except DatabaseError as error:
            log.warning("job %s: the lease could not be renewed: %s", self.job.pk, error)
            connection.close()
        else:
            self.progress.cancelled = not (held and wanted)


def reported(progress: Progress) -> dict[str, Any]:
    return {"done": progress.done, "total": progress.total, "label": progress.label}


def execute(job: Job, *, worker: str, lease: timedelta) -> None:
    """Run a claimed job and write how it ended, unless the lease was lost meanwhile."""
    progress = Progress(cancelled=job.cancel_requested)
    if job.attempts > MOST_ATTEMPTS:
        finish(
            job, progress, WorkState.DEAD, error=f"its worker died {job.attempts - 1} times while doing it"
        )
        return
    now = clock.now()
    leases.renew(job, now=now, lease=lease, worker=worker, tried_at=now, started_at=job.started_at or now)
    job.worker = worker
    with request_id.named(job.request_id or f"job-{job.pk}"), watched(progress), Pulse(job, progress, lease):
        _attempt(job, progress)


def _attempt(job: Job, progress: Progress) -> None:
    try:
        result = _call(job)
    except Cancelled:
        finish(job, progress, WorkState.CANCELLED)
    except (GiveUp, LookupError) as error:
        failed(job, progress, error, final=isinstance(error, GiveUp) or job.attempts >= MOST_ATTEMPTS)
    except Exception as error:  # noqa: BLE001  # whatever a task raises must not end the worker
        failed(job, progress, error, final=job.attempts >= MOST_ATTEMPTS)
    else:
        finish(job, progress, WorkState.DONE, result=result)


def _call(job: Job) -> Any:
    if job.cancel_requested:
        raise Cancelled
    task = task_of(job)
    args, kwargs = job.arguments["args"], job.arguments["kwargs"]
    if task.takes_context:
        args = [TaskContext(task_result=result_of(job, task)), *args]
    return normalize_json(task.call(*args, **kwargs))


def failed(job: Job, progress: Progress, error: Exception, *, final: bool) -> None:
    """Let it be tried again later, or give it up for a person to look at."""
    text = "".join(traceback.format_exception(error))
    kind = get_module_path(type(error))
    log.warning("job %s %s: attempt %s failed: %r", job.pk, job.task, job.attempts, error)
    if final:
        finish(job, progress, WorkState.DEAD, error=text, error_class=kind)
        return
    run_at = clock.now() + retry_delay(job.attempts, f"job:{job.pk}")
    leases.put_back(job, run_at=run_at, error=text, error_class=kind, **reported(progress))


def finish(job: Job, progress: Progress, state: WorkState, **changes: Any) -> None:
    if not leases.finish(job, now=clock.now(), state=state, **reported(progress), **changes):
        log.warning("job %s: another worker has it; what came of this attempt is left out", job.pk)
