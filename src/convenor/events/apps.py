"""Events: their classes, functions, programme, tasks, readiness and papers."""

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "convenor.events"
    verbose_name = _("Events")

    def ready(self) -> None:
        # Models may be imported from here on, not before.
        import_string("convenor.events.registrations.register")()
