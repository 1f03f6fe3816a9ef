"""Forms of people and how the company is made up. What they clean are the arguments of the actions of the same name."""

from __future__ import annotations

import json
from email.utils import parseaddr
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.urls import reverse_lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from convenor.base.actor import Actor
from convenor.base.enums import Scope
from convenor.base.forms import ActionForm, TextField, WeekForm, ZoneField, date_field, time_field
from convenor.base.permissions import may
from convenor.people.enums import LeaveKind, PersonKind
from convenor.people.models import CostBand, Department, Organisation, Person, PersonNeeds
from convenor.people.queries.people import (
    cost_bands_for,
    departments_for,
    organisations_for,
    person_by_email_for,
)
from convenor.venues.models import Site
from convenor.venues.queries.sites import sites_for


def _person_attributes() -> dict[str, Any]:
    """What the page's search box reads (docs/design-system.md, `data-combobox`)."""
    return {
        "data-combobox": "",
        "data-source": reverse_lazy("people.suggest"),
        "data-placeholder": _("Name or e-mail"),
        "data-text-remove": _("Remove {label}"),
        "data-text-none": _("Nobody found"),
        "data-text-found": _("{n} found"),
        "autocomplete": "off",
        "spellcheck": "false",
    }


class PersonField(forms.CharField):
    """Somebody the actor may see, by e-mail; the page offers people as one types. Cleans to a Person, or None."""

    actor: Actor = Actor.nobody()

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs=_person_attributes()))
        kwargs.setdefault("max_length", 420)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Person):
            return value
        self.widget.attrs["data-labels"] = json.dumps(
            {value.email: value.name}
        )  # so that the chip has the name
        return value.email

    def clean(self, value: Any) -> Any:
        text = super().clean(self.prepare_value(value))
        if not text:
            return None
        if "," in text.rstrip(", "):
            raise ValidationError(gettext("Name one person."), code="too_many")
        text = text.rstrip(", ")
        try:
            return person_by_email_for(self.actor, parseaddr(text)[1] or text)
        except Person.DoesNotExist as error:
            sentence = gettext("There is nobody with the e-mail “%(email)s”.")
            raise ValidationError(sentence % {"email": text[:100]}, code="unknown_person") from error


