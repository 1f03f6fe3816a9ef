"""Tasks for the worker's tests, and the worker as a process of its own (tests/child.py)."""

from __future__ import annotations

import signal
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django_tasks import TaskContext, task

from convenor.base.models import Job
from convenor.base.tasks.execution import GiveUp
from convenor.base.tasks.progress import report
from convenor.base.tasks.worker import Worker


@task()
def add(a: int, b: int) -> int:
    return a + b


@task()
def fail(text: str) -> None:
    raise ValueError(text)


@task()
def give_up() -> None:
    raise GiveUp("the file is gone")


@task(takes_context=True)
def attempt(context: TaskContext) -> list[Any]:
    return [context.attempt, context.task_result.id]


@task()
def count(steps: int) -> int:
    for step in range(steps):
        report(done=step + 1, total=steps, label=f"step {step + 1}")
    return steps


@task()
def count_until_cancelled() -> None:
    """Ends only by being cancelled."""
    for step in range(10_000):
        report(done=step, label="counting")
        time.sleep(0.01)


@task(takes_context=True)
def stay(context: TaskContext, flag: str) -> str:
    """The first attempt says in a file that it runs, and goes on until another file appears."""
    if context.attempt == 1:
        Path(flag + ".running").touch()
        while not Path(flag + ".finish").exists():
            time.sleep(0.02)
    return f"attempt {context.attempt}"


@task()
def leave_a_row(name: str) -> None:
    """Enqueues another job in a transaction that is rolled back."""
    with transaction.atomic():
        add.enqueue(1, 1)
        raise ValueError(name)


def serve(lease_seconds: float) -> int:
    """A worker process as `convenor worker` makes one; returns how many jobs are done when it is told to stop."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    Worker(stop, lease=timedelta(seconds=lease_seconds)).run()
    done = Job.objects.filter(state="done").count()
    connection.close()
    return done


def drain(lease_seconds: float) -> int:
    """A worker process that does what is due and leaves."""
    steps = Worker(threading.Event(), lease=timedelta(seconds=lease_seconds)).drain()
    connection.close()
    return steps


def enqueue_and_die(jobs: int) -> None:
    """Enqueue in a transaction that is never committed."""
    with transaction.atomic():
        for number in range(jobs):
            add.enqueue(number, number)
        signal.raise_signal(signal.SIGKILL)
