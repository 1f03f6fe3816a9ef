"""The editor of an event class."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from convenor.base.forms import ActionForm, TextField
from convenor.events.actions.event_class import LONGEST_CODE, LONGEST_NOTE

LARGEST_FILE = 1_000_000
"""Bytes; the shipped conference has 20,000."""


class ClassForm(ActionForm):
    """`cleaned_data` are save_class's arguments. An uploaded file stands instead of the text."""

    code = forms.CharField(
        label=_("code"),
        max_length=LONGEST_CODE,
        help_text=_("Names the class in plan files and addresses, such as board-meeting."),
    )
    text = forms.CharField(
        label=_("policy (TOML)"),
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 32, "spellcheck": "false", "autocapitalize": "off", "wrap": "off", "class": "code"}
        ),
    )
    upload = forms.FileField(
        label=_("or a file"),
        required=False,
        help_text=_("A .toml file; it takes the place of the text above."),
        widget=forms.FileInput(attrs={"accept": ".toml,text/plain,application/toml"}),
    )
    note = TextField(
        label=_("what changed"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=_("One line for whoever reads the versions later."),
    )
    base_version = forms.IntegerField(
        label=_("version"), required=False, min_value=1, widget=forms.HiddenInput()
    )

    def __init__(self, *args: Any, code: str = "", **kwargs: Any) -> None:
        """`code` is that of the class that is edited; without one a new class is made."""
        super().__init__(*args, **kwargs)
        if code:
            self.fields["code"] = forms.CharField(
                initial=code, disabled=True, required=False, widget=forms.HiddenInput()
            )

    def clean_upload(self) -> str:
        file = self.cleaned_data.get("upload")
        if not isinstance(file, UploadedFile):
            return ""
        if file.size is None or file.size > LARGEST_FILE:
            raise ValidationError(gettext("The file is too large for an event class."))
        try:
            return bytes(file.read()).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(gettext("The file isn't a text in UTF-8.")) from None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        uploaded = values.pop("upload", "")
        values["text"] = uploaded or values.get("text", "")
        if not self.errors and not values["text"].strip():
            self.add_error("text", gettext("Write the policy, or choose a file."))
        return values
