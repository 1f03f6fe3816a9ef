"""One standard per file or folder: iCalendar, CSV, feeds."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InteropConfig(AppConfig):
    name = "convenor.interop"
    verbose_name = _("Interop")
