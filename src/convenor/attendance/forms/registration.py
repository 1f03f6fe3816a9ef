"""The form that people register with, made of what the event asks. Values are checked by rules/asked.py, here as everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils import formats
from django.utils.html import escape, format_html
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from convenor.attendance.drafts import NeedsDraft, RegistrationDraft, Who
from convenor.attendance.enums import AccessNeed, Diet, FieldKind
from convenor.attendance.queries.form import Offered
from convenor.attendance.rules.asked import (
    LONGEST_EMAIL,
    LONGEST_LINE,
    LONGEST_NAME,
    LONGEST_NEED,
    LONGEST_ORGANISATION,
    LONGEST_PHONE,
    LONGEST_TEXT,
    NOTHING,
    Answer,
    Asked,
    Choice,
    Chosen,
    Question,
    problems_of,
)
from convenor.base.changes import sentences
from convenor.base.forms import ActionForm

MOST_GUEST_FIELDS = 20


class SomeClosed:
    """Of the options of a widget, some can't be chosen any more."""

    closed: frozenset[str] = frozenset()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        made: dict[str, Any] = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]  # a widget's, which this is mixed into
        if str(value) in self.closed and not made["selected"]:
            made["attrs"]["disabled"] = True
        return made


class Checks(SomeClosed, forms.CheckboxSelectMultiple):
    """Check boxes."""


class Radios(SomeClosed, forms.RadioSelect):
    """Radio buttons."""


class LineField(forms.CharField):
    """A text that the validator of all registrations checks: the same sentences wherever it comes from."""

    def validate(self, value: Any) -> None:
        """See rules/asked.py."""

    def run_validators(self, value: Any) -> None:
        """See rules/asked.py."""


class ConsentField(forms.BooleanField):
    """A check box; whether it must be ticked is the validator's."""

    def validate(self, value: Any) -> None:
        """See rules/asked.py."""


class OneField(forms.ChoiceField):
    """One of several, or nothing yet."""

    def validate(self, value: Any) -> None:
        """See rules/asked.py."""


class ManyField(forms.MultipleChoiceField):
    """Any of several."""

    def validate(self, value: Any) -> None:
        """See rules/asked.py."""


