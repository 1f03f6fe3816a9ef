"""What every form stands on: cleaned data are an action's arguments, and an action's refusal goes back to its fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.boundfield import BoundField
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from convenor.base.changes import sentences
from convenor.base.text import validate_text
from convenor.base.weeks import validate_week
from convenor.base.zones import validate_zone
from convenor.kernel.instants import LocalTime
from convenor.kernel.week_text import WeekRow


class ActionForm(forms.Form):
    """`cleaned_data` are the keyword arguments of one action."""

    def refuse(self, error: ValidationError) -> None:
        """Show what an action refused, at the fields that it names; what the form has no field for is shown on top."""
        for name, texts in sentences(error).items():
            for text in texts:
                self.add_error(name if name in self.fields else None, text)

    @property
    def top_errors(self) -> list[str]:
        """What belongs to no field."""
        return [str(text) for text in self.errors.get(NON_FIELD_ERRORS, [])]


class TextField(forms.CharField):
    """A line of text, or several with `lines`."""

    default_validators = [validate_text]

    def __init__(self, *, lines: int = 1, **kwargs: Any) -> None:
        if lines > 1:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": lines}))
        super().__init__(**kwargs)


class ZoneField(forms.CharField):
    """An IANA zone name; the page offers the known ones in a data list."""

    default_validators = [validate_zone]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("time zone"))
        kwargs.setdefault("max_length", 64)
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"list": "zones", "autocomplete": "off", "spellcheck": "false"})
        )
        super().__init__(**kwargs)


class WallClockField(forms.Field):
    """A local date and time, whose zone another field or row says: `LocalTime`, never an instant."""

    default_error_messages = {"invalid": _("Write a date and a time, such as 2026-12-07T09:30.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> LocalTime | None:
        if value in self.empty_values:
            return None
        try:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        if moment.tzinfo is not None or not 1970 <= moment.year <= 2100:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return LocalTime(moment.replace(second=0, microsecond=0))


def date_field(**kwargs: Any) -> forms.DateField:
    """A day, in the browser's own picker."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, input_formats=["%Y-%m-%d"], **kwargs)


def time_field(**kwargs: Any) -> forms.TimeField:
    """A time of day, in the browser's own picker."""
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(widget=widget, input_formats=["%H:%M", "%H:%M:%S"], **kwargs)


@dataclass(frozen=True, slots=True)
class WeekDay:
    """A row of the week's table: the day's name, and its pairs of fields from/until."""

    name: str
    stretches: list[tuple[BoundField, BoundField]]


class WeekForm(ActionForm):
    """Weekly hours with two stretches a day; `cleaned_data` is `hours`. `WeekForm(initial=WeekForm.initial_of(rows))` shows some."""

    STRETCHES = 2

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day, number in self._places():
            label = {"day": WEEKDAYS[day]}
            self.fields[f"from_{day}_{number}"] = time_field(
                required=False, label=gettext("%(day)s from") % label
            )
            self.fields[f"until_{day}_{number}"] = time_field(
                required=False, label=gettext("%(day)s until") % label
            )

    @classmethod
    def initial_of(cls, rows: Iterable[WeekRow]) -> dict[str, time]:
        """Initial values that show these hours; of a day with more than STRETCHES only the first."""
        initial: dict[str, time] = {}
        taken = dict.fromkeys(range(7), 0)
        for day, starts, ends in sorted(rows):
            initial |= {f"from_{day}_{taken[day]}": starts, f"until_{day}_{taken[day]}": ends}
            taken[day] += 1
        return initial

    @property
    def days(self) -> list[WeekDay]:
        return [
            WeekDay(
                str(WEEKDAYS[day]),
                [
                    (self[f"from_{day}_{number}"], self[f"until_{day}_{number}"])
                    for number in range(self.STRETCHES)
                ],
            )
            for day in range(7)
        ]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        hours: list[WeekRow] = []
        for day, number in self._places():
            starts, ends = data.get(f"from_{day}_{number}"), data.get(f"until_{day}_{number}")
            if starts is not None and ends is not None:
                hours.append((day, starts, ends))
            elif (starts is None) != (ends is None) and not self.errors:
                missing = f"{'from' if starts is None else 'until'}_{day}_{number}"
                self.add_error(missing, gettext("Give both times, or none."))
        if not self.errors:
            try:
                validate_week(hours)
            except ValidationError as error:
                self.refuse(error)
        return {"hours": hours}

    def _places(self) -> Iterator[tuple[int, int]]:
        return ((day, number) for day in range(7) for number in range(self.STRETCHES))
