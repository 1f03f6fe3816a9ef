"""People, departments, organisations, delegation, working hours."""

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "convenor.people"
    verbose_name = _("People")

    def ready(self) -> None:
        import_string(
            "convenor.people.registrations.register"
        )()  # models may be imported from here on, not before
