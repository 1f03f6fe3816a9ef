"""Sites, rooms, equipment, closures."""

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class VenuesConfig(AppConfig):
    name = "convenor.venues"
    verbose_name = _("Venues")

    def ready(self) -> None:
        import_string(
            "convenor.venues.registrations.register"
        )()  # models may be imported from here on, not before
