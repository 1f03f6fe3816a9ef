"""Attendance: rolls, seats, registration, check-in."""

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class AttendanceConfig(AppConfig):
    name = "convenor.attendance"
    verbose_name = _("Attendance")

    def ready(self) -> None:
        # Models may be imported from here on, not before.
        import_string("convenor.attendance.registrations.register")()
