"""When a person works, and when not."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from convenor.people.enums import LeaveKind
from convenor.people.models.person import Person


class WorkingHours(models.Model):
    """One span on one weekday (0 is Monday), in the person's local time."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="working_hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"))
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))

    class Meta:
        ordering = ("weekday", "starts")
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        constraints = [
            models.CheckConstraint(
                name="working_hours_in_order",
                condition=Q(ends__gt=F("starts")),
                violation_error_message=_("Working hours must end after they start."),
            ),
            models.CheckConstraint(name="working_hours_weekday", condition=Q(weekday__lte=6)),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts:%H:%M}–{self.ends:%H:%M}"


class WorkingException(models.Model):
    """Other hours on one day; no hours at all means that the person doesn't work that day."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="working_exceptions")
    day = models.DateField(_("day"))
    starts = models.TimeField(_("from"), null=True, blank=True)
    ends = models.TimeField(_("until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=120, blank=True)

    class Meta:
        ordering = ("day", "starts")
        verbose_name = _("exception to working hours")
        verbose_name_plural = _("exceptions to working hours")
        constraints = [
            models.CheckConstraint(
                name="working_exception_in_order",
                condition=Q(starts__isnull=True, ends__isnull=True) | Q(ends__gt=F("starts")),
                violation_error_message=_("Working hours must end after they start."),
            )
        ]
        indexes = [models.Index(fields=["person", "day"])]

    def __str__(self) -> str:
        return f"{self.person_id} {self.day}"


class Leave(models.Model):
    """Whole days away, both ends included, in the person's zone."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="leave")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until and including"))
    kind = models.CharField(_("kind"), max_length=10, choices=LeaveKind, default=LeaveKind.HOLIDAY)
    note = models.CharField(_("note"), max_length=120, blank=True)

    class Meta:
        ordering = ("starts_on",)
        verbose_name = _("leave")
        verbose_name_plural = _("leave")
        constraints = [
            models.CheckConstraint(
                name="leave_in_order",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("Leave must not end before it starts."),
            )
        ]
        indexes = [models.Index(fields=["person", "ends_on"])]

    def __str__(self) -> str:
        return f"{self.person_id} {self.starts_on}–{self.ends_on}"
