"""What a registration must satisfy: one validator for the page, the file and whoever registers others. Pure.

A registration that somebody else makes may be incomplete: the person completes it by their own link.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from convenor.attendance.drafts import NeedsDraft, RegistrationDraft, Who
from convenor.attendance.enums import AccessNeed, Diet, FieldKind
from convenor.base.text import validate_text

LONGEST_NAME, LONGEST_EMAIL, LONGEST_PHONE, LONGEST_ORGANISATION = 160, 254, 40, 160
LONGEST_LINE, LONGEST_TEXT, LONGEST_NEED, LONGEST_NOTE = 300, 2_000, 300, 300
ADDRESSES = ("://", "www.")
Problems = dict[str, list[str]]
Found = Iterable[tuple[str, str]]
Answer = str | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """`left` is how many may still choose it; None: as many as like."""

    key: str
    label: str
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    key: str
    kind: FieldKind
    label: str
    help: str = ""
    is_required: bool = False
    choices: tuple[Choice, ...] = ()

    @property
    def field(self) -> str:
        """What problems with its answer stand under."""
        return f"answer_{self.key}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an event's form asks, in one language. `function_ids` can be chosen."""

    questions: tuple[Question, ...] = ()
    function_ids: frozenset[int] = frozenset()
    max_guests: int = 0
    asks_organisation: bool = True
    asks_phone: bool = False
    asks_dietary: bool = True
    asks_access: bool = True


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a registration has already, and may keep though it has run out or is no longer asked."""

    function_ids: frozenset[int] = frozenset()
    options: Mapping[str, frozenset[str]] | None = None
    guests: int = 0


NOTHING = Chosen()


def problems_of(
    draft: RegistrationDraft, asked: Asked, *, before: Chosen = NOTHING, is_complete: bool = True
) -> Problems:
    """Sentences by field; empty where all is well. Answers stand under `Question.field`, a guest's under `guest_1_name`."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, sentence in (
        *_who(draft.who),
        *_note(draft.note),
        *_functions(draft, asked, before),
        *_guests(draft, asked, before),
        *_needs(draft.needs),
        *_answers(draft, asked, before, is_complete=is_complete),
    ):
        found[name].append(sentence)
    return dict(found)


def _who(who: Who) -> Found:
    if who.person_id is not None:
        return
    yield from _name("name", who.name)
    if not who.email.strip():
        yield "email", _("Write the e-mail address: the confirmation goes there.")
    else:
        yield from _email("email", who.email)
    yield from _line("phone", who.phone, LONGEST_PHONE)
    yield from _line("organisation", who.organisation, LONGEST_ORGANISATION)


def _name(field: str, name: str) -> Found:
    if not name.strip():
        yield field, _("Write the name.")
    elif any(part in name.lower() for part in ADDRESSES):
        yield field, _("A name has no web address in it.")  # a mail with the name goes to any address given
    yield from _line(field, name, LONGEST_NAME)


def _email(field: str, email: str) -> Found:
    if len(email) > LONGEST_EMAIL:
        yield field, _("At most %(most)d characters.") % {"most": LONGEST_EMAIL}
        return
    try:
        validate_email(email.strip())
    except ValidationError:
        yield field, _("“%(email)s” is not an e-mail address.") % {"email": email.strip()[:80]}


def _line(field: str, text: str, most: int) -> Found:
    if "\n" in text.strip() or "\r" in text.strip():
        yield field, _("Write it on one line.")
    yield from _text(field, text, most)


def _text(field: str, text: str, most: int) -> Found:
    if len(text) > most:
        yield field, _("At most %(most)d characters.") % {"most": most}
    try:
        validate_text(text)
    except ValidationError as error:
        yield field, str(error.messages[0])


def _note(note: str) -> Found:
    return _text("note", note, LONGEST_NOTE)


def _functions(draft: RegistrationDraft, asked: Asked, before: Chosen) -> Found:
    if set(draft.function_ids) - asked.function_ids - before.function_ids:
        yield "function_ids", _("This can't be chosen any more. Choose from what is offered.")


def _guests(draft: RegistrationDraft, asked: Asked, before: Chosen) -> Found:
    most = max(asked.max_guests, before.guests)
    if len(draft.guests) > most:
        sentence = _("At most %(most)d can be brought along.") if most else _("Nobody can be brought along.")
        yield "guests", sentence % {"most": most} if most else sentence
    for number, guest in enumerate(draft.guests[:most], start=1):
        yield from _name(f"guest_{number}_name", guest.name)
        if guest.email.strip():
            yield from _email(f"guest_{number}_email", guest.email)


def _needs(needs: NeedsDraft) -> Found:
    if set(needs.diets) - set(Diet):
        yield "diets", _("Choose from what is offered.")
    if set(needs.access) - set(AccessNeed):
        yield "access", _("Choose from what is offered.")
    yield from _text("dietary", needs.dietary, LONGEST_NEED)
    yield from _text("access_text", needs.access_text, LONGEST_NEED)


def _answers(draft: RegistrationDraft, asked: Asked, before: Chosen, *, is_complete: bool) -> Found:
    for question in asked.questions:
        answer = draft.answers.get(question.key)
        if answer in (None, "", (), False):
            if question.is_required and is_complete:
                yield question.field, _missing(question.kind)
        else:
            kept = (before.options or {}).get(question.key, frozenset())
            yield from _answer(question, answer, kept)


def _missing(kind: FieldKind) -> str:
    match kind:
        case FieldKind.CONSENT:
            return _("Without this you can't be registered.")
        case FieldKind.CHOICE | FieldKind.CHOICES:
            return _("Choose an answer.")
    return _("Write an answer.")


def _answer(question: Question, answer: Answer, kept: frozenset[str]) -> Found:
    match question.kind:
        case FieldKind.TEXT:
            yield from _line(question.field, str(answer), LONGEST_LINE)
        case FieldKind.LONG_TEXT:
            yield from _text(question.field, str(answer), LONGEST_TEXT)
        case FieldKind.CHOICE | FieldKind.CHOICES:
            yield from _choices(question, options_in(answer), kept)
        case FieldKind.CONSENT:
            if answer is not True:
                yield question.field, _missing(question.kind)


def _choices(question: Question, chosen: tuple[str, ...], kept: frozenset[str]) -> Found:
    offered = {choice.key: choice for choice in question.choices}
    if question.kind == FieldKind.CHOICE and len(chosen) > 1:
        yield question.field, _("Choose one.")
    if set(chosen) - offered.keys():
        yield question.field, _("Choose from what is offered.")
    for key in dict.fromkeys(chosen):
        if key in offered and offered[key].left == 0 and key not in kept:
            sentence = _("“%(option)s” has run out. Choose another.")
            yield question.field, sentence % {"option": offered[key].label}


def options_in(answer: Answer | None) -> tuple[str, ...]:
    """The keys of the options that an answer names."""
    if isinstance(answer, str):
        return (answer,) if answer else ()
    return tuple(answer) if isinstance(answer, (tuple, list)) else ()
