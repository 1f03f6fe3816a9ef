"""Papers that a job sets for whoever asked: how far it is, and the file once it is there."""

from __future__ import annotations

from typing import Any

from django.http import Http404, JsonResponse
from django_tasks.base import Task

from convenor.base import clock
from convenor.base.kept_papers import kept_paper
from convenor.base.queries import ProgressiveJob, job_for, progress_for
from convenor.web.requests import ActorRequest


def paper_job(request: ActorRequest, pk: int, task: Task[Any, Any]) -> ProgressiveJob:
    """Http404 for a job that the reader may not see, or that is another task's."""
    job = progress_for(request.actor, pk)
    if job is None or job.task != task.module_path:
        raise Http404
    return job


def progress_answer(job: ProgressiveJob, *, text: str, href: str) -> JsonResponse:
    """What ui/progress.html polls; `text` until the job says something itself."""
    return JsonResponse(
        {
            "text": job.label or text,
            "done": job.done,
            "total": job.total,
            "finished": job.is_finished,
            "failed": False,  # the page itself says what failed
            "href": href,
        }
    )


def own_result(request: ActorRequest, pk: int, task: Task[Any, Any]) -> Any:
    """Of the reader's own job only: a coordinator sees that others' jobs run, not what they made. None without one."""
    job = job_for(request.actor, pk)
    is_own = job.requested_by_id == request.actor.user_id and job.task == task.module_path
    return job.result if is_own else None


def kept(token: object) -> bytes | None:
    """None for what isn't there, or not any more."""
    return kept_paper(str(token), now=clock.now()) if token else None
