"""A plan file given on screen, written into the form or chosen as a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from convenor.base.forms import ActionForm

LARGEST_FILE = 1_000_000
"""Bytes; a conference of 300 people has 50,000."""


class PlanForm(ActionForm):
    """`cleaned_data` are the text, and whether what it doesn't name goes. A chosen file stands instead of what is written."""

    text = forms.CharField(
        label=_("plan (TOML)"),
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 24, "spellcheck": "false", "autocapitalize": "off", "wrap": "off", "class": "code"}
        ),
    )
    upload = forms.FileField(
        label=_("or a file"),
        required=False,
        help_text=_("A .toml file; it takes the place of the text above."),
        widget=forms.FileInput(attrs={"accept": ".toml,text/plain,application/toml"}),
    )
    prune = forms.BooleanField(
        label=_("Let go what the file doesn't name"),
        required=False,
        help_text=_(
            "People, contacts, functions and tasks of the event that aren't in the file are taken out."
        ),
    )

    def clean_upload(self) -> str:
        file = self.cleaned_data.get("upload")
        if not isinstance(file, UploadedFile):
            return ""
        if file.size is None or file.size > LARGEST_FILE:
            raise ValidationError(gettext("The file is too large for a plan."))
        try:
            return bytes(file.read()).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(gettext("The file isn't a text in UTF-8.")) from None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        text = values.pop("upload", "") or values.get("text", "")
        values["text"] = text.replace("\r\n", "\n")
        if not self.errors and not text.strip():
            self.add_error("text", gettext("Write the plan, or choose a file."))
        elif len(text) > LARGEST_FILE:
            self.add_error("text", gettext("The text is too long for a plan."))
        return values
