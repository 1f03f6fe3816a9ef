"""Who did what, when, before and after."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from convenor.base.append_only import AppendOnly


class AuditEntry(models.Model):
    """One write, on record for ever; written by convenor.base.audit, refused to every UPDATE and DELETE.

    The object and the principal are named by number and by their label at the time, not by foreign
    keys: the record outlives what it tells of, and points at no higher layer.
    """

    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(
        "base.User", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    actor_name = models.CharField(_("name"), max_length=200)
    on_behalf_of = models.CharField(_("on behalf of"), max_length=200, blank=True)
    on_behalf_of_person = models.BigIntegerField(null=True)
    action = models.CharField(_("action"), max_length=64)
    object_type = models.CharField(max_length=64)
    object_id = models.BigIntegerField()
    object_label = models.CharField(_("what"), max_length=300)
    before = models.JSONField(_("before"))
    after = models.JSONField(_("after"))
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["object_type", "object_id", "at"], name="audit_object_at"),
            models.Index(fields=["at"], name="audit_at"),
        ]
        constraints = [AppendOnly(name="audit_append_only")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name}: {self.action} {self.object_label}"
