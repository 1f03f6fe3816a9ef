"""What the database refused: from an IntegrityError to the declared constraint, alike on both engines."""

from __future__ import annotations

import re
from functools import cache

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models

# SQLite's own words, and those that NoOverlap and AppendOnly raise
SQLITE_NAME = re.compile(
    r"constraint \"(\w+)\"|CHECK constraint failed: (\w+)|UNIQUE constraint failed: index '(\w+)'"
)
SQLITE_COLUMNS = re.compile(r"UNIQUE constraint failed: (\w+\.\w+(?:, \w+\.\w+)*)$")


@cache
def _declared() -> dict[str, models.BaseConstraint]:
    return {c.name: c for model in apps.get_models() for c in model._meta.constraints}


@cache
def _uniques() -> dict[frozenset[str], str]:
    """``table.column`` sets to the constraint's name: SQLite names the columns, not the constraint."""
    return {
        frozenset(
            f"{model._meta.db_table}.{f.column}" for f in model._meta.local_fields if f.name in unique.fields
        ): (unique.name)
        for model in apps.get_models()
        for unique in model._meta.constraints
        if isinstance(unique, models.UniqueConstraint) and unique.fields
    }


def violated(error: IntegrityError) -> str | None:
    """The name in Meta.constraints of what `error` broke; None for anything else (a foreign key, NOT NULL)."""
    name = _postgresql_name(error) or _sqlite_name(str(error))
    return name if name in _declared() else None


def _postgresql_name(error: IntegrityError) -> str | None:
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None)


def _sqlite_name(message: str) -> str | None:
    if found := SQLITE_NAME.search(message):
        return next(name for name in found.groups() if name)
    if found := SQLITE_COLUMNS.search(message):
        return _uniques().get(frozenset(found[1].split(", ")))
    return None


def as_validation_error(error: IntegrityError) -> ValidationError:
    """The same ValidationError that the constraint's own validate() gives; `error` again if it has none."""
    name = violated(error)
    if name is None:
        raise error
    constraint = _declared()[name]
    return ValidationError(
        str(constraint.get_violation_error_message()), code=constraint.violation_error_code
    )
