"""Our own organisation and the outside ones; departments in a tree; cost bands."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Organisation(models.Model):
    name = models.CharField(_("name"), max_length=160, unique=True)
    is_own = models.BooleanField(_("our own"), default=False)

    class Meta:
        ordering = ("-is_own", "name")
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.UniqueConstraint(fields=["is_own"], condition=Q(is_own=True), name="one_own_organisation")
        ]

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="departments")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    leader = models.ForeignKey(
        "people.Person",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="leads",
        verbose_name=_("leader"),
    )
    cost_centre = models.CharField(_("cost centre"), max_length=40, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        constraints = [
            models.CheckConstraint(
                name="department_not_its_own_parent", condition=Q(parent__isnull=True) | ~Q(parent=F("id"))
            )
        ]

    def __str__(self) -> str:
        return self.name


class CostBand(models.Model):
    """What an hour of somebody's time costs the company; people share bands, so nobody's pay shows."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    hourly_rate = models.DecimalField(_("rate per hour"), max_digits=10, decimal_places=2)
    currency = models.CharField(_("currency (ISO 4217)"), max_length=3, default="EUR")

    class Meta:
        ordering = ("hourly_rate",)
        verbose_name = _("cost band")
        verbose_name_plural = _("cost bands")
        constraints = [models.CheckConstraint(name="cost_band_not_negative", condition=Q(hourly_rate__gte=0))]

    def __str__(self) -> str:
        return self.name
