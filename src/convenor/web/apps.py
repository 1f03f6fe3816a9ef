"""The screens."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "convenor.web"
    verbose_name = _("Web")
