"""The form of a task, new or changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from convenor.base.actor import Actor
from convenor.base.forms import ActionForm, TextField
from convenor.events.drafts import ItemDraft, TaskDraft
from convenor.events.enums import Anchor, TaskState
from convenor.events.rules.due_dates import MOST_DAYS
from convenor.events.rules.policy import Due
from convenor.events.rules.task import (
    LONGEST_ITEM,
    LONGEST_TASK,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_ITEMS,
)
from convenor.people.models import Person
from convenor.scheduling.forms.fields import OnePersonField, day_field

BEFORE, ON, AFTER = "before", "on", "after"
WORKING, CALENDAR = "working", "calendar"


class TaskForm(ActionForm):
    """`draft()` is the task as it shall be; its key and state are those of the draft that it was opened with."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)
    title = TextField(label=_("title"), max_length=LONGEST_TITLE)
    owner_id = OnePersonField(label=_("who does it"), required=False)
    days = forms.IntegerField(
        label=_("how many"), min_value=0, max_value=MOST_DAYS, required=False, initial=5
    )
    unit = forms.ChoiceField(
        label=_("counted in"), choices=[(WORKING, _("working days")), (CALENDAR, _("calendar days"))]
    )
    side = forms.ChoiceField(
        label=_("before or after"),
        choices=[
            (BEFORE, pgettext_lazy("due", "before the")),
            (ON, pgettext_lazy("due", "on the day of the")),
            (AFTER, pgettext_lazy("due", "after the")),
        ],
    )
    anchor = forms.ChoiceField(label=_("counted from"), choices=Anchor.choices, initial=Anchor.START)
    fixed_due_on = day_field(
        label=_("or on a fixed date"), help_text=_("It then stays where it is when the event moves.")
    )
    duration_days = forms.IntegerField(
        label=_("takes, working days"), min_value=1, max_value=LONGEST_TASK, initial=1
    )
    is_milestone = forms.BooleanField(
        label=_("milestone"), required=False, help_text=_("A point that the whole event waits for.")
    )
    after = forms.MultipleChoiceField(
        label=_("begins once these are done"),
        required=False,
        widget=forms.SelectMultiple(
            attrs={
                "data-combobox": "",
                "data-text-remove": _("Remove {label}"),
                "data-text-none": _("No such task"),
                "data-text-found": _("{n} found"),
            }
        ),
    )
    checklist = TextField(
        label=_("checklist"),
        lines=4,
        required=False,
        max_length=MOST_ITEMS * (LONGEST_ITEM + 2),
        help_text=_("One item a line."),
    )
    description = TextField(label=_("description"), lines=4, required=False, max_length=LONGEST_TEXT)

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        others: Iterable[tuple[str, str]],
        before: TaskDraft | None = None,
        owner: Person | None = None,
        version: int | None = None,
        **kwargs: Any,
    ) -> None:
        """`others` are keys and titles of the event's other tasks; `before` is the task that is changed, `owner` whose it is."""
        kwargs["initial"] = _initial(before, owner) | {"version": version}
        super().__init__(*args, **kwargs)
        self.before = before
        after, field = self.fields["after"], self.fields["owner_id"]
        assert isinstance(after, forms.MultipleChoiceField)
        assert isinstance(field, OnePersonField)
        after.choices = list(others)
        field.actor = actor

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if data.get("fixed_due_on") is None and data.get("side") != ON and data.get("days") is None:
            self.add_error("days", _("Say how many days, or a fixed date."))
        return data

    def draft(self) -> TaskDraft:
        """Of valid data."""
        data = self.cleaned_data
        sign = {BEFORE: -1, ON: 0, AFTER: 1}[data["side"]]
        return TaskDraft(
            key=self.before.key if self.before else "",
            title=data["title"],
            due=Due(sign * (data["days"] or 0), data["unit"] == WORKING, Anchor(data["anchor"])),
            fixed_due_on=data["fixed_due_on"],
            owner_id=data["owner_id"].pk if data["owner_id"] else None,
            description=data["description"].replace("\r\n", "\n"),
            state=self.before.state if self.before else TaskState.OPEN,
            is_milestone=data["is_milestone"],
            duration_days=data["duration_days"],
            after=tuple(data["after"]),
            checklist=self._items(),
        )

    def _items(self) -> tuple[ItemDraft, ...]:
        """An item whose text stays keeps its tick."""
        ticked = {item.text for item in self.before.checklist if item.is_done} if self.before else set()
        lines: Sequence[str] = [line.strip() for line in self.cleaned_data["checklist"].splitlines()]
        return tuple(ItemDraft(line, is_done=line in ticked) for line in lines if line)


def _initial(draft: TaskDraft | None, owner: Person | None) -> dict[str, Any]:
    if draft is None:
        return {"side": BEFORE, "unit": WORKING}
    return {
        "title": draft.title,
        "owner_id": owner,
        "days": abs(draft.due.days),
        "unit": WORKING if draft.due.working else CALENDAR,
        "side": BEFORE if draft.due.days < 0 else AFTER if draft.due.days else ON,
        "anchor": draft.due.anchor,
        "fixed_due_on": draft.fixed_due_on,
        "duration_days": draft.duration_days,
        "is_milestone": draft.is_milestone,
        "after": list(draft.after),
        "checklist": "\n".join(item.text for item in draft.checklist),
        "description": draft.description,
    }
