"""Set-up shared by every test: a data folder and a database of their own, on either engine.

``pytest --database postgresql`` (or ``CONVENOR_TEST_DATABASE=postgresql``) runs on a PostgreSQL
cluster that this file starts and stops; without it the tests run on a SQLite file.

The environment is set when this file is imported, before any other conftest or test imports a
model: Django reads its settings once. With xdist the controller does it and its workers inherit.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import django
import pytest
from django.db import connection, transaction
from hypothesis import settings as properties

from tests import postgres

# Nothing is timed in tests: a busy machine is no fault of the code.
properties.register_profile("untimed", deadline=None)
properties.load_profile("untimed")

ENGINES = ("sqlite", "postgresql")
ROOT = Path(__file__).resolve().parent.parent
IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ


def chosen_engine(arguments: Sequence[str]) -> str:
    """The engine that the command line or the environment names."""
    found = re.search(r"(?:^|\0)--database[=\0](\w+)", "\0".join(arguments))
    engine = found[1] if found else os.environ.get("CONVENOR_TEST_DATABASE") or "sqlite"
    if engine not in ENGINES:
        raise pytest.UsageError(f"--database {engine}: choose {' or '.join(ENGINES)}.")
    return engine


def set_environment(engine: str) -> None:
    """Nothing of the caller's own Convenor reaches the tests: neither its settings nor its database."""
    for name in [name for name in os.environ if name.startswith(("CONVENOR_", "DATABASE_URL"))]:
        del os.environ[name]
    os.environ["CONVENOR_TEST_DATABASE"] = engine
    os.environ["CONVENOR_DATA"] = tempfile.mkdtemp(prefix="convenor-tests-")
    if engine == "postgresql":
        os.environ["DATABASE_URL"] = postgres.url(postgres.free_port())


if not IS_WORKER:
    set_environment(chosen_engine(sys.argv[1:]))
    sys.path.insert(0, str(ROOT))  # `tests.settings` is found wherever pytest is started from
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # synchronous Playwright runs an event loop of its own
ENGINE = os.environ["CONVENOR_TEST_DATABASE"]
Path(os.environ["CONVENOR_DATA"], "static").mkdir(exist_ok=True)  # what `serve` makes before it starts
django.setup()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=ENGINES, default=ENGINE, help="the engine to test on (default: sqlite)"
    )


def pytest_configure(config: pytest.Config) -> None:
    if IS_WORKER:
        return
    config.add_cleanup(lambda: shutil.rmtree(os.environ["CONVENOR_DATA"], ignore_errors=True))
    if ENGINE == "postgresql" and not config.option.collectonly:
        port = int(os.environ["DATABASE_URL"].rpartition(":")[2].partition("/")[0])
        cluster = postgres.Cluster(port)
        config.add_cleanup(cluster.stop)
        cluster.start()


def pytest_report_header() -> str:
    return f"database: {ENGINE}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test of one engine's own behaviour is no test of the other's: left out, not skipped."""
    for_other = {"postgresql": "sqlite_only", "sqlite": "postgres_only"}[ENGINE]
    left_out = [item for item in items if item.get_closest_marker(for_other)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session", autouse=True)
def _flush_takes_triggers_off() -> Iterator[None]:
    """Lets Django empty append-only tables between transactional tests on SQLite.

    Its flush there is DELETE, which the triggers refuse, as they should; so they are dropped and
    made again around it, in one transaction, here only. PostgreSQL's flush is TRUNCATE.
    """
    if ENGINE != "sqlite":
        yield
        return
    operations = type(connection.ops)
    plain = operations.execute_sql_flush

    def flush(self: Any, statements: list[str]) -> None:
        with transaction.atomic(), self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {self.quote_name(name)}")
            plain(self, statements)
            for _name, sql in triggers:
                cursor.execute(sql)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "execute_sql_flush", flush)
        yield
