"""The directory's filter, read from the address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from convenor.base.actor import Actor
from convenor.base.forms import ActionForm, TextField
from convenor.base.permissions import may
from convenor.people.enums import PersonKind
from convenor.people.queries.people import department_tree_for

INDENT = "\u2003"


class DirectoryForm(ActionForm):
    """`asked` are the keyword arguments of people_for."""

    q = TextField(label=_("Name, e-mail, job or department"), max_length=100, required=False)
    department = forms.TypedChoiceField(label=_("Department"), coerce=int, required=False, empty_value=None)
    kind = forms.ChoiceField(label=_("Who"), required=False)
    left = forms.BooleanField(label=_("Those who left too"), required=False)

    def __init__(self, query: QueryDict, *, actor: Actor) -> None:
        super().__init__(query or None)
        self.tree = department_tree_for(actor)
        departments = [(each.pk, INDENT * depth + each.name) for each, depth in self.tree]
        self._offer("department", [("", gettext("Every department")), *departments])
        self._offer("kind", [("", gettext("Everybody")), *PersonKind.choices])
        if not self.tree:
            del self.fields["department"]
        if not may(actor, "person.edit"):
            del self.fields["left"]

    def _offer(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def asked(self) -> dict[str, Any]:
        if not self.is_bound or not self.is_valid():
            return {}
        data = self.cleaned_data
        return {
            "text": data.get("q", ""),
            "department": data.get("department"),
            "kind": data.get("kind") or None,
            "active": None if data.get("left") else True,
        }

    @property
    def branches(self) -> list[dict[str, Any]]:
        """The department tree as links, with how many people are directly in each."""
        path, picked = reverse("people"), self.asked.get("department")
        return [
            {
                "label": each.name,
                "href": f"{path}?department={each.pk}",
                "depth": min(depth, 4),
                "count": each.headcount,  # type: ignore[attr-defined]  # annotated by departments_for
                "current": each.pk == picked,
            }
            for each, depth in self.tree
        ]
