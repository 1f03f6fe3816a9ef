"""One standard per file or folder: iCalendar, CSV, feeds."""

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class InteropConfig(AppConfig):
    name = "convenor.interop"
    verbose_name = _("Interop")

    def ready(self) -> None:
        # Models may be imported from here on, not before.
        import_string("convenor.interop.registrations.register")()
