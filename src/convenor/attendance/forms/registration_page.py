"""What those who keep a roll change of one registration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from convenor.attendance.drafts import NeedsDraft, RegistrationDraft, Who
from convenor.attendance.enums import AccessNeed, Diet
from convenor.base.forms import ActionForm, TextField
from convenor.scheduling.forms.fields import OnePersonField

LONGEST_NAME, LONGEST_EMAIL, LONGEST_PHONE, LONGEST_NOTE = 160, 254, 40, 300
MOST_PRIORITY = 99
WORDS = ("name", "email", "organisation", "phone", "language")
NEEDS = ("diets", "dietary", "access", "access_text")


class WhoForm(ActionForm):
    """substitute: somebody of the directory, or by name."""

    person = OnePersonField(label=_("somebody of the directory"), required=False)
    name = TextField(label=_("name"), max_length=LONGEST_NAME, required=False)
    email = forms.EmailField(label=_("e-mail"), max_length=LONGEST_EMAIL, required=False)
    organisation = TextField(label=_("organisation"), max_length=LONGEST_NAME, required=False)
    seat = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].actor = actor  # type: ignore[attr-defined]  # a OnePersonField

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not self.errors and not data["person"] and not data["name"]:
            self.add_error("name", _("Say who comes instead."))
        return data

    @property
    def who(self) -> Who:
        data = self.cleaned_data
        if data["person"]:
            return Who(person_id=data["person"].pk)
        return Who(name=data["name"], email=data["email"], organisation=data["organisation"])


class CancelForm(ActionForm):
    """cancel_registration."""

    reason = TextField(
        label=_("reason"),
        max_length=LONGEST_NOTE,
        required=False,
        help_text=_("They read it in the mail that they get."),
    )


class ChangeRegistrationForm(ActionForm):
    """change_registration, as far as the staff do it: guests and answers stay as they are."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    name = TextField(label=_("name"), max_length=LONGEST_NAME)
    email = forms.EmailField(label=_("e-mail"), max_length=LONGEST_EMAIL, required=False)
    organisation = TextField(label=_("organisation"), max_length=LONGEST_NAME, required=False)
    phone = TextField(label=_("phone"), max_length=LONGEST_PHONE, required=False)
    language = forms.ChoiceField(
        label=_("language"), required=False, choices=[("", _("As their browser")), *settings.LANGUAGES]
    )
    function_ids = forms.TypedMultipleChoiceField(
        label=_("functions"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    diets = forms.MultipleChoiceField(
        label=_("diet"), required=False, choices=Diet.choices, widget=forms.CheckboxSelectMultiple
    )
    dietary = TextField(label=_("other dietary needs"), max_length=LONGEST_NOTE, required=False)
    access = forms.MultipleChoiceField(
        label=_("access"), required=False, choices=AccessNeed.choices, widget=forms.CheckboxSelectMultiple
    )
    access_text = TextField(label=_("other access needs"), max_length=LONGEST_NOTE, required=False)
    priority = forms.IntegerField(
        label=_("priority group"),
        min_value=-MOST_PRIORITY,
        max_value=MOST_PRIORITY,
        help_text=_("The larger number comes first where the waitlist goes by priority."),
    )
    note = TextField(
        label=pgettext_lazy("registration", "note"),
        max_length=LONGEST_NOTE,
        required=False,
        help_text=_("For those who see the roll; they don't read it themselves."),
    )

    def __init__(self, *args: Any, functions: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["function_ids"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = list(functions)
        if not functions:
            del self.fields["function_ids"]

    def draft(self, before: RegistrationDraft) -> RegistrationDraft:
        data = self.cleaned_data
        return replace(
            before,
            who=Who(**{name: data[name] for name in WORDS}),
            function_ids=tuple(data.get("function_ids", before.function_ids)),
            needs=NeedsDraft(
                diets=tuple(Diet(each) for each in data["diets"]),
                dietary=data["dietary"],
                access=tuple(AccessNeed(each) for each in data["access"]),
                access_text=data["access_text"],
            ),
            priority=data["priority"],
            note=data["note"],
        )


def registration_initial(draft: RegistrationDraft, version: int) -> dict[str, Any]:
    """A registration as it is, for ChangeRegistrationForm."""
    return {
        **{name: getattr(draft.who, name) for name in WORDS},
        **{name: getattr(draft.needs, name) for name in NEEDS},
        "function_ids": list(draft.function_ids),
        "priority": draft.priority,
        "note": draft.note,
        "version": version,
    }
