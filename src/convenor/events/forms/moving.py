"""Forms of moving, postponing, resuming, cancelling and cloning an event. What one asks first, its preview shows."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from convenor.base.forms import ActionForm, TextField, WallClockField
from convenor.events.actions.states import LONGEST_REASON
from convenor.events.rules.event import LONGEST_TITLE

PREFIX = "booking-"
WITHOUT = "without"


def _version() -> forms.IntegerField:
    return forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)


class MoveForm(ActionForm):
    """move_event and resume_event, but for the rooms chosen (`choices_in`)."""

    version = _version()
    starts = WallClockField(label=_("new start"))
    despite_holiday = forms.BooleanField(label=_("on a public holiday if need be"), required=False)


class CallOffForm(ActionForm):
    """postpone_event and cancel_event."""

    version = _version()
    reason = TextField(
        label=_("reason"), max_length=LONGEST_REASON, help_text=_("Whoever is told of it reads this.")
    )


class CloneForm(ActionForm):
    """clone_event."""

    title = TextField(label=_("title"), max_length=LONGEST_TITLE)
    starts = WallClockField(label=_("start"))
    with_people = forms.BooleanField(
        label=_("with the people"), required=False, help_text=_("Who takes part, speaks and is asked.")
    )
    with_rooms = forms.BooleanField(
        label=_("with rooms and equipment"), required=False, help_text=_("Those that are free then.")
    )
    despite_holiday = forms.BooleanField(label=_("on a public holiday if need be"), required=False)


def choices_in(data: Mapping[str, str]) -> dict[int, int | None]:
    """From fields such as `booking-12`: the key of a room, or "without". What nobody could choose is dropped."""
    chosen: dict[int, int | None] = {}
    for name, value in data.items():
        key = name.removeprefix(PREFIX)
        if name == key or not _is_key(key):
            continue
        if value == WITHOUT:
            chosen[int(key)] = None
        elif _is_key(value):
            chosen[int(key)] = int(value)
    return chosen


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
