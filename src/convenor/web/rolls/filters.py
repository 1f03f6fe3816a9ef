"""The filter over a roll's seats, read from the address; the exports read the same names (web/roll_papers.py)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from convenor.attendance.enums import SeatState, Source
from convenor.attendance.queries.seats import BY_STATE, SORTS, SeatsAsked
from convenor.base.forms import ActionForm, TextField

MOST_TEXT = 100


class SeatsForm(ActionForm):
    """The list's filter, read from the address; what can't be read is left out. The exports read the same names."""

    q = TextField(label=_("Name, e-mail or organisation"), max_length=MOST_TEXT, required=False)
    state = forms.MultipleChoiceField(label=_("State"), required=False, choices=SeatState.choices)
    department = forms.TypedChoiceField(label=_("Department"), coerce=int, required=False, empty_value=None)
    source = forms.ChoiceField(
        label=_("Came by"), required=False, choices=[("", _("Any way")), *Source.choices]
    )
    sort = forms.ChoiceField(
        required=False, choices=[(name, name) for name in SORTS], widget=forms.HiddenInput
    )

    def __init__(
        self, query: QueryDict, *, departments: Callable[[], Sequence[tuple[int, str]]], **kwargs: Any
    ) -> None:
        super().__init__(query, auto_id="filter_%s", **kwargs)
        field = self.fields["department"]
        assert isinstance(field, forms.ChoiceField)
        # A callable: they are only asked for where the filter is shown, or names one
        field.choices = lambda: [("", gettext("Every department")), *departments()]

    @property
    def asked(self) -> SeatsAsked:
        data = self.read
        return SeatsAsked(
            text=data.get("q", ""),
            states=tuple(SeatState(each) for each in data.get("state", ())),
            department_id=data.get("department"),
            source=Source(data["source"]) if data.get("source") else None,
            sort=data.get("sort") or BY_STATE,
        )

    @property
    def read(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data

    @property
    def query(self) -> QueryDict:
        """The filter as an address says it, without what doesn't filter."""
        given = QueryDict(mutable=True)
        for name, value in self.read.items():
            if value not in (None, "", []):
                given.setlist(
                    name, [str(each) for each in value] if isinstance(value, list) else [str(value)]
                )
        return given

    def with_state(self, state: str) -> str:
        """The address's query that shows that state alone, or every one again if it does already."""
        given = self.query
        is_alone = given.getlist("state") == [state]
        given.setlist("state", [] if is_alone or not state else [state])
        return given.urlencode()

    def with_sort(self, sort: str) -> str:
        given = self.query
        given["sort"] = sort
        return given.urlencode()
