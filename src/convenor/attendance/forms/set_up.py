"""The form that sets up a registration form: its frame, its questions, their answers to choose. Buttons that add, remove and
reorder send the whole of it, so that it works without JavaScript and loses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from convenor.attendance.drafts import FieldDraft, FormDraft, OptionDraft
from convenor.attendance.enums import FieldKind, FormMode
from convenor.attendance.rules.form import (
    CHOSEN,
    LONGEST_INTRO,
    LONGEST_LABEL,
    LONGEST_OPTION,
    MOST_GUESTS,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    key_for,
)
from convenor.base.changes import sentences
from convenor.base.forms import ActionForm, TextField, WallClockField
from convenor.events.rules.dates import instant_in, local_in

BLANK_OPTIONS = 2
Row = dict[str, Any]
_BUTTON = re.compile(r"(add|remove|up|down|answers)(?:-(\d{1,3}))?")


class FrameForm(ActionForm):
    """Everything but the questions. Times are on the event's clocks."""

    mode = forms.ChoiceField(label=_("who may register"), choices=FormMode.choices, widget=forms.RadioSelect)
    is_open = forms.BooleanField(label=_("registration is open"), required=False)
    opens = WallClockField(label=_("not before"), required=False)
    closes = WallClockField(label=_("not after"), required=False)
    intro_en = TextField(label=_("introduction, English"), lines=4, max_length=LONGEST_INTRO, required=False)
    intro_ro = TextField(label=_("introduction, Romanian"), lines=4, max_length=LONGEST_INTRO, required=False)
    asks_organisation = forms.BooleanField(label=_("organisation"), required=False)
    asks_phone = forms.BooleanField(label=_("phone number"), required=False)
    asks_dietary = forms.BooleanField(label=_("dietary needs"), required=False)
    asks_access = forms.BooleanField(label=_("access needs"), required=False)
    max_guests = forms.IntegerField(
        label=_("guests each may bring"), min_value=0, max_value=MOST_GUESTS, initial=0
    )
    shows_seats_left = forms.BooleanField(label=_("say how many seats are left"), required=False)
    needs_approval = forms.BooleanField(
        label=_("each registration is confirmed by hand"),
        required=False,
        help_text=_("Seats are held until you confirm them on the roll."),
    )
    function_ids = forms.MultipleChoiceField(
        label=_("functions to choose from"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, functions: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["function_ids"]
        field.choices = [(str(pk), title) for pk, title in functions]  # type: ignore[attr-defined]  # a MultipleChoiceField
        if not functions:
            del self.fields["function_ids"]


class QuestionForm(ActionForm):
    """One question. `options` are forms of its answers to choose."""

    key = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("answered with"), choices=FieldKind.choices)
    label_en = TextField(label=_("question, English"), max_length=LONGEST_LABEL, required=False)
    label_ro = TextField(label=_("question, Romanian"), max_length=LONGEST_LABEL, required=False)
    help_en = TextField(label=_("help, English"), max_length=LONGEST_LABEL, required=False)
    help_ro = TextField(label=_("help, Romanian"), max_length=LONGEST_LABEL, required=False)
    is_required = forms.BooleanField(label=_("must be answered"), required=False)

    options: list[OptionForm]

    @property
    def has_options(self) -> bool:
        kind = self.data.get(f"{self.prefix}-kind") if self.is_bound else self.initial.get("kind")
        return kind in CHOSEN


class OptionForm(ActionForm):
    key = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    label_en = TextField(label=pgettext_lazy("option", "English"), max_length=LONGEST_OPTION, required=False)
    label_ro = TextField(label=pgettext_lazy("option", "Romanian"), max_length=LONGEST_OPTION, required=False)
    limit = forms.IntegerField(label=_("at most"), min_value=1, max_value=1_000_000, required=False)


class SetUpForm:
    """The whole: `frame` and `questions`. `draft` is what FormDraft makes of it, once `is_valid`."""

    def __init__(
        self, *, zone: str, functions: Sequence[tuple[int, str]], draft: FormDraft, data: Any | None
    ) -> None:
        self.zone = zone
        self.pressed = None if data is None else _BUTTON.fullmatch(data.get("press", ""))
        is_sent = data is not None and self.pressed is None
        rows = _rows_of(draft) if data is None else _rows_in(data)
        if self.pressed:
            rows = _edited(rows, self.pressed[1], int(self.pressed[2] or 0))
        self.frame = FrameForm(data, functions=functions, initial=_frame_initial(draft, zone))
        self.questions = [_question(place, row, is_sent=is_sent) for place, row in enumerate(rows)]
        self.is_sent = is_sent

    def is_valid(self) -> bool:
        parts = [self.frame, *(part for each in self.questions for part in (each, *each.options))]
        valid = [part.is_valid() for part in parts]  # each, so that everything that is wrong is said at once
        return all(valid)

    @property
    def has_errors(self) -> bool:
        return self.is_sent and not self.is_valid()

    @property
    def draft(self) -> FormDraft:
        data = dict(self.frame.cleaned_data)
        opens, closes = data.pop("opens"), data.pop("closes")
        functions = data.pop("function_ids", None)
        return FormDraft(
            **data,
            opens_at=instant_in(self.zone, opens),
            closes_at=instant_in(self.zone, closes),
            fields=tuple(self._fields()),
            function_ids=None if functions is None else frozenset(int(pk) for pk in functions),
        )

    def refuse(self, error: ValidationError) -> None:
        """What the action refused: at the question that it names, or at the frame's fields."""
        names = {"opens_at": "opens", "closes_at": "closes"}
        for name, texts in sentences(error).items():
            place = re.fullmatch(r"field_(\d+)", name)
            form = self.questions[int(place[1])] if place else self.frame
            form.refuse(ValidationError({names.get(name, name): texts}))

    def _fields(self) -> Iterator[FieldDraft]:
        taken = {each.cleaned_data["key"] for each in self.questions} - {""}
        for each in self.questions:
            data = dict(each.cleaned_data)
            if not data["key"]:
                data["key"] = key_for(data["label_en"] or data["label_ro"], taken)
                taken.add(data["key"])
            options = tuple(_options(each)) if data["kind"] in CHOSEN else ()
            yield FieldDraft(**data | {"kind": FieldKind(data["kind"])}, options=options)


def _options(question: QuestionForm) -> Iterator[OptionDraft]:
    """Without those that were left empty."""
    said = [dict(form.cleaned_data) for form in question.options]
    said = [data for data in said if data["label_en"] or data["label_ro"]]
    taken = {data["key"] for data in said} - {""}
    for data in said:
        if not data["key"]:
            data["key"] = key_for(data["label_en"] or data["label_ro"], taken, "answer")
            taken.add(data["key"])
        yield OptionDraft(**data)


def _frame_initial(draft: FormDraft, zone: str) -> Row:
    names = [name for name in FrameForm.base_fields if hasattr(draft, name)]
    return {
        **{name: getattr(draft, name) for name in names},
        "opens": local_in(zone, draft.opens_at),
        "closes": local_in(zone, draft.closes_at),
        "function_ids": [str(pk) for pk in draft.function_ids or ()],
    }


def _rows_of(draft: FormDraft) -> list[Row]:
    names = tuple(QuestionForm.base_fields)
    return [
        {name: getattr(each, name) for name in names}
        | {"options": [{name: getattr(one, name) for name in OptionForm.base_fields} for one in each.options]}
        for each in draft.fields
    ]


def _rows_in(data: Mapping[str, str]) -> list[Row]:
    """The questions as they were sent, in their places."""
    count = _number(data.get("questions", ""), MOST_QUESTIONS)
    return [_row_in(data, f"question_{place}") for place in range(count)]


def _row_in(data: Mapping[str, str], prefix: str) -> Row:
    options = _number(data.get(f"{prefix}-options", ""), MOST_OPTIONS)
    return _values(data, prefix, QuestionForm.base_fields) | {
        "options": [
            _values(data, f"{prefix}-option_{number}", OptionForm.base_fields) for number in range(options)
        ]
    }


def _values(data: Mapping[str, str], prefix: str, names: Iterable[str]) -> Row:
    return {name: data.get(f"{prefix}-{name}", "") for name in names}


def _number(text: str, most: int) -> int:
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def _edited(rows: list[Row], deed: str, place: int) -> list[Row]:
    """The rows after a button was pressed; one that points at nothing changes nothing."""
    if deed == "add":
        return [*rows, {"kind": FieldKind.TEXT, "options": []}][:MOST_QUESTIONS]
    if place >= len(rows):
        return rows
    if deed == "remove":
        return [*rows[:place], *rows[place + 1 :]]
    if deed == "answers":
        row = rows[place]
        more: list[Any] = [{} for _number in range(BLANK_OPTIONS)]
        kind = row["kind"] if row["kind"] in CHOSEN else FieldKind.CHOICE
        rows[place] = row | {"kind": kind, "options": [*row["options"], *more][:MOST_OPTIONS]}
        return rows
    other = place + (1 if deed == "down" else -1)
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    return rows


def _question(place: int, row: Row, *, is_sent: bool) -> QuestionForm:
    prefix = f"question_{place}"
    form = QuestionForm(**_bound(row, prefix, is_sent=is_sent), prefix=prefix)
    options = list(row["options"])
    if not is_sent and row.get("kind") in CHOSEN and all(each for each in options):
        options += [{} for _number in range(BLANK_OPTIONS)]
    form.options = [
        OptionForm(
            **_bound(each, f"{prefix}-option_{number}", is_sent=is_sent), prefix=f"{prefix}-option_{number}"
        )
        for number, each in enumerate(options)
    ]
    return form


def _bound(row: Row, prefix: str, *, is_sent: bool) -> Row:
    values = {name: value for name, value in row.items() if name != "options"}
    if not is_sent:
        return {"initial": values}
    return {"data": {f"{prefix}-{name}": value for name, value in values.items()}}
