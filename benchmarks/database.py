"""A database of its own for each benchmark, thrown away afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection


@contextmanager
def fresh_sqlite() -> Iterator[None]:
    """An empty, migrated SQLite database in a folder that goes away."""
    with tempfile.TemporaryDirectory() as folder:
        before = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = str(Path(folder) / "bench.sqlite3")
        call_command("migrate", verbosity=0)
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before
