"""What every app stands on."""

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class BaseConfig(AppConfig):
    name = "convenor.base"
    verbose_name = _("Foundation")

    def ready(self) -> None:
        import_string(
            "convenor.base.registrations.register"
        )()  # models may be imported from here on, not before
