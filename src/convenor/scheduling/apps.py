"""Meetings, series, occurrences, bookings, free/busy, conflicts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchedulingConfig(AppConfig):
    name = "convenor.scheduling"
    verbose_name = _("Scheduling")
