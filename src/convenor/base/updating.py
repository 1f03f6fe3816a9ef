"""Updates of many rows, each to values of its own, in one round trip.

`bulk_update` writes one CASE with a branch for each row and column, which takes Django longer to spell than the
database to do: four hundred bookings take half a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.db import connection, models

from convenor.base.compiled import compiled_cursor

M = TypeVar("M", bound=models.Model)


def update_rows(rows: Sequence[M], names: Sequence[str]) -> None:
    """Write these fields of saved rows of one model. One prepared statement, run for each row."""
    if not rows:
        return
    meta, quote = type(rows[0])._meta, connection.ops.quote_name
    fields = [meta.get_field(name) for name in names]
    columns = [field for field in fields if isinstance(field, models.Field)]
    assert meta.pk is not None
    assert len(columns) == len(names)
    settings = ", ".join(f"{quote(field.column or '')} = %s" for field in columns)
    statement = f"UPDATE {quote(meta.db_table)} SET {settings} WHERE {quote(meta.pk.column or '')} = %s"  # noqa: S608  # names of our own models' columns
    parameters = [
        [*(field.get_db_prep_save(getattr(row, field.attname), connection) for field in columns), row.pk]
        for row in rows
    ]
    with compiled_cursor() as cursor:
        cursor.executemany(statement, parameters)
