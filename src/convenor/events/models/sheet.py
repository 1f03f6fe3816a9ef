"""Issued function sheets (banquet event orders): numbered, dated, frozen, acknowledged."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from convenor.base.append_only import AppendOnly
from convenor.events.enums import Service
from convenor.events.models.function import Function
from convenor.people.models import Person


class Sheet(models.Model):
    """One revision. `content` is all that the paper says, by section; a later revision is compared with it."""

    function = models.ForeignKey(
        Function, models.CASCADE, db_index=False, related_name="sheets"
    )  # leads the index of sheet_revision_once
    revision = models.PositiveIntegerField(_("revision"))
    issued_at = models.DateTimeField(_("issued"))
    issued_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, db_index=False, related_name="+"
    )
    content = models.JSONField()
    changed_sections = models.JSONField(default=list)

    class Meta:
        ordering = ("function", "-revision")
        verbose_name = _("function sheet")
        verbose_name_plural = _("function sheets")
        constraints = [
            models.UniqueConstraint(fields=["function", "revision"], name="sheet_revision_once"),
            AppendOnly(name="sheet_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.content['function']['title']} rev. {self.revision}"


class SheetReceipt(models.Model):
    """Somebody who was told of a revision, and when they said that they had read it.

    `token` opens the sheet without an account: a caterer has none.
    """

    sheet = models.ForeignKey(
        Sheet, models.CASCADE, db_index=False, related_name="receipts"
    )  # leads the index of receipt_once
    service = models.CharField(_("service"), max_length=10, choices=Service)
    person = models.ForeignKey(Person, models.PROTECT, related_name="sheet_receipts")
    token = models.CharField(max_length=43, unique=True)
    told_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)

    class Meta:
        verbose_name = _("receipt of a function sheet")
        verbose_name_plural = _("receipts of function sheets")
        constraints = [
            models.UniqueConstraint(fields=["sheet", "service", "person"], name="receipt_once"),
        ]
        indexes = [
            models.Index(
                fields=["sheet"], condition=Q(acknowledged_at__isnull=True), name="receipt_unacknowledged"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id}: {self.person_id}"
