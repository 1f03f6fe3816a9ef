"""People, departments, organisations, delegation, working hours."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "convenor.people"
    verbose_name = _("People")
