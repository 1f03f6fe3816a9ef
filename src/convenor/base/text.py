"""What no text may hold, whatever way it comes in: form, file, command or feed."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext

# Line ends and tabs are typed by people; every other control character is somebody's accident.
_ALLOWED = frozenset("\t\n\r")


def validate_text(value: str) -> None:
    """Raise ValidationError for NUL and other control characters, and for halves of surrogate pairs. Emoji are fine.

    PostgreSQL refuses NUL, and neither engine can keep a lone surrogate: better a sentence than a failure later.
    """
    for place, character in enumerate(value, start=1):
        if character not in _ALLOWED and unicodedata.category(character) in {"Cc", "Cs"}:
            sentence = gettext("Character %(place)d is one that can't be kept (U+%(code)s).")
            raise ValidationError(
                sentence % {"place": place, "code": f"{ord(character):04X}"}, code="bad_character"
            )


def text_problems(instance: models.Model) -> dict[str, ValidationError]:
    """What is wrong with the characters of a row's texts, by field."""
    problems: dict[str, ValidationError] = {}
    for field in instance._meta.concrete_fields:
        value = getattr(instance, field.attname)
        if isinstance(value, str) and not value.isprintable():
            try:
                validate_text(value)
            except ValidationError as error:
                problems[field.name] = error
    return problems
