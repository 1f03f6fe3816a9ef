"""Work that outlives the request: jobs, outgoing messages, and who does them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from convenor.base import clock
from convenor.base.enums import WorkState


class Leased(models.Model):
    """A row that a worker takes by a lease: while `leased_until` lies ahead, nobody else takes it.

    `lease` is a token drawn at each claim; only its holder can finish the row or put it back.
    """

    state = models.CharField(_("state"), max_length=10, choices=WorkState, default=WorkState.READY)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    run_at = models.DateTimeField(_("due"), default=clock.now)
    leased_until = models.DateTimeField(null=True, editable=False)
    lease = models.CharField(max_length=32, blank=True, editable=False)
    last_error = models.TextField(_("last error"), blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(_("since"), default=clock.now, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)

    class Meta:
        abstract = True


def has_lease(name: str) -> models.CheckConstraint:
    """A row in progress says until when, and no other row does."""
    return models.CheckConstraint(
        name=name,
        condition=Q(state=WorkState.LEASED, leased_until__isnull=False)
        | (~Q(state=WorkState.LEASED) & Q(leased_until__isnull=True)),
    )


class OutboxMessage(Leased):
    """Something to send, written in the transaction that decided it and sent after it.

    Two rows with the same `kind` and `key` can't exist: nothing is sent twice. While a message with
    a `topic` waits, a newer one on the same topic takes its place.
    """

    kind = models.CharField(_("kind"), max_length=32)
    key = models.CharField(_("key"), max_length=200)
    topic = models.CharField(_("topic"), max_length=200, blank=True)
    payload = models.JSONField(_("content"))

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outbox")
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "run_at"], name="outbox_due")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="outbox_once"),
            models.UniqueConstraint(
                fields=["kind", "topic"],
                condition=Q(state=WorkState.READY, attempts=0) & ~Q(topic=""),
                name="outbox_topic_once",
            ),
            has_lease("outbox_lease"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Job(Leased):
    """One call of a task (django-tasks' TaskResult, kept in the database)."""

    task = models.CharField(_("task"), max_length=200)
    key = models.CharField(
        max_length=200, blank=True, help_text=_("At most one unfinished job has this key.")
    )
    arguments = models.JSONField(default=dict)
    queue = models.CharField(_("queue"), max_length=64)
    priority = models.SmallIntegerField(_("priority"), default=0)
    requested_by = models.ForeignKey("base.User", on_delete=models.SET_NULL, null=True, related_name="+")
    worker = models.CharField(_("worker"), max_length=100, blank=True)
    started_at = models.DateTimeField(_("started"), null=True, editable=False)
    tried_at = models.DateTimeField(null=True, editable=False)
    error_class = models.CharField(max_length=200, blank=True)
    result = models.JSONField(null=True)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("of"), null=True)
    label = models.CharField(_("doing"), max_length=200, blank=True)
    cancel_requested = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "-priority", "run_at"], name="job_due"),
            models.Index(fields=["requested_by", "-id"], name="job_requested_by"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(state__in=[WorkState.READY, WorkState.LEASED]) & ~Q(key=""),
                name="job_key_once",
            ),
            has_lease("job_lease"),
        ]

    def __str__(self) -> str:
        return f"{self.task} #{self.pk}"


class PeriodicRun(models.Model):
    """When a periodic task is due next; the row makes many workers start it once."""

    name = models.CharField(max_length=100, primary_key=True)
    next_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("periodic task")
        verbose_name_plural = _("periodic tasks")


class WorkerBeat(models.Model):
    """A worker's sign of life."""

    name = models.CharField(max_length=100, primary_key=True)
    host = models.CharField(max_length=100)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    doing = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")
        indexes = [models.Index(fields=["beat_at"], name="worker_beat_at")]
