"""Meetings, series, occurrences, bookings, free/busy, conflicts."""

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class SchedulingConfig(AppConfig):
    name = "convenor.scheduling"
    verbose_name = _("Scheduling")

    def ready(self) -> None:
        # Models may be imported from here on, not before.
        import_string("convenor.scheduling.registrations.register")()
