"""What is posted at a door without JavaScript."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from convenor.attendance.enums import ScanKind
from convenor.base.forms import ActionForm, TextField


class ScanForm(ActionForm):
    """A code that was typed, or somebody who was found. `uid` is the form's: sent twice it is one scan."""

    uid = forms.UUIDField()
    code = TextField(max_length=300, required=False)
    registration = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    kind = forms.ChoiceField(choices=ScanKind.choices, required=False)
    lets_in = forms.BooleanField(required=False)
    undoes = forms.UUIDField(required=False)


class WalkInForm(ActionForm):
    """Somebody who isn't on the list."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    name = TextField(label=_("name"), max_length=160)
    organisation = TextField(label=_("organisation"), max_length=160, required=False)
    email = forms.EmailField(label=_("e-mail"), max_length=254, required=False)
