"""`convenor manage`: Django's own commands, with their own options."""

from __future__ import annotations

import click
from django.core.management import ManagementUtility


@click.command(
    "manage",
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Runs one of Django's own management commands.

    Everything after `manage` is handed over: `convenor manage migrate --plan`.
    """
    utility = ManagementUtility(["convenor manage", *(arguments or ("help",))])
    # The utility would take the name from the path of this program.
    utility.prog_name = "convenor manage"
    utility.execute()
