"""What people may read of the foundation: jobs, the outbox, the audit log, the workers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Model, Q, QuerySet

from convenor.base import mail
from convenor.base.actor import Actor
from convenor.base.delivery import Undeliverable
from convenor.base.enums import WorkState
from convenor.base.models import AuditEntry, Job, OutboxMessage, WorkerBeat
from convenor.base.permissions import may

UNFINISHED = (WorkState.READY, WorkState.LEASED)
ALIVE_FOR = timedelta(seconds=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressiveJob:
    """A job as a screen shows it; `percent` is None while nobody knows how much there is."""

    id: int
    task: str
    state: WorkState
    done: int
    total: int | None
    label: str
    error: str
    cancel_requested: bool

    @property
    def percent(self) -> int | None:
        return min(100, 100 * self.done // self.total) if self.total else None

    @property
    def is_finished(self) -> bool:
        return self.state not in UNFINISHED


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMail:
    """A mail of the outbox as a screen shows it; of a secret one neither text nor HTML."""

    sender: str
    to: str
    reply_to: str
    subject: str
    text: str
    html: str
    method: str
    calendar: str
    is_secret: bool


def jobs_for(actor: Actor) -> QuerySet[Job]:
    """The actor's own jobs; everybody's for coordinators."""
    if may(actor, "job.see"):
        return Job.objects.all()
    return Job.objects.filter(requested_by_id=actor.user_id) if actor.user_id else Job.objects.none()


def progress_for(actor: Actor, job_id: int) -> ProgressiveJob | None:
    """How far a job is; None if there is none that the actor may see."""
    job = jobs_for(actor).filter(pk=job_id).first()
    return None if job is None else _progressive(job)


def _progressive(job: Job) -> ProgressiveJob:
    return ProgressiveJob(
        id=job.pk,
        task=job.task,
        state=WorkState(job.state),
        done=job.done,
        total=job.total,
        label=job.label,
        error=last_line(job.last_error),
        cancel_requested=job.cancel_requested,
    )


def last_line(text: str) -> str:
    """Of a traceback, what went wrong."""
    return text.strip().rpartition("\n")[2]


def outbox_for(actor: Actor) -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.all() if may(actor, "outbox.see") else OutboxMessage.objects.none()


def audit_log_for(actor: Actor) -> QuerySet[AuditEntry]:
    """The whole log, newest first; nothing for those whom it is not for."""
    if not may(actor, "audit.see"):
        return AuditEntry.objects.none()
    return AuditEntry.objects.select_related("actor")


def audit_page_for(
    actor: Actor, *, text: str = "", before: int | None = None, most: int = 50
) -> list[AuditEntry]:
    """The newest entries, or those before the one with that key; `text` is looked for in who, what and the action's name.

    Goes by the key, so that the last page of years costs as much as the first.
    """
    entries = audit_log_for(actor).order_by("-pk")
    if before is not None:
        entries = entries.filter(pk__lt=before)
    for word in text.replace("\x00", "").split()[:4]:
        entries = entries.filter(
            Q(actor_name__icontains=word) | Q(object_label__icontains=word) | Q(action__icontains=word)
        )
    return list(entries[:most])


def history_of(obj: Model) -> QuerySet[AuditEntry]:
    """What happened to one object, newest first; the caller has checked that the actor may see it."""
    return AuditEntry.objects.filter(object_type=obj._meta.label_lower, object_id=obj.pk)


def message_for(actor: Actor, pk: int) -> OutboxMessage:
    """Raises OutboxMessage.DoesNotExist."""
    return outbox_for(actor).get(pk=pk)


def shown_mail(message: OutboxMessage) -> ShownMail | None:
    """The mail as its reader gets it; None for other kinds of messages, and for what can't be read as a mail."""
    if message.kind != mail.KIND:
        return None
    content = message.payload
    try:
        built = mail.built(message)
    except Undeliverable:
        return None
    is_secret = message.key.startswith(mail.OPENS_ACCOUNTS)
    calendar = content.get("calendar") or {}
    return ShownMail(
        sender=built.from_email,
        to=", ".join(built.recipients()),
        reply_to=", ".join(built.reply_to),
        subject=str(built.subject),
        text="" if is_secret else str(built.body),
        html="" if is_secret else str(content.get("html", "")),
        method=str(calendar.get("method", "")),
        calendar=str(calendar.get("content", "")).replace("\r\n", "\n"),
        is_secret=is_secret,
    )


def job_for(actor: Actor, pk: int) -> Job:
    """Raises Job.DoesNotExist."""
    return jobs_for(actor).get(pk=pk)


def counts_by_state(rows: QuerySet[Job] | QuerySet[OutboxMessage]) -> dict[WorkState, int]:
    """How many rows there are in each state that has any. One query."""
    counts = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    return {state: counts[state] for state in WorkState if state in counts}


def workers_alive(now: datetime) -> list[WorkerBeat]:
    """The workers that gave a sign of life lately."""
    return list(WorkerBeat.objects.filter(beat_at__gt=now - ALIVE_FOR).order_by("name"))
