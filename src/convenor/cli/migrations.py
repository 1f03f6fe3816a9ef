"""Which migrations the database still lacks; bringing it up to date, with the rows that the package brings along."""

from __future__ import annotations

import click
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from convenor.events.actions.shipped import ship_classes


def pending() -> list[str]:
    """The migrations that the database still lacks, as `app.name`, in the order they apply."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def refuse_pending(remedy: str) -> None:
    """ClickException where the database is not up to date; `remedy` is the command that makes it so."""
    lacking = pending()
    if lacking:
        raise click.ClickException(
            f"The database lacks {len(lacking)} migration{'s' if len(lacking) > 1 else ''}, "
            f"the first of them {lacking[0]}; run `{remedy}`."
        )


def apply() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    bring_along()


def bring_along() -> None:
    """The event classes that come with the package, where they aren't there or are older."""
    ship_classes()
