"""What is wrong with the schedule, kept current as things change."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from convenor.people.models import Person
from convenor.scheduling.enums import ConflictKind, ConflictState, Severity
from convenor.scheduling.models.meeting import Occurrence
from convenor.venues.models import Room, Site


class Conflict(models.Model):
    """One thing that is wrong. `fingerprint` says what it is about, so that looking again finds the
    same row and an ignored conflict stays ignored.
    """

    kind = models.CharField(_("kind"), max_length=24, choices=ConflictKind)
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="conflicts")
    room = models.ForeignKey(Room, models.CASCADE, null=True, blank=True, related_name="conflicts")
    site = models.ForeignKey(Site, models.CASCADE, null=True, blank=True, related_name="conflicts")
    facts = models.JSONField(default=dict)  # what the sentence needs besides: names, numbers, dates
    fingerprint = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=8, choices=ConflictState, default=ConflictState.OPEN)
    ignored_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    ignored_reason = models.CharField(max_length=300, blank=True)
    detected_at = models.DateTimeField()

    class Meta:
        ordering = ("starts_at", "-severity", "id")
        verbose_name = _("conflict")
        verbose_name_plural = _("conflicts")
        indexes = [
            models.Index(fields=["state", "starts_at"]),
            models.Index(fields=["person", "starts_at"]),
            models.Index(fields=["room", "starts_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.starts_at:%Y-%m-%d %H:%M}"


class ConflictOccurrence(models.Model):
    conflict = models.ForeignKey(Conflict, models.CASCADE, related_name="links")
    occurrence = models.ForeignKey(Occurrence, models.CASCADE, related_name="conflict_links")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conflict", "occurrence"], name="conflict_occurrence_once")
        ]

    def __str__(self) -> str:
        return f"{self.conflict_id} {self.occurrence_id}"


class StaleScope(models.Model):
    """A part of the schedule that changed and must be looked at again.

    Written in the transaction that changes something; read by whoever next needs the conflicts
    (the page, the command, the worker), so that they are current without slowing the change.
    """

    person_ids = models.JSONField(default=list)
    room_ids = models.JSONField(default=list)
    site_ids = models.JSONField(default=list)
    occurrence_ids = models.JSONField(default=list)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    noted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d}–{self.ends_at:%Y-%m-%d}"
