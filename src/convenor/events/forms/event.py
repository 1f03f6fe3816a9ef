"""The form of an event's cover, new or changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from convenor.base.actor import Actor
from convenor.base.forms import ActionForm, TextField, WallClockField, ZoneField
from convenor.events.drafts import EventDraft
from convenor.events.enums import Confidentiality
from convenor.events.models import Event
from convenor.events.queries.classes import ClassRow
from convenor.events.queries.drafts import event_draft_of
from convenor.events.rules.event import LONGEST_TEXT, LONGEST_TITLE, MOST_PEOPLE
from convenor.people.models import Person
from convenor.people.queries.people import department_tree_for, organisations_for
from convenor.scheduling.enums import Priority
from convenor.scheduling.forms.fields import OnePersonField
from convenor.venues.queries.sites import sites_for

INDENT = "\u2003"
PEOPLE = ("owner_id", "sponsor_id", "budget_holder_id")
SAME = (
    *("title", "zone", "host_department_id", "site_id", "priority", "load_in", "starts", "ends", "load_out"),
    *("expected_count", "guaranteed_count", "actual_count", "objectives", "notes"),
)
_SEARCHED = {
    "data-combobox": "",
    "data-text-remove": _("Remove {label}"),
    "data-text-none": _("Nothing found"),
    "data-text-found": _("{n} found"),
}


def _keys(**kwargs: Any) -> forms.TypedMultipleChoiceField:
    widget = forms.SelectMultiple(attrs=_SEARCHED)
    return forms.TypedMultipleChoiceField(coerce=int, required=False, widget=widget, **kwargs)


def _count(**kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(min_value=0, max_value=MOST_PEOPLE, required=False, **kwargs)


class EventForm(ActionForm):
    """Cleans to an EventDraft (`draft`), whose fields its own are named as."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)
    title = TextField(label=_("title"), max_length=LONGEST_TITLE)
    class_version_id = forms.TypedChoiceField(
        label=_("event class"),
        coerce=int,
        choices=[],
        error_messages={
            "invalid_choice": _("This class was changed meanwhile, or is no longer offered. Choose it again.")
        },
    )
    owner_id = OnePersonField(label=_("coordinator"), required=True)
    sponsor_id = OnePersonField(label=_("sponsor"), required=False)
    budget_holder_id = OnePersonField(label=_("budget holder"), required=False)
    host_department_id = forms.TypedChoiceField(
        label=_("host department"), coerce=int, empty_value=None, required=False, choices=[]
    )
    department_ids = _keys(label=_("participating departments"))
    organisation_ids = _keys(label=_("external organisations"))
    site_id = forms.TypedChoiceField(
        label=_("site"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[],
        help_text=_("Its public holidays count for working days."),
    )
    zone = ZoneField(required=False, help_text=_("Empty: as the site."))
    confidentiality = forms.TypedChoiceField(
        label=_("confidentiality"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", _("As its class says")), *Confidentiality.choices],
    )
    priority = forms.TypedChoiceField(
        label=_("priority"), choices=Priority.choices, coerce=int, initial=Priority.NORMAL
    )
    load_in = WallClockField(label=_("load-in"), required=False)
    starts = WallClockField(label=_("starts"), required=False)
    ends = WallClockField(label=_("ends"), required=False)
    load_out = WallClockField(label=_("load-out"), required=False)
    expected_count = _count(label=_("expected count"))
    guaranteed_count = _count(label=_("guaranteed count"))
    actual_count = _count(label=_("actual count"))
    objectives = TextField(label=_("objectives"), lines=3, max_length=LONGEST_TEXT, required=False)
    notes = TextField(label=_("notes"), lines=4, max_length=LONGEST_TEXT, required=False)

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        classes: Sequence[ClassRow] = (),
        event: Event | None = None,
        **kwargs: Any,
    ) -> None:
        """`classes` are offered for a new event; an `event` that is there keeps its own."""
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.event, self.classes = event, {row.current.pk: row for row in classes}
        for name in PEOPLE:
            field = self.fields[name]
            assert isinstance(field, OnePersonField)
            field.actor = actor
        language = get_language() or "en"
        titles = [(row.current.pk, row.policy.title.to(language)) for row in classes]
        departments = [(each.pk, INDENT * depth + each.name) for each, depth in department_tree_for(actor)]
        others = organisations_for(actor).filter(is_own=False)
        self.sites = {site.pk: site for site in sites_for(actor)}
        # Nothing is chosen beforehand: a class brings tasks and functions, and the first of the alphabet is no guess.
        self._offer(
            "class_version_id", [("", _("Choose a class")), *sorted(titles, key=lambda pair: pair[1])]
        )
        self._offer("host_department_id", [("", _("None")), *departments])
        self._offer("department_ids", [(key, name.strip(INDENT)) for key, name in departments])
        self._offer("organisation_ids", list(others.values_list("pk", "name")))
        self._offer("site_id", [("", _("None")), *((pk, site.name) for pk, site in self.sites.items())])
        if event is not None:
            del self.fields["class_version_id"]
            self._offer("confidentiality", Confidentiality.choices)
            self.fields["confidentiality"].required = True

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_department_ids(self) -> tuple[int, ...]:
        return tuple(self.cleaned_data["department_ids"])

    def clean_organisation_ids(self) -> tuple[int, ...]:
        return tuple(self.cleaned_data["organisation_ids"])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not data.get("zone"):
            site = self.sites.get(data.get("site_id") or 0)
            data["zone"] = site.zone if site else self.initial.get("zone", "")
        if not data["zone"] and "zone" not in self.errors:
            self.add_error("zone", _("Say in which time zone it takes place."))
        return data

    @property
    def draft(self) -> EventDraft:
        """Of a form that is valid."""
        data = self.cleaned_data
        people: dict[str, Person | None] = {name: data[name] for name in PEOPLE}
        owner = people["owner_id"]
        assert owner is not None  # required
        return EventDraft(
            **{name: data[name] for name in SAME},
            class_version_id=self.event.class_version_id if self.event else data["class_version_id"],
            owner_id=owner.pk,
            sponsor_id=_key(people["sponsor_id"]),
            budget_holder_id=_key(people["budget_holder_id"]),
            department_ids=data["department_ids"],
            organisation_ids=data["organisation_ids"],
            confidentiality=self._confidentiality(),
        )

    def _confidentiality(self) -> Confidentiality:
        given = self.cleaned_data["confidentiality"]
        if given is not None:
            return Confidentiality(given)
        return self.classes[self.cleaned_data["class_version_id"]].policy.confidentiality

    def on_top_of(self, version: int) -> EventForm:
        """The same as sent, to be saved over what others changed meanwhile."""
        assert isinstance(self.data, MultiValueDict)
        data = self.data.copy()
        data["version"] = str(version)
        form = EventForm(data, actor=self.actor, event=self.event, initial=self.initial)
        form.is_valid()
        return form


def _key(person: Person | None) -> int | None:
    return person.pk if person else None


def initial_of(event: Event) -> dict[str, Any]:
    """The event as it is, for EventForm."""
    draft = event_draft_of(event)
    same = {name: getattr(draft, name) for name in SAME}
    return {
        **same,
        "version": event.version,
        "owner_id": event.owner,
        "sponsor_id": event.sponsor,
        "budget_holder_id": event.budget_holder,
        "department_ids": list(draft.department_ids),
        "organisation_ids": list(draft.organisation_ids),
        "confidentiality": draft.confidentiality,
    }