class ActorForm(ActionForm):
    """A form whose choices are what the actor may see."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        for name, field in self.fields.items():
            if isinstance(field, PersonField):
                field.actor = actor
            elif isinstance(field, forms.ModelChoiceField):
                field.queryset = _OFFERED[name](actor)

    @classmethod
    def initial_of(cls, row: Model) -> dict[str, Any]:
        return {name: getattr(row, name) for name in cls.base_fields}


class PersonForm(ActorForm):
    """create_person, change_person."""

    name = TextField(label=_("name"), max_length=160)
    email = forms.EmailField(label=_("e-mail"), max_length=254)
    kind = forms.ChoiceField(label=_("kind"), choices=PersonKind.choices, initial=PersonKind.STAFF)
    organisation = forms.ModelChoiceField(label=_("organisation"), queryset=Organisation.objects.none())
    department = forms.ModelChoiceField(
        label=_("department"), queryset=Department.objects.none(), required=False
    )
    job_title = TextField(label=_("job title"), max_length=120, required=False)
    phone = TextField(label=_("phone"), max_length=40, required=False)
    manager = PersonField(label=_("manager"), required=False)
    home_site = forms.ModelChoiceField(label=_("home site"), queryset=Site.objects.none(), required=False)
    zone = ZoneField(required=False, help_text=_("Empty: as the home site."))
    seniority = forms.TypedChoiceField(
        label=_("seniority"),
        coerce=int,
        initial=1,
        choices=[
            (1, _("Staff")),
            (2, _("Lead")),
            (3, _("Head of department")),
            (4, _("Director")),
            (5, _("Executive")),
        ],
    )
    cost_band = forms.ModelChoiceField(label=_("cost band"), queryset=CostBand.objects.none(), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        if not may(actor, "person.see_cost"):
            del self.fields["cost_band"]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not data.get("zone") and "zone" not in self.errors:
            site = data.get("home_site")
            data["zone"] = site.zone if site else settings.TIME_ZONE
        return data


class ContactForm(ActorForm):
    """change_person, by the person themselves."""

    phone = TextField(label=_("phone"), max_length=40, required=False)
    zone = ZoneField()


class NeedsForm(ActionForm):
    """set_needs."""

    dietary = TextField(label=_("dietary needs"), lines=2, required=False, max_length=1_000)
    access = TextField(label=_("access needs"), lines=2, required=False, max_length=1_000)
    step_free = forms.BooleanField(label=_("needs step-free access"), required=False)

    @classmethod
    def initial_of(cls, needs: PersonNeeds | None) -> dict[str, Any]:
        return {name: getattr(needs, name) for name in cls.base_fields} if needs else {}


class OrganisationForm(ActorForm):
    """create_organisation, change_organisation."""

    name = TextField(label=_("name"), max_length=160)
    is_own = forms.BooleanField(label=_("our own"), required=False)


class DepartmentForm(ActorForm):
    """create_department, change_department."""

    organisation = forms.ModelChoiceField(label=_("organisation"), queryset=Organisation.objects.none())
    parent = forms.ModelChoiceField(label=_("part of"), queryset=Department.objects.none(), required=False)
    code = forms.SlugField(label=_("code"), max_length=40)
    name = TextField(label=_("name"), max_length=120)
    leader = PersonField(label=_("leader"), required=False)
    cost_centre = TextField(label=_("cost centre"), max_length=40, required=False)


class CostBandForm(ActorForm):
    """create_cost_band, change_cost_band."""

    name = TextField(label=_("name"), max_length=60)
    hourly_rate = forms.DecimalField(label=_("rate per hour"), min_value=0, max_digits=10, decimal_places=2)
    currency = TextField(label=_("currency"), max_length=3, initial="EUR")


class WorkingHoursForm(WeekForm):
    """set_working_hours."""


class WorkingExceptionForm(ActionForm):
    """add_working_exception."""

    day = date_field(label=_("day"))
    starts = time_field(label=_("from"), required=False, help_text=_("No times: a day off."))
    ends = time_field(label=_("until"), required=False)
    note = TextField(label=_("note"), max_length=120, required=False)


class LeaveForm(ActorForm):
    """add_leave, change_leave."""

    starts_on = date_field(label=_("from"))
    ends_on = date_field(label=_("until and including"))
    kind = forms.ChoiceField(label=_("kind"), choices=LeaveKind.choices)
    note = TextField(label=_("note"), max_length=120, required=False)


class AliasForm(ActionForm):
    """add_alias."""

    email = forms.EmailField(label=_("e-mail"), max_length=254)


class DelegationForm(ActorForm):
    """grant_delegation, without the principal; `cleaned_data` has `delegate_id`."""

    delegate = PersonField(label=_("delegate"))
    scope = forms.ChoiceField(label=pgettext_lazy("delegation", "may"), choices=Scope.choices)
    starts_on = date_field(label=_("from"))
    ends_on = date_field(
        label=_("until and including"), required=False, help_text=_("Empty: until withdrawn.")
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        delegate = data.pop("delegate", None)
        return data | ({"delegate_id": delegate.pk} if delegate else {})


class DeactivateForm(ActorForm):
    """deactivate_person; `cleaned_data` is `hand_over_to`, an id or None."""

    hand_over_to = PersonField(label=_("hand over to"), required=False)

    def clean(self) -> dict[str, Any]:
        successor = self.cleaned_data.get("hand_over_to")
        return {"hand_over_to": successor.pk if successor else None}


_OFFERED: dict[str, Any] = {
    "organisation": organisations_for,
    "department": departments_for,
    "parent": departments_for,
    "home_site": sites_for,
    "cost_band": cost_bands_for,
}
