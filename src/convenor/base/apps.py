"""What every app stands on."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BaseConfig(AppConfig):
    name = "convenor.base"
    verbose_name = _("Foundation")
