"""Running SQL that is the same every time, as `inserting` and the prepared reads of the schedule do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.utils.module_loading import import_string

PREPARE_AFTER = 3  # runs of one statement on one connection


@contextmanager
def compiled_cursor() -> Iterator[Any]:
    """A cursor of the default connection; on PostgreSQL one whose statements the server plans once.

    Django's own cursors put the values into the text, so that the server parses and plans each anew. Behind
    a pooler that changes servers between transactions nothing can be prepared; there, as Django asks,
    DISABLE_SERVER_SIDE_CURSORS is set in the database's settings, and is heeded here.
    """
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            yield cursor
        return
    connection.ensure_connection()
    with _binding_cursor() as cursor:
        yield cursor


def _binding_cursor() -> Any:
    # Imported where PostgreSQL is in use: the stubs know neither the class's arguments nor what takes it.
    cursor_class: Any = import_string("django.db.backends.postgresql.base.ServerBindingCursor")
    raw = connection.connection
    pooled = connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
    raw.prepare_threshold = None if pooled else PREPARE_AFTER
    cursor = cursor_class(raw)
    return (
        connection.make_debug_cursor(cursor) if connection.queries_logged else connection.make_cursor(cursor)
    )