class AnswersForm(ActionForm):
    """What an event asks besides the name: for who registers and who changes what they said. `before` they may keep."""

    def __init__(
        self,
        *args: Any,
        asked: Asked,
        functions: Sequence[Offered] = (),
        before: Chosen = NOTHING,
        shows_left: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked, self.functions, self.before, self.shows_left = asked, functions, before, shows_left
        if asked.asks_organisation:
            self.fields["organisation"] = _line(_("organisation"), LONGEST_ORGANISATION, "organization")
        if asked.asks_phone:
            self.fields["phone"] = _line(_("phone"), LONGEST_PHONE, "tel", input_type="tel")
        if functions:
            self.fields["function_ids"] = self._functions_field()
        for question in asked.questions:
            self.fields[question.field] = _question_field(question, before)
        self._add_needs()
        for number in range(1, self._most_guests + 1):
            self._add_guest(number)

    def refuse(self, error: ValidationError) -> None:
        """An action names a question by its key alone."""
        named = {
            f"answer_{name}" if f"answer_{name}" in self.fields else name: texts
            for name, texts in sentences(error).items()
        }
        super().refuse(ValidationError(named))

    def draft(self, who: Who, nonce: str = "") -> RegistrationDraft:
        """Of the cleaned values."""
        data = self.cleaned_data
        return RegistrationDraft(
            who=who,
            function_ids=_keys_in(data.get("function_ids", ())),
            guests=tuple(guest for guest in self._guests(data) if guest.name or guest.email),
            answers={each.key: _answer(each, data.get(each.field)) for each in self.asked.questions},
            needs=NeedsDraft(
                diets=tuple(data.get("diets", ())),
                dietary=data.get("dietary", ""),
                access=tuple(data.get("access", ())),
                access_text=data.get("access_text", ""),
            ),
            nonce=nonce,
        )

    def who(self) -> Who:
        """Of the cleaned values."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        """Every problem at its field. What isn't readable at all has been said by the field itself."""
        draft = self.draft(self.who())
        for name, texts in problems_of(draft, self.asked, before=self.before).items():
            if name not in self.errors:
                super().refuse(ValidationError({name: texts}))
        return self.cleaned_data

    @property
    def person_fields(self) -> list[BoundField]:
        return [self[name] for name in ("name", "email", "organisation", "phone") if name in self.fields]

    @property
    def question_fields(self) -> list[BoundField]:
        return [self[each.field] for each in self.asked.questions]

    @property
    def need_fields(self) -> list[BoundField]:
        return [self[name] for name in ("diets", "dietary", "access", "access_text") if name in self.fields]

    @property
    def shows_needs(self) -> bool:
        """Whether something stands there already."""
        return any(field.value() or field.errors for field in self.need_fields)

    @property
    def shows_guests(self) -> bool:
        rows = self.guest_fields
        return any(field.value() or field.errors for _number, *fields in rows for field in fields)

    @property
    def guest_fields(self) -> list[tuple[int, BoundField, BoundField]]:
        numbers = range(1, self._most_guests + 1)
        return [(n, self[f"guest_{n}_name"], self[f"guest_{n}_email"]) for n in numbers]

    @property
    def _most_guests(self) -> int:
        return min(MOST_GUEST_FIELDS, max(self.asked.max_guests, self.before.guests))

    def _functions_field(self) -> forms.Field:
        choices = [(str(each.id), self._function_label(each)) for each in self.functions]
        kept = self.before.function_ids
        closed = frozenset(str(each.id) for each in self.functions if each.is_closed and each.id not in kept)
        return _many(_("what you come to"), choices, closed)

    def _function_label(self, each: Offered) -> str:
        """Its title, when it is, and how full."""
        return format_html(
            '<span class="choice-title">{}</span> <span class="secondary">{}–{}{}</span>',
            each.title,
            formats.date_format(each.starts, "WEEKDAY_TIME_FORMAT"),
            formats.time_format(each.ends.time(), "TIME_FORMAT"),
            self._left_words(each),
        )

    def _left_words(self, each: Offered) -> str:
        if each.left == 0 and each.id not in self.before.function_ids:
            said = (
                pgettext("function", "full, with a waitlist")
                if each.has_waitlist
                else pgettext("function", "full")
            )
            return f" · {said}"
        if self.shows_left and each.left is not None:
            return " · " + ngettext("%(n)d seat left", "%(n)d seats left", each.left) % {"n": each.left}
        return ""

    def _add_needs(self) -> None:
        if self.asked.asks_dietary:
            self.fields["diets"] = _many(_("diet"), Diet.choices)
            self.fields["dietary"] = _line(_("other dietary needs"), LONGEST_NEED)
        if self.asked.asks_access:
            self.fields["access"] = _many(_("access"), AccessNeed.choices)
            self.fields["access_text"] = _line(_("other access needs"), LONGEST_NEED)

    def _add_guest(self, number: int) -> None:
        self.fields[f"guest_{number}_name"] = _line(_("name"), LONGEST_NAME)
        email = _line(_("e-mail"), LONGEST_EMAIL, input_type="email")
        self.fields[f"guest_{number}_email"] = email

    def _guests(self, data: dict[str, Any]) -> list[Who]:
        numbers = range(1, self._most_guests + 1)
        return [
            Who(
                name=data.get(f"guest_{number}_name", "").strip(),
                email=data.get(f"guest_{number}_email", "").strip(),
            )
            for number in numbers
        ]


class RegisterForm(AnswersForm):
    """Who registers on the public page. `website` is for robots: people don't see it."""

    website = LineField(required=False)
    opened = LineField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who = {
            "name": _line(_("name"), LONGEST_NAME, "name", required=True),
            "email": _line(_("e-mail"), LONGEST_EMAIL, "email", required=True, input_type="email"),
        }
        self.fields = {**who, **self.fields}

    def who(self) -> Who:
        data = self.cleaned_data
        names = ("name", "email", "organisation", "phone")
        return Who(**{name: data.get(name, "") for name in names}, language=get_language() or "")


class MineForm(AnswersForm):
    """Who is on the list and changes what they said, or answers an invitation. The address is what we know them by, and stays.

    Nothing of the directory comes in here: whoever registers with somebody's address has their link.
    """

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields = {"name": _line(_("name"), LONGEST_NAME, "name", required=True), **self.fields}

    def who(self) -> Who:
        names = ("name", "organisation", "phone")
        said = {name: self.cleaned_data.get(name, self.initial.get(name, "")) for name in names}
        return Who(**said, email=self.email, language=self.initial.get("language", ""))


def answers_initial(draft: RegistrationDraft) -> dict[str, Any]:
    """What somebody has said already, for MineForm."""
    who, needs = draft.who, draft.needs
    guests = {
        f"guest_{number}_{name}": getattr(guest, name)
        for number, guest in enumerate(draft.guests, start=1)
        for name in ("name", "email")
    }
    return {
        **{name: getattr(who, name) for name in ("name", "organisation", "phone", "language")},
        **{f"answer_{key}": answer for key, answer in draft.answers.items()},
        **guests,
        "function_ids": [str(pk) for pk in draft.function_ids],
        "diets": list(needs.diets),
        "dietary": needs.dietary,
        "access": list(needs.access),
        "access_text": needs.access_text,
    }


def _keys_in(texts: Sequence[str]) -> tuple[int, ...]:
    """Keys that can't be one are 0, which nothing has: the validator says that it isn't offered."""
    return tuple(int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0 for text in texts)


def _answer(question: Question, value: Any) -> Answer:
    match question.kind:
        case FieldKind.CHOICES:
            return tuple(dict.fromkeys(value or ()))
        case FieldKind.CONSENT:
            return bool(value)
    return str(value or "").strip()


def _line(
    label: Any, most: int, autocomplete: str = "off", *, required: bool = False, input_type: str = "text"
) -> LineField:
    attrs = {"maxlength": most, "autocomplete": autocomplete, "type": input_type}
    return LineField(label=label, required=required, widget=forms.TextInput(attrs=attrs))


def _many(label: Any, choices: Sequence[tuple[str, Any]], closed: frozenset[str] = frozenset()) -> ManyField:
    widget = Checks()
    widget.closed = closed
    return ManyField(label=label, required=False, choices=choices, widget=widget)


def _question_field(question: Question, before: Chosen) -> forms.Field:
    common: dict[str, Any] = {
        "label": question.label,
        "help_text": escape(question.help),
        "required": question.is_required,
    }
    kept = (before.options or {}).get(question.key, frozenset())
    closed = frozenset(each.key for each in question.choices if each.left == 0 and each.key not in kept)
    match question.kind:
        case FieldKind.LONG_TEXT:
            attrs = {"rows": 4, "maxlength": LONGEST_TEXT}
            return LineField(widget=forms.Textarea(attrs=attrs), **common)
        case FieldKind.CONSENT:
            return ConsentField(**common)
        case FieldKind.CHOICE | FieldKind.CHOICES:
            is_one = question.kind == FieldKind.CHOICE
            widget = Radios() if is_one else Checks()
            widget.closed = closed
            choices = [(each.key, _choice_label(each, closed)) for each in question.choices]
            return (OneField if is_one else ManyField)(choices=choices, widget=widget, **common)
    return LineField(widget=forms.TextInput(attrs={"maxlength": LONGEST_LINE}), **common)


def _choice_label(choice: Choice, closed: frozenset[str]) -> str:
    if choice.key in closed:
        return format_html(
            '{} <span class="secondary">· {}</span>', choice.label, pgettext("option", "none left")
        )
    return choice.label
