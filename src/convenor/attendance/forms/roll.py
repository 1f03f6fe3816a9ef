"""Forms of a roll: its settings, its allotments, its guaranteed count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from convenor.attendance.drafts import AllotmentDraft, RollDraft
from convenor.attendance.enums import WaitlistRule
from convenor.base.actor import Actor
from convenor.base.forms import ActionForm, WallClockField
from convenor.events.rules.dates import instant_in, local_in
from convenor.people.queries.people import department_tree_for, organisations_for

MOST_SEATS, MOST_HOURS, MOST_MINUTES = 100_000, 24 * 90, 24 * 60
DEADLINES = ("rsvp_by", "cancel_free_until", "guarantee_due")
INDENT = "\u2003"
BLANKS = 3
Choices = list[tuple[str, Any]]


class RollForm(ActionForm):
    """open_roll and change_roll; times are on the event's clocks."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)
    follows_room = forms.BooleanField(
        label=_("as many as the room holds"),
        required=False,
        help_text=_(
            "In the set-up that it is booked with; for the event as a whole the smallest room of the functions for everybody."
        ),
    )
    capacity = forms.IntegerField(
        label=_("capacity set by hand"),
        min_value=0,
        max_value=MOST_SEATS,
        required=False,
        help_text=_("Empty: without a limit. Not used where the room decides."),
    )
    has_waitlist = forms.BooleanField(label=_("keep a waitlist"), required=False)
    waitlist_rule = forms.TypedChoiceField(
        label=_("who comes next"), choices=WaitlistRule.choices, coerce=WaitlistRule
    )
    offer_hours = forms.IntegerField(
        label=_("hours to answer an offer"),
        min_value=0,
        max_value=MOST_HOURS,
        help_text=_("0: a seat that comes free is given at once, without asking."),
    )
    rsvp_by = WallClockField(label=_("answers are due"), required=False)
    cancel_free_until = WallClockField(label=_("cancelling is free until"), required=False)
    guarantee_due = WallClockField(label=_("guaranteed count is due"), required=False)
    is_choosable = forms.BooleanField(
        label=_("registrants choose it themselves"), required=False, help_text=_("On the registration page.")
    )
    no_show_minutes = forms.IntegerField(
        label=_("minutes after the start until an empty seat is given up"),
        min_value=0,
        max_value=MOST_MINUTES,
        required=False,
        help_text=_("Empty: never."),
    )
    gives_up_room = forms.BooleanField(label=_("give up a room that nobody came to"), required=False)

    def __init__(self, *args: Any, zone: str, of_function: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        if not of_function:
            del self.fields["is_choosable"]

    def draft(self) -> RollDraft:
        data = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return RollDraft(**data | {name: instant_in(self.zone, data[name]) for name in DEADLINES})

    @property
    def capacity_fields(self) -> list[BoundField]:
        return [self[name] for name in ("follows_room", "capacity")]

    @property
    def waitlist_fields(self) -> list[BoundField]:
        return [self[name] for name in ("has_waitlist", "waitlist_rule", "offer_hours")]

    @property
    def deadline_fields(self) -> list[BoundField]:
        return [self[name] for name in DEADLINES]

    @property
    def day_fields(self) -> list[BoundField]:
        names = ("is_choosable", "no_show_minutes", "gives_up_room")
        return [self[name] for name in names if name in self.fields]


def roll_initial(draft: RollDraft, zone: str, version: int | None = None) -> dict[str, Any]:
    """A roll as it is, for RollForm."""
    values = {name: getattr(draft, name) for name in RollForm.base_fields if name != "version"}
    return {**values, **{name: local_in(zone, values[name]) for name in DEADLINES}, "version": version}


class GuaranteeForm(ActionForm):
    """set_guarantee; empty takes it back."""

    count = forms.IntegerField(label=_("guaranteed count"), min_value=0, max_value=MOST_SEATS, required=False)


@dataclass(frozen=True, slots=True)
class AllotmentRow:
    owner: BoundField
    size: BoundField
    release_at: BoundField

    @property
    def fields(self) -> Iterator[BoundField]:
        yield from (self.owner, self.size, self.release_at)


class AllotmentsForm(ActionForm):
    """set_allotments: a line each; one whose owner is empty isn't one. Times are on the event's clocks."""

    def __init__(
        self, *args: Any, actor: Actor, zone: str, drafts: Sequence[AllotmentDraft] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.count = len(drafts) + BLANKS
        owners = _owners(actor)
        for number in range(self.count):
            self.fields[f"owner_{number}"] = forms.ChoiceField(
                label=pgettext_lazy("allotment", "for"), required=False, choices=owners
            )
            self.fields[f"size_{number}"] = forms.IntegerField(
                label=_("seats"), min_value=0, max_value=MOST_SEATS, required=False
            )
            self.fields[f"release_at_{number}"] = WallClockField(label=_("falls back"), required=False)
        for number, draft in enumerate(drafts):
            self.initial = {
                **self.initial,
                f"owner_{number}": _owner_key(draft),
                f"size_{number}": draft.size,
                f"release_at_{number}": local_in(zone, draft.release_at),
            }

    @property
    def rows(self) -> list[AllotmentRow]:
        return [
            AllotmentRow(*(self[f"{name}_{number}"] for name in ("owner", "size", "release_at")))
            for number in range(self.count)
        ]

    def drafts(self) -> list[AllotmentDraft]:
        return [self._draft(number) for number in range(self.count) if self.cleaned_data[f"owner_{number}"]]

    def clean(self) -> dict[str, Any]:
        for number in range(self.count):
            owner, size = self.cleaned_data.get(f"owner_{number}"), self.cleaned_data.get(f"size_{number}")
            if owner and size is None and f"size_{number}" not in self.errors:
                self.add_error(f"size_{number}", ValidationError(gettext("Say how many seats.")))
        return self.cleaned_data

    def _draft(self, number: int) -> AllotmentDraft:
        data = self.cleaned_data
        kind, key = data[f"owner_{number}"][:1], int(data[f"owner_{number}"][1:])
        return AllotmentDraft(
            size=data[f"size_{number}"],
            department_id=key if kind == "d" else None,
            organisation_id=key if kind == "o" else None,
            release_at=instant_in(self.zone, data[f"release_at_{number}"]),
        )


def _owner_key(draft: AllotmentDraft) -> str:
    return f"d{draft.department_id}" if draft.department_id is not None else f"o{draft.organisation_id}"


def _owners(actor: Actor) -> Choices:
    departments = [(f"d{each.pk}", INDENT * depth + each.name) for each, depth in department_tree_for(actor)]
    organisations = [(f"o{each.pk}", each.name) for each in organisations_for(actor)]
    return [
        ("", gettext("Nobody")),
        (gettext("Departments"), departments),
        (gettext("Organisations"), organisations),
    ]
