"""Queries whose SQL is built once.

Booking a room takes a handful of small reads, and Django spends several times longer on writing
their SQL than the database on answering. A `Prepared` query is written with the ORM as any other,
compiled at first use, and from then on only gets its values.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from convenor.base.compiled import compiled_cursor

Value = int | datetime | Sequence[int]
Converters = list[tuple[int, Sequence[Callable[..., Any]], Any]]


class Prepared:
    """`build` makes a `values_list` queryset from named values; `examples` are such values, all different.

    A sequence of keys must go through the `among` lookup: one parameter however many there are. A value
    that the query derives from another (a day before it) is a named value of its own.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **examples: Value) -> None:
        self._build, self._examples = build, examples
        self._compiled: dict[str, tuple[str, list[str | None], list[Any], Converters]] = {}

    def rows(self, **values: Value) -> list[tuple[Any, ...]]:
        """One query."""
        sql, names, constants, converters = self._compiled.get(connection.vendor) or self._compile()
        given = {name: _adapted(value) for name, value in values.items()}
        parameters = [
            constant if name is None else given[name] for name, constant in zip(names, constants, strict=True)
        ]
        with compiled_cursor() as cursor:
            cursor.execute(sql, parameters)
            found = cursor.fetchall()
        return [_converted(row, converters) for row in found] if converters else list(found)

    def _compile(self) -> tuple[str, list[str | None], list[Any], Converters]:
        compiler = self._build(**self._examples).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        adapted = [(name, _adapted(value)) for name, value in self._examples.items()]
        names = [next((name for name, value in adapted if value == each), None) for each in parameters]
        if missing := self._examples.keys() - set(names):
            raise ValueError(f"the query has no parameter for {', '.join(sorted(missing))}")
        expressions = [expression for expression, _sql, _alias in compiler.select]
        found = compiler.get_converters(expressions)
        converters = [(place, each, expression) for place, (each, expression) in found.items()]
        compiled = sql, names, list(parameters), converters
        self._compiled[connection.vendor] = compiled
        return compiled


def _adapted(value: Value) -> Any:
    """The value as the engine's driver gets it from the ORM."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, int):
        return value
    return json.dumps(list(value)) if connection.vendor == "sqlite" else list(value)


def _converted(row: Sequence[Any], converters: Converters) -> tuple[Any, ...]:
    values = list(row)
    for place, each, expression in converters:
        for convert in each:
            values[place] = convert(values[place], expression, connection)
    return tuple(values)
