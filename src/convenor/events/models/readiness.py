"""What readiness leaves behind: waivers, and a point a day for the trend."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from convenor.events.models.event import Event
from convenor.people.models import Person


class Waiver(models.Model):
    """Somebody takes it on themselves that a check isn't met. `subject` narrows it to one finding ("" is the whole check)."""

    event = models.ForeignKey(
        Event, models.CASCADE, db_index=False, related_name="waivers"
    )  # leads the index of waiver_once
    check_code = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, blank=True)
    reason = models.CharField(_("why"), max_length=300)
    waived_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    waiver_name = models.CharField(max_length=160)
    waived_at = models.DateTimeField()

    class Meta:
        verbose_name = _("waiver")
        verbose_name_plural = _("waivers")
        constraints = [models.UniqueConstraint(fields=["event", "check_code", "subject"], name="waiver_once")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.check_code}"


class ReadinessPoint(models.Model):
    """How ready the event was at the end of a day."""

    event = models.ForeignKey(
        Event, models.CASCADE, db_index=False, related_name="readiness_points"
    )  # leads the index of readiness_point_once
    day = models.DateField()
    ok = models.PositiveSmallIntegerField()
    attention = models.PositiveSmallIntegerField()
    blocking = models.PositiveSmallIntegerField()
    waived = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("event", "day")
        verbose_name = _("point of the readiness trend")
        verbose_name_plural = _("readiness trend")
        constraints = [models.UniqueConstraint(fields=["event", "day"], name="readiness_point_once")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.day}"
