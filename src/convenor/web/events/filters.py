"""The filter over events, read from the address: the list, the board and the calendar share it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from convenor.base.actor import Actor
from convenor.base.forms import ActionForm, TextField
from convenor.events.enums import Confidentiality, EventState
from convenor.events.queries.classes import classes_for
from convenor.events.queries.listed import ANY, SORTS, Asked, event_owners
from convenor.kernel.instants import ZoneName, datetime_of
from convenor.kernel.weekly_hours import days_span
from convenor.people.queries.people import department_tree_for
from convenor.scheduling.forms.fields import day_field

INDENT = "\u2003"
MOST_TEXT, LONGEST_QUERY = 100, 500


class EventsForm(ActionForm):
    """Cleans to Asked (`asked`). What can't be read is left out."""

    q = TextField(label=_("Title"), max_length=MOST_TEXT, required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Not over")), *EventState.choices, (ANY, _("Every state"))],
    )
    class_code = forms.ChoiceField(label=_("Class"), required=False)
    owner = forms.TypedChoiceField(label=_("Coordinator"), coerce=int, required=False, empty_value=None)
    department = forms.TypedChoiceField(label=_("Department"), coerce=int, required=False, empty_value=None)
    confidentiality = forms.TypedChoiceField(
        label=_("Confidentiality"),
        coerce=int,
        required=False,
        empty_value=None,
        choices=[("", _("Any")), *Confidentiality.choices],
    )
    first = day_field(label=_("From"))
    last = day_field(label=_("Until"))
    mine = forms.BooleanField(label=_("Mine"), required=False)
    sort = forms.ChoiceField(
        required=False,
        choices=[(name, name) for each in SORTS for name in (each, f"-{each}")],
        widget=forms.HiddenInput(),
    )

    def __init__(self, query: QueryDict, *, actor: Actor, zone: ZoneName) -> None:
        super().__init__(query)
        self.zone, language = zone, get_language() or "en"
        classes = [
            (row.event_class.code, row.policy.title.to(language))
            for row in classes_for(actor, with_retired=True)
        ]
        departments = [(each.pk, INDENT * depth + each.name) for each, depth in department_tree_for(actor)]
        self._offer("class_code", [("", gettext("Every class")), *sorted(classes, key=lambda pair: pair[1])])
        self._offer("owner", [("", gettext("Everybody")), *event_owners(actor)])
        self._offer("department", [("", gettext("Every department")), *departments])
        self.titles = dict(classes)

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def asked(self) -> Asked:
        data = self.read
        first, last = data.get("first"), data.get("last")
        return Asked(
            text=data.get("q", ""),
            state=data.get("state", ""),
            class_code=data.get("class_code", ""),
            owner_id=data.get("owner"),
            department_id=data.get("department"),
            confidentiality=data.get("confidentiality"),
            starts=datetime_of(days_span(first, first, self.zone).start) if first else None,
            ends=datetime_of(days_span(last, last, self.zone).end) if last else None,
            mine=bool(data.get("mine")),
            sort=data.get("sort") or "starts",
        )

    @property
    def read(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data

    @property
    def is_filtered(self) -> bool:
        return any(value for name, value in self.read.items() if name != "sort")

    @property
    def query(self) -> str:
        """The filter as the part of an address after the question mark, without what doesn't filter."""
        given = QueryDict(mutable=True)
        for name, value in self.read.items():
            if value not in (None, "", False):
                given[name] = "on" if value is True else _text(value)
        return given.urlencode()

    def with_sort(self, name: str) -> str:
        """The address's query with the list sorted by that column, the other way round if it is already."""
        given = QueryDict(self.query, mutable=True)
        given["sort"] = f"-{name}" if self.asked.sort == name else name
        return given.urlencode()


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


class SaveViewForm(ActionForm):
    """save_view."""

    name = TextField(label=_("name of the filter"), max_length=60)
    query = TextField(max_length=LONGEST_QUERY, required=False)
