"""The one validator of interface languages."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def validate_language(code: str) -> None:
    """Raise ValidationError for a language that Convenor does not speak."""
    if code not in dict(settings.LANGUAGES):
        raise ValidationError(
            _("Convenor does not speak “%(code)s”."), params={"code": code}, code="unknown_language"
        )
