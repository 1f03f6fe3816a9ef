"""Fields that forms of the schedule share."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms.boundfield import BoundField
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from convenor.base.actor import Actor
from convenor.base.forms import date_field
from convenor.people.models import Person
from convenor.people.queries.emails import people_by_email_for
from convenor.scheduling.rules.draft import FIRST_YEAR, LAST_YEAR, MOST_ATTENDEES

LONGEST_LIST = MOST_ATTENDEES * 100
MOST_KEY = 2**63 - 1  # what a primary key can be on either engine


def day_field(**kwargs: Any) -> forms.DateField:
    """A day in the years in which meetings take place."""
    first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    return date_field(
        required=False, validators=[MinValueValidator(first), MaxValueValidator(last)], **kwargs
    )


class PeopleBoundField(BoundField):
    """Tells the page the names behind the e-mails that stand in the field."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        built = super().build_widget_attrs(attrs, widget)
        return {**built, "data-labels": json.dumps({person.email: person.name for person in self._people()})}

    def _people(self) -> tuple[Person, ...]:
        value = getattr(self.form, "cleaned_data", {}).get(self.name) if self.form.is_bound else self.initial
        if isinstance(value, Person):
            return (value,)
        return value if isinstance(value, tuple) else ()


class PeopleField(forms.CharField):
    """People the actor may see, by e-mails separated by commas, semicolons or lines. Cleans to a tuple of Person, each once."""

    actor: Actor = Actor.nobody()

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_LIST)
        kwargs.setdefault("widget", people_input())
        super().__init__(**kwargs)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> PeopleBoundField:
        return PeopleBoundField(form, self, field_name)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        return ", ".join(person.email for person in value)

    def clean(self, value: Any) -> Any:
        text = super().clean(self.prepare_value(value))
        written = [part.strip() for part in text.replace(";", ",").replace("\n", ",").split(",")]
        try:
            found = people_by_email_for(self.actor, list(dict.fromkeys(part for part in written if part)))
        except ValidationError as error:
            raise ValidationError(error.messages, code="unknown_person") from error
        return tuple({person.pk: person for person in found.values()}.values())


class OnePersonField(PeopleField):
    """One person by e-mail. Cleans to a Person, or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=people_input(placeholder=""), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return super().prepare_value((value,) if isinstance(value, Person) else value)

    def clean(self, value: Any) -> Any:
        found: Sequence[Person] = super().clean(value)
        if len(found) > 1:
            raise ValidationError(_("Name one person."), code="too_many")
        return found[0] if found else None


NAME_OR_EMAIL = _("Name or e-mail")


def people_input(*, placeholder: Any = NAME_OR_EMAIL) -> forms.TextInput:
    """A text of e-mails that the page turns into chips with search."""
    return forms.TextInput(
        attrs={
            "data-combobox": "",
            "data-source": reverse_lazy("people.suggest"),
            "data-placeholder": placeholder,
            "data-text-remove": _("Remove {label}"),
            "data-text-none": _("Nobody found"),
            "data-text-found": _("{n} found"),
            "autocomplete": "off",
            "spellcheck": "false",
        }
    )
