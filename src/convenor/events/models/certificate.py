"""The go/no-go certificate: what was known when named people decided."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from convenor.base.append_only import AppendOnly
from convenor.events.enums import Decision
from convenor.events.models.event import Event
from convenor.people.models import Person


class Certificate(models.Model):
    """`evidence` is frozen: the checks with their sentences, the event's facts. Never changed once written."""

    event = models.ForeignKey(
        Event, models.CASCADE, db_index=False, related_name="certificates"
    )  # leads the index of certificate_once
    number = models.PositiveIntegerField(_("number"))
    evidence = models.JSONField()
    note = models.TextField(_("note"), blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, db_index=False, related_name="+"
    )

    class Meta:
        ordering = ("event", "-number")
        verbose_name = _("go/no-go certificate")
        verbose_name_plural = _("go/no-go certificates")
        constraints = [
            models.UniqueConstraint(fields=["event", "number"], name="certificate_once"),
            AppendOnly(name="certificate_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} no. {self.number}"


class SignOff(models.Model):
    """A named person's decision on a certificate; empty until they sign."""

    certificate = models.ForeignKey(
        Certificate, models.CASCADE, db_index=False, related_name="sign_offs"
    )  # leads the index of sign_off_once
    person = models.ForeignKey(Person, models.PROTECT, related_name="sign_offs")
    role = models.CharField(_("as"), max_length=20)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision, blank=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    # Who pressed the button, where a delegate signed in the principal's name
    signed_by_name = models.CharField(max_length=160, blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")
        constraints = [models.UniqueConstraint(fields=["certificate", "person"], name="sign_off_once")]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.person_id}"
