"""What people say about a task. Comments are taken back, not rewritten."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.permissions import require
from convenor.base.transactions import action
from convenor.events.actions.task_opening import open_task, worker_named
from convenor.events.models import TaskComment
from convenor.events.queries.visibility import events_seen_by
from convenor.events.rules.task import text_sentences

LONGEST = 5_000


@action
def add_comment(*, actor: Actor, task_id: int, text: str, now: datetime) -> TaskComment:
    """Raises Task.DoesNotExist, Refused, ValidationError at `text`."""
    task = open_task(actor, task_id)
    text = text.strip().replace("\r\n", "\n")
    if sentences := [*text_sentences(text, LONGEST)] if text else [_("Write something first.")]:
        raise ValidationError({"text": sentences})
    comment = TaskComment.objects.create(
        task=task, author_id=actor.person_id, author_name=actor.name[:160], text=text, at=now
    )
    audit.record(actor=worker_named(actor, task), action="task.commented", obj=task, after={"text": text})
    return comment


@action
def remove_comment(*, actor: Actor, comment_id: int) -> None:
    """Whoever wrote it may, and who runs the event; the audit keeps what it said. Raises TaskComment.DoesNotExist, Refused."""
    seen = TaskComment.objects.filter(task__event__in=events_seen_by(actor))
    task = open_task(actor, seen.values_list("task_id", flat=True).get(pk=comment_id))
    comment = task.comments.get(pk=comment_id)
    if comment.author_id is None or comment.author_id != actor.person_id:
        require(actor, "event.edit", task.event)
    named = worker_named(actor, task)
    audit.record(actor=named, action="task.comment_removed", obj=task, before={"text": comment.text})
    comment.delete()
