"""A site: where rooms are, its zone, opening hours and the way to the other sites."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from convenor.base.zones import validate_zone


class Site(models.Model):
    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    zone = models.CharField(_("time zone"), max_length=64, validators=[validate_zone])
    country = models.CharField(_("country (ISO 3166-1)"), max_length=2)
    subdivision = models.CharField(_("subdivision (ISO 3166-2)"), max_length=6, blank=True)
    address = models.TextField(_("address"), blank=True)
    currency = models.CharField(_("currency (ISO 4217)"), max_length=3, default="EUR")
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ("name",)
        verbose_name = _("site")
        verbose_name_plural = _("sites")

    def __str__(self) -> str:
        return self.name


class SiteHours(models.Model):
    """One opening span on one weekday (0 is Monday), in the site's local time."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"))
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        ordering = ("weekday", "opens")
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        constraints = [
            models.CheckConstraint(
                name="site_hours_in_order",
                condition=Q(closes__gt=F("opens")),
                violation_error_message=_("A site must close after it opens."),
            ),
            models.CheckConstraint(name="site_hours_weekday", condition=Q(weekday__lte=6)),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.weekday} {self.opens:%H:%M}–{self.closes:%H:%M}"


class SiteTravel(models.Model):
    """Door-to-door minutes from one site to another; each direction is its own row."""

    origin = models.ForeignKey(Site, models.CASCADE, related_name="travel_from")
    destination = models.ForeignKey(Site, models.CASCADE, related_name="travel_to")
    minutes = models.PositiveIntegerField(_("minutes"))

    class Meta:
        verbose_name = _("travel time")
        verbose_name_plural = _("travel times")
        constraints = [
            models.UniqueConstraint(fields=["origin", "destination"], name="one_travel_time_each_way"),
            models.CheckConstraint(name="travel_between_two_sites", condition=~Q(origin=F("destination"))),
        ]

    def __str__(self) -> str:
        return f"{self.origin_id} → {self.destination_id}: {self.minutes}"
