"""Database expressions that both engines speak."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, ForeignKey, Func, IntegerField, Lookup
from django.db.models.sql.compiler import SQLCompiler

Sql = tuple[str, list[Any]]


class Epoch(Func):
    """An instant as whole seconds since 1970-01-01T00:00Z, made by the database.

    Thousands of rows then arrive as integers, ready for numpy, without a datetime object each.
    """

    arity = 1
    output_field = BigIntegerField()

    @property
    def convert_value(self) -> Any:
        """Nothing to convert: both engines give an integer, and Django's own int() of it costs more than the row."""
        return self._convert_value_noop  # type: ignore[attr-defined]  # Django's, not in the stubs

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        return super().as_sql(compiler, connection, template="unixepoch(%(expressions)s)", **extra)

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        template = "EXTRACT(EPOCH FROM %(expressions)s)::bigint"
        return super().as_sql(compiler, connection, template=template, **extra)


class Among(Lookup[Any]):
    """`person__among=ids`: like `__in`, but one parameter however many ids there are.

    SQLite refuses more than 32,766 parameters, and a statement of one shape is planned once.
    """

    lookup_name = "among"
    prepare_rhs = False

    def get_prep_lookup(self) -> list[int]:
        values: Iterable[Any] = self.rhs
        return [int(value) for value in values]

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} IN (SELECT value FROM json_each(%s))", [*params, json.dumps(self.rhs)]  # noqa: S608  # lhs is Django's SQL, the value a parameter

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} = ANY(%s)", [*params, self.rhs]


def register() -> None:
    """Teach every number and foreign key the look-up `among`."""
    for kind in (IntegerField, ForeignKey):
        kind.register_lookup(Among)
