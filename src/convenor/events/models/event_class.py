"""Event classes: policy as data, kept as the TOML that people wrote, in numbered versions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from convenor.base.append_only import AppendOnly
from convenor.people.models import Person


class EventClass(models.Model):
    code = models.SlugField(_("code"), max_length=40, unique=True)
    is_active = models.BooleanField(_("offered for new events"), default=True)

    class Meta:
        ordering = ("code",)
        verbose_name = _("event class")
        verbose_name_plural = _("event classes")

    def __str__(self) -> str:
        return self.code


class ClassVersion(models.Model):
    """One wording of a class. Never changed once written: events keep the version they were made with."""

    event_class = models.ForeignKey(
        EventClass, models.CASCADE, db_index=False, related_name="versions"
    )  # leads the index of class_version_once
    number = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("policy (TOML)"))
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, db_index=False, related_name="+"
    )

    class Meta:
        ordering = ("event_class", "-number")
        verbose_name = _("version of an event class")
        verbose_name_plural = _("versions of event classes")
        constraints = [
            models.UniqueConstraint(fields=["event_class", "number"], name="class_version_once"),
            AppendOnly(name="class_version_append_only"),
        ]

    def __str__(self) -> str:
        return f"{self.event_class} {self.number}"
