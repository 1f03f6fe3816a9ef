"""django-tasks on rows of the product's own database: a job is enqueued with the change that wants it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist
from django_tasks.signals import task_enqueued
from django_tasks.utils import normalize_json

from convenor.base import clock, request_id, wake
from convenor.base.actor import Actor
from convenor.base.enums import WorkState
from convenor.base.models import Job

STATUS = {
    WorkState.READY: TaskResultStatus.READY,
    WorkState.LEASED: TaskResultStatus.RUNNING,
    WorkState.DONE: TaskResultStatus.SUCCESSFUL,
    WorkState.DEAD: TaskResultStatus.FAILED,
    WorkState.CANCELLED: TaskResultStatus.FAILED,
}


class DatabaseBackend(BaseTaskBackend):
    """TASKS' backend; convenor.base.tasks.worker runs what it enqueues."""

    supports_defer = True
    supports_get_result = True
    supports_priority = True

    def enqueue(
        self, task: Task[Any, Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> TaskResult[Any]:
        """Insert the job in the present transaction: if that is rolled back, there is no job."""
        self.validate_task(task)
        job = _job(task, args, kwargs)
        job.save(force_insert=True)
        wake.when_committed()
        result = result_of(job, task)
        task_enqueued.send(type(self), task_result=result)
        return result

    def get_result(self, result_id: str) -> TaskResult[Any]:
        job = Job.objects.filter(pk=int(result_id)).first() if result_id.isdecimal() else None
        if job is None:
            raise TaskResultDoesNotExist(result_id)
        return result_of(job, task_of(job))


def enqueue_once(task: Task[Any, Any], *args: Any, key: str, **kwargs: Any) -> None:
    """Enqueue unless a job with this key is waiting or running already."""
    job = _job(task, args, kwargs)
    job.key = key
    Job.objects.bulk_create([job], ignore_conflicts=True)
    wake.when_committed()


def enqueue_for(actor: Actor, task: Task[Any, Any], *args: Any, **kwargs: Any) -> int:
    """Enqueue what `actor` asked for, and will want to watch or cancel; the job's id."""
    job = _job(task, args, kwargs)
    job.requested_by_id = actor.user_id
    job.save(force_insert=True)
    wake.when_committed()
    return int(job.pk)


def _job(task: Task[Any, Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Job:
    return Job(
        task=task.module_path,
        arguments={"args": normalize_json(list(args)), "kwargs": normalize_json(dict(kwargs))},
        queue=task.queue_name,
        priority=task.priority,
        run_at=task.run_after or clock.now(),
        request_id=request_id.current(),
    )


def task_of(job: Job) -> Task[Any, Any]:
    """The task that the job calls; LookupError if this version of the product has none of that name."""
    try:
        task = import_string(job.task)
    except ImportError as error:
        raise LookupError(f"there is no task {job.task}") from error
    if not isinstance(task, Task):
        raise LookupError(f"{job.task} is no task")
    return task


def result_of(job: Job, task: Task[Any, Any]) -> TaskResult[Any]:
    errors = (
        [TaskError(exception_class_path=job.error_class, traceback=job.last_error)] if job.error_class else []
    )
    result: TaskResult[Any] = TaskResult(
        task=task,
        id=str(job.pk),
        status=STATUS[WorkState(job.state)],
        enqueued_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        last_attempted_at=job.tried_at,
        args=job.arguments["args"],
        kwargs=job.arguments["kwargs"],
        backend=task.backend,
        errors=errors,
        worker_ids=[job.worker] * job.attempts,
    )
    object.__setattr__(result, "_return_value", job.result)  # frozen; django-tasks' own backends set it so
    return result
