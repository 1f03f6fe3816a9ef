"""Forms of the people of an event."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from convenor.base.actor import Actor
from convenor.base.forms import ActionForm, TextField, WallClockField
from convenor.events.drafts import ContactDraft, PartyDraft
from convenor.events.enums import PartyRole, Service
from convenor.events.models import Event, Party
from convenor.events.rules.dates import local_in
from convenor.events.rules.party import LONGEST_NOTE, MOST_PRECEDENCE
from convenor.people.models import Person
from convenor.scheduling.forms.fields import OnePersonField, PeopleField

MOST_TEXT = 100


class PeopleFilter(ActionForm):
    """`asked` are the keyword arguments of parties_of_event."""

    q = TextField(label=_("Name, organisation or department"), max_length=MOST_TEXT, required=False)
    role = forms.ChoiceField(
        label=_("Role"), choices=[("", _("Every role")), *PartyRole.choices], required=False
    )
    outside = forms.BooleanField(label=_("Only from outside"), required=False)

    @property
    def asked(self) -> dict[str, Any]:
        if not self.is_bound or not self.is_valid():
            return {}
        data = self.cleaned_data
        return {"text": data["q"], "role": data["role"], "outside": data["outside"]}


class AddPeopleForm(ActionForm):
    """add_parties."""

    people = PeopleField(label=_("who"), required=True)
    role = forms.TypedChoiceField(
        label=_("role"), choices=PartyRole.choices, coerce=PartyRole, initial=PartyRole.PARTICIPANT
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].actor = actor  # type: ignore[attr-defined]  # a PeopleField

    @property
    def drafts(self) -> list[PartyDraft]:
        role: PartyRole = self.cleaned_data["role"]
        return [PartyDraft(each.pk, role) for each in self.cleaned_data["people"]]


class PartyForm(ActionForm):
    """add_party, for somebody who is on the list."""

    role = forms.TypedChoiceField(label=_("role"), choices=PartyRole.choices, coerce=PartyRole)
    precedence = forms.IntegerField(
        label=_("precedence"),
        min_value=1,
        max_value=MOST_PRECEDENCE,
        required=False,
        help_text=_("1 sits first; empty: by seniority and name."),
    )
    host_id = OnePersonField(label=_("host"), required=False, help_text=_("Who receives a visitor."))
    arrives = WallClockField(label=_("arrives"), required=False)
    needs_badge = forms.BooleanField(label=_("needs a badge"), required=False)
    note = TextField(label=_("note"), max_length=LONGEST_NOTE, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["host_id"].actor = actor  # type: ignore[attr-defined]  # a OnePersonField

    def draft(self, person_id: int) -> PartyDraft:
        data = self.cleaned_data
        host: Person | None = data["host_id"]
        return PartyDraft(
            person_id=person_id,
            role=data["role"],
            precedence=data["precedence"],
            host_id=host.pk if host else None,
            arrives=data["arrives"],
            needs_badge=data["needs_badge"],
            note=data["note"],
        )


def party_initial(party: Party, event: Event) -> dict[str, Any]:
    """Somebody as they are on the list, for PartyForm."""
    return {
        "role": party.role,
        "precedence": party.precedence,
        "host_id": party.host,
        "arrives": local_in(event.zone, party.arrives_at),
        "needs_badge": party.needs_badge,
        "note": party.note,
    }


class ContactsForm(ActionForm):
    """set_contacts: who works for the event, by service."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for service in Service:
            field = PeopleField(label=service.label, required=False)
            field.actor = actor
            self.fields[service.value] = field

    @property
    def drafts(self) -> list[ContactDraft]:
        return [
            ContactDraft(service, person.pk)
            for service in Service
            for person in self.cleaned_data[service.value]
        ]


def contacts_initial(event: Event) -> dict[str, tuple[Person, ...]]:
    """Who works for the event now, for ContactsForm. 1 query."""
    found: dict[str, tuple[Person, ...]] = {}
    for row in event.contacts.select_related("person").order_by("pk"):
        found[row.service] = (*found.get(row.service, ()), row.person)
    return found
