"""Forms over a roll's seats: what is done with many, who is invited."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from convenor.attendance.drafts import RegistrationDraft, Who
from convenor.attendance.enums import SeatState
from convenor.attendance.rules.pasted import Read, read_pasted
from convenor.base.actor import Actor
from convenor.base.forms import ActionForm, TextField
from convenor.people.models import Person
from convenor.people.queries.people import department_tree_for
from convenor.scheduling.forms.fields import PeopleField

LONGEST_REASON, LONGEST_PASTE = 300, 200_000
LONGEST_KEY, LONGEST_KEYS = 19, 400_000
INDENT = "\u2003"
ALLOT = "allot"
DEEDS = (
    (SeatState.CONFIRMED.value, pgettext_lazy("seats", "Confirm")),
    (SeatState.HELD.value, pgettext_lazy("seats", "Hold")),
    (SeatState.OFFERED.value, pgettext_lazy("seats", "Offer a seat")),
    (SeatState.WAITLISTED.value, pgettext_lazy("seats", "Put on the waitlist")),
    (SeatState.INVITED.value, pgettext_lazy("seats", "Invite again")),
    (SeatState.CANCELLED.value, pgettext_lazy("seats", "Cancel")),
)


class KeysField(forms.TypedMultipleChoiceField):
    """Keys of rows, as many as check boxes were ticked; whose they are is the action's to check."""

    def valid_value(self, value: Any) -> bool:
        text = str(value)
        return text.isascii() and text.isdigit() and len(text) < LONGEST_KEY


class SeatsDeedForm(ActionForm):
    """set_seat_state and move_to_allotment: what becomes of the seats that were chosen, or of all that the filter shows."""

    seat = KeysField(coerce=int, required=False)
    everybody = forms.BooleanField(required=False)
    keys = forms.CharField(max_length=LONGEST_KEYS, required=False)
    deed = forms.ChoiceField(label=_("what to do"))
    reason = TextField(
        label=_("reason"),
        max_length=LONGEST_REASON,
        required=False,
        help_text=_("They read it in the mail that they get."),
    )
    sure = forms.BooleanField(required=False)

    def __init__(self, *args: Any, allotments: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deeds = self.fields["deed"]
        assert isinstance(deeds, forms.ChoiceField)
        deeds.choices = deeds_with(allotments)

    @property
    def state(self) -> SeatState | None:
        """None: they move to an allotment."""
        deed = self.cleaned_data["deed"]
        return SeatState(deed) if deed in SeatState else None

    @property
    def allotment_id(self) -> int | None:
        return int(self.cleaned_data["deed"].removeprefix(f"{ALLOT}-")) or None


def deeds_with(allotments: Sequence[tuple[int, str]]) -> list[tuple[str, Any]]:
    """What can be done with seats; moving them only where there is something to move them to."""
    if not allotments:
        return list(DEEDS)
    moves = [(f"{ALLOT}-{key}", name) for key, name in [*allotments, (0, gettext("The open seats"))]]
    return [*DEEDS, (gettext("Move to an allotment"), moves)]


class InviteForm(ActionForm):
    """register_many: from the event's list, from a department, by name, and as pasted."""

    parties = forms.BooleanField(label=_("everybody on the event's list"), required=False)
    department = forms.TypedChoiceField(
        label=_("everybody in a department"),
        coerce=int,
        required=False,
        empty_value=None,
        help_text=_("With the departments below it."),
    )
    people = PeopleField(label=_("people"), required=False)
    pasted = TextField(
        label=_("names and e-mails"),
        max_length=LONGEST_PASTE,
        required=False,
        lines=5,
        help_text=_("One on a line, as they stand in a mail or a spreadsheet."),
    )
    state = forms.TypedChoiceField(
        label=_("as"),
        coerce=SeatState,
        initial=SeatState.INVITED,
        choices=[
            (SeatState.INVITED.value, _("Invited: they are asked, and answer by their link")),
            (SeatState.CONFIRMED.value, _("Confirmed: they have a seat")),
            (SeatState.HELD.value, _("Held: a seat is kept for them")),
            (SeatState.WAITLISTED.value, _("On the waitlist")),
        ],
    )
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].actor = actor  # type: ignore[attr-defined]  # a PeopleField
        field = self.fields["department"]
        assert isinstance(field, forms.ChoiceField)
        departments = [(each.pk, INDENT * depth + each.name) for each, depth in department_tree_for(actor)]
        field.choices = [("", gettext("None")), *departments]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not self.errors and not any(data[name] for name in ("parties", "department", "people", "pasted")):
            raise ValidationError(gettext("Say who."))
        return data

    @property
    def read(self) -> Read:
        return read_pasted(self.cleaned_data["pasted"])

    def drafts(
        self, from_list: Sequence[int], in_department: Sequence[int], function_ids: tuple[int, ...]
    ) -> list[RegistrationDraft]:
        """Each person once, whichever ways they were named; `from_list` and `in_department` are keys of people."""
        named: Sequence[Person] = self.cleaned_data["people"]
        keys = dict.fromkeys([*from_list, *in_department, *(person.pk for person in named)])
        known = {person.email for person in named}
        who = [Who(person_id=key) for key in keys]
        who += [Who(name=each.name, email=each.email) for each in self.read.people if each.email not in known]
        return [RegistrationDraft(each, function_ids=function_ids) for each in who]
