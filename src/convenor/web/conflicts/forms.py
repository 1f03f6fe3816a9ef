"""What narrows the list, read from the address; and what is posted about one conflict."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from convenor.base.actor import Actor
from convenor.base.forms import ActionForm, TextField
from convenor.base.permissions import may
from convenor.scheduling.enums import ConflictKind, Severity
from convenor.scheduling.queries.conflicts import people_in_conflicts_for
from convenor.venues.queries.sites import sites_for

SEVERITIES = (
    (Severity.SERIOUS, _("Serious only")),
    (Severity.WARNING, _("Serious and warnings")),
    (Severity.NOTICE, _("Everything")),
)
USUAL = Severity.WARNING
NAMES = ("who", "severity", "kind", "site", "person", "page")


class NarrowForm(ActionForm):
    """`narrowed` are the arguments of `conflicts_for`; what can't be read narrows nothing."""

    who = forms.ChoiceField(label=_("Whose"), required=False)
    severity = forms.TypedChoiceField(
        label=_("How bad"), choices=SEVERITIES, coerce=int, required=False, empty_value=None
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    site = forms.TypedChoiceField(label=_("Site"), coerce=int, required=False, empty_value=None)
    person = forms.TypedChoiceField(label=_("Person"), coerce=int, required=False, empty_value=None)

    def __init__(self, query: QueryDict, *, actor: Actor, now: datetime) -> None:
        super().__init__({"severity": USUAL, **query.dict()})
        self.sees_all = may(actor, "conflict.see_all")
        self._offer("who", [("", gettext("Everybody’s")), ("me", gettext("Mine"))])
        self._offer("kind", [("", gettext("Any kind")), *ConflictKind.choices])
        self._offer("site", [("", gettext("Any site")), *((site.pk, site.name) for site in sites_for(actor))])
        self._offer("person", [("", gettext("Anybody")), *people_in_conflicts_for(actor, now=now)])
        if not self.sees_all:
            del self.fields["who"]

    def _offer(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def narrowed(self) -> dict[str, Any]:
        self.is_valid()
        data = self.cleaned_data
        return {
            "mine": data.get("who") == "me",
            "severity": data.get("severity") or USUAL,
            "kinds": [data["kind"]] if data.get("kind") else None,
            "site": data.get("site"),
            "person": data.get("person"),
        }

    @property
    def is_narrowed(self) -> bool:
        narrowed = self.narrowed
        return narrowed["severity"] > Severity.NOTICE or any(
            narrowed[name] for name in ("mine", "kinds", "site", "person")
        )


class MendForm(ActionForm):
    way = forms.CharField(max_length=200)


class IgnoreForm(ActionForm):
    reason = TextField(label=_("Why it may stay as it is"), max_length=300)


def kept(query: QueryDict) -> str:
    """The address of the list as it was narrowed, only with names that it knows."""
    return urlencode({name: query[name] for name in NAMES if query.get(name)})
