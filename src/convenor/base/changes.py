"""Changing one row as every action does: set, check, save, put on record. One validator serves forms, imports and commands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.refusals import as_validation_error
from convenor.base.text import text_problems

Row = TypeVar("Row", bound=models.Model)
Check = Callable[[Row], None]
"""Raises ValidationError with a dict from field to sentences where a rule of the app is broken."""


def save_row(
    *, actor: Actor, action: str, row: Row, changes: Mapping[str, object], checks: Iterable[Check[Row]] = ()
) -> bool:
    """Set the changes on the row, check it and save it with its audit entry; False, and nothing written, where nothing changed.

    Raises ValidationError with a dict from field to sentences, TypeError for a column that the model doesn't have.
    """
    is_new = row._state.adding
    before = {} if is_new else audit.snapshot(row, changes)
    set_columns(row, changes)
    if problems := row_problems(row, checks):
        raise ValidationError(problems)
    if not is_new and audit.snapshot(row, changes) == before:
        return False
    try:
        # Only what was changed: whoever changes another column of the row at this moment loses nothing.
        row.save(force_insert=is_new, update_fields=None if is_new else list(changes))
    except IntegrityError as error:
        raise as_validation_error(error) from error
    after = audit.snapshot(row, columns(row) if is_new else changes)
    audit.record(actor=actor, action=action, obj=row, before=before, after=after)
    return True


def delete_row(*, actor: Actor, action: str, row: models.Model) -> None:
    """Delete the row with its last state on record. Only for rows that nothing else points at."""
    audit.record(actor=actor, action=action, obj=row, before=audit.snapshot(row, columns(row)))
    row.delete()


def set_columns(row: models.Model, changes: Mapping[str, object]) -> None:
    for name, value in changes.items():
        if not isinstance(row._meta.get_field(name), models.Field):
            raise TypeError(f"{name} is not a column of {row._meta.label}")
        setattr(row, name, value.strip() if isinstance(value, str) else value)


def row_problems(
    row: Row, checks: Iterable[Check[Row]] = (), *, with_database: bool = True
) -> dict[str, list[ValidationError]]:
    """Everything that is wrong with a row, by field.

    `with_database=False` leaves out what takes a query per row (uniqueness, foreign keys): a bulk action has checked those for all rows.
    """
    problems: dict[str, Any] = {name: [error] for name, error in text_problems(row).items()}
    relations = {field.name for field in row._meta.concrete_fields if field.is_relation}
    left_out = set(problems) if with_database else set(problems) | relations
    steps: list[Check[Row]] = [lambda each: each.clean_fields(exclude=left_out), *checks]
    if with_database:
        steps += [lambda each: each.validate_unique(), lambda each: each.validate_constraints()]
    # The app's own sentences come before the database's; each step may trust what those before it have found right.
    for step in steps:
        if problems and step is not steps[0]:
            break
        problems = _gathered(step, row, problems)
    return problems


def columns(row: models.Model) -> list[str]:
    """The names of the row's own columns, without its key."""
    return [field.name for field in row._meta.concrete_fields if not field.primary_key]


def sentences(error: ValidationError) -> dict[str, list[str]]:
    """The sentences by field; what belongs to no field is under "__all__"."""
    if hasattr(error, "error_dict"):
        return {name: [str(text) for text in texts] for name, texts in error.message_dict.items()}
    return {NON_FIELD_ERRORS: [str(text) for text in error.messages]}


def _gathered(check: Check[Row], row: Row, problems: dict[str, Any]) -> dict[str, Any]:
    try:
        check(row)
    except ValidationError as error:
        return error.update_error_dict(problems)
    return problems
