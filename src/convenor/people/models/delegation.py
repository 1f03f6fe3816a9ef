"""Who may work in whose name."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from convenor.base.enums import Scope
from convenor.people.models.person import Person


class Delegation(models.Model):
    """From and until are days, both included; no end means until withdrawn."""

    principal = models.ForeignKey(Person, models.CASCADE, related_name="delegates")
    delegate = models.ForeignKey(Person, models.CASCADE, related_name="principals")
    scope = models.CharField(_("scope"), max_length=8, choices=Scope)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ("principal", "delegate")
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        constraints = [
            models.UniqueConstraint(fields=["principal", "delegate"], name="one_delegation_per_pair"),
            models.CheckConstraint(
                name="delegation_to_somebody_else",
                condition=~Q(principal=F("delegate")),
                violation_error_message=_("Nobody can be their own delegate."),
            ),
            models.CheckConstraint(
                name="delegation_in_order", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.principal_id} → {self.delegate_id} ({self.scope})"
