"""Column types that Django lacks."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from convenor.kernel.instants import LocalTime

FORM = "%Y-%m-%dT%H:%M:%S"


class EmailAddressField(models.EmailField):  # type: ignore[type-arg]  # value type is str as the base's
    """An e-mail address kept in lower case: `unique` and lookups are then case-insensitive."""

    description = _("E-mail address in lower case")

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        return text.strip().lower() if isinstance(text, str) else text

    def get_prep_value(self, value: Any) -> Any:
        return self.to_python(super().get_prep_value(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value


class LocalDateTimeField(models.CharField):  # type: ignore[type-arg]  # value type is LocalTime, not str
    """A wall-clock time without a zone (the zone stands beside it), kept as sortable ISO 8601 text.

    Django's own DateTimeField holds instants and refuses naive values; a series' start is no
    instant until a zone's rules are applied to it.
    """

    description = _("Local date and time")

    if TYPE_CHECKING:  # what django-stubs reads a column's Python types from
        _pyi_private_set_type: LocalTime  # type: ignore[assignment]  # not the text that it is kept as
        _pyi_private_get_type: LocalTime  # type: ignore[assignment]  # not the text that it is kept as

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 19
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def from_db_value(self, value: str | None, *_rest: object) -> LocalTime | None:
        return None if value is None else LocalTime(datetime.fromisoformat(value))

    def to_python(self, value: Any) -> LocalTime | None:
        if value is None:
            return None
        if isinstance(value, datetime):
            return LocalTime(value)
        try:
            return LocalTime(datetime.fromisoformat(str(value)))
        except ValueError as error:
            raise ValidationError(
                _("“%(value)s” is not a date and time."), params={"value": value}
            ) from error

    def get_prep_value(self, value: Any) -> str | None:
        local = self.to_python(value)
        if local is not None and local.tzinfo is not None:
            raise ValueError(f"{self.name} is a local time; {local!r} carries a zone")
        return None if local is None else local.strftime(FORM)

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj)) or ""
