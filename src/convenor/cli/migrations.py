"""Which migrations the database still lacks."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def pending() -> list[str]:
    """The migrations that the database still lacks, as `app.name`, in the order they apply."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def apply() -> None:
    call_command("migrate", interactive=False, verbosity=0)
