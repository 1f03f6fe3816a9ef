"""Event classes: a new version saved, taken out of use, brought back. Versions never change; events keep theirs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.changes import save_row
from convenor.base.permissions import require
from convenor.base.refusals import as_validation_error
from convenor.base.text import validate_text
from convenor.base.transactions import action
from convenor.events.models import ClassVersion, EventClass
from convenor.events.queries.classes import current_version, policy_of, seen_classes
from convenor.events.rules.policy import Policy
from convenor.events.rules.policy_diff import Change, policy_changes
from convenor.events.rules.policy_text import PolicyErrors, policy_from
from convenor.events.rules.toml_reading import Problem

_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_CODE, LONGEST_NOTE = 40, 300
TAKEN = frozenset({"new"})
"""Codes that are pages of their own."""


class BadPolicy(ValidationError):
    """The text is no class; `problems` says why, each with its line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__({"text": [str(each) for each in problems]})


class StaleClass(ValidationError):
    """Somebody else saved a newer version meanwhile; `changes` are theirs."""

    def __init__(self, current: ClassVersion, changes: Sequence[Change]) -> None:
        self.current, self.changes = current, tuple(changes)
        sentence = _("Somebody else has saved version %(number)d of “%(code)s” since you opened it.")
        super().__init__(
            {"base_version": [sentence % {"number": current.number, "code": current.event_class.code}]}
        )


@action
def save_class(*, actor: Actor, code: str, text: str, note: str, base_version: int | None) -> ClassVersion:
    """Write the class's next version; a code that isn't there yet makes a new class.

    `base_version` is the number of the version that the text was made from, None for a new class. A text that is the
    same as the newest version's writes nothing. Raises Refused, BadPolicy, StaleClass, ValidationError by argument.
    """
    require(actor, "event_class.edit")
    text = text.replace("\r\n", "\n").strip() + "\n"
    policy = _checked(code, text, note)
    event_class = _locked(actor, code, base_version)
    newest = None if event_class._state.adding else current_version(event_class)
    if newest is not None and newest.number != base_version:
        raise StaleClass(newest, _since(newest, base_version))
    if newest is not None and newest.text == text:
        return newest
    version = _write(actor, event_class, newest, text, note.strip())
    details = {"code": code, "number": version.number, "note": version.note, "title": policy.title.en}
    audit.record(actor=actor, action="event_class.saved", obj=version, after=details)
    return version


@action
def set_class_offered(*, actor: Actor, code: str, is_active: bool) -> EventClass:
    """Take a class out of use for new events, or back into it; events that have it keep it. Raises EventClass.DoesNotExist, Refused."""
    require(actor, "event_class.edit")
    event_class = seen_classes(actor).get(code=code)
    verb = "event_class.restored" if is_active else "event_class.retired"
    save_row(actor=actor, action=verb, row=event_class, changes={"is_active": is_active})
    return event_class


def retire_class(*, actor: Actor, code: str) -> EventClass:
    return set_class_offered(actor=actor, code=code, is_active=False)


def restore_class(*, actor: Actor, code: str) -> EventClass:
    return set_class_offered(actor=actor, code=code, is_active=True)


def _checked(code: str, text: str, note: str) -> Policy:
    problems: dict[str, list[str]] = {}
    if not _CODE.fullmatch(code) or len(code) > LONGEST_CODE:
        sentence = _("A code is made of small letters, digits and hyphens, at most %(most)d of them.")
        problems["code"] = [sentence % {"most": LONGEST_CODE}]
    elif code in TAKEN:
        problems["code"] = [_("“%(code)s” can't be a class's code.") % {"code": code}]
    if len(note.strip()) > LONGEST_NOTE:
        sentence = _("A note has at most %(most)d characters.")
        problems["note"] = [sentence % {"most": LONGEST_NOTE}]
    try:
        validate_text(note)
    except ValidationError as error:
        problems["note"] = list(error.messages)
    if problems:
        raise ValidationError(problems)
    try:
        return policy_from(text)
    except PolicyErrors as error:
        raise BadPolicy(error.problems) from None


def _locked(actor: Actor, code: str, base_version: int | None) -> EventClass:
    """The class, locked until the transaction ends, or a new one: two editors write one after the other."""
    rows = seen_classes(actor).select_for_update(no_key=True, of=("self",))
    found = rows.filter(code=code).first()
    if found is not None:
        if base_version is None:
            sentence = _("There is a class with the code “%(code)s” already.")
            raise ValidationError({"code": [sentence % {"code": code}]})
        return found
    if base_version is not None:
        sentence = _("There is no class with the code “%(code)s” any more.")
        raise ValidationError({"code": [sentence % {"code": code}]})
    return EventClass(code=code)


def _since(newest: ClassVersion, base_version: int | None) -> list[Change]:
    base = newest.event_class.versions.filter(number=base_version or 0).first()
    if base is None:
        return []
    return policy_changes(policy_of(base), policy_of(newest), get_language() or "en")


def _write(
    actor: Actor, event_class: EventClass, newest: ClassVersion | None, text: str, note: str
) -> ClassVersion:
    try:
        if event_class._state.adding:
            event_class.save(force_insert=True)
        return ClassVersion.objects.create(
            event_class=event_class,
            number=newest.number + 1 if newest else 1,
            text=text,
            note=note,
            created_by_id=actor.person_id,
        )
    except IntegrityError as error:  # the code, taken a moment ago
        raise as_validation_error(error) from error
