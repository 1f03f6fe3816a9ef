"""`convenor demo`: the demo organisation in a database of its own, served."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import click
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from convenor.base import clock
from convenor.base.models import User
from convenor.cli import migrations, static_files
from convenor.cli.output import say
from convenor.cli.serve import become_server, refuse_taken_port
from convenor.demo.load import is_loaded, load
from convenor.demo.workforce import ADMINISTRATOR, PASSWORD

STALE = timedelta(days=7)


def start_afresh() -> None:
    """Empties the database: a SQLite file is removed, PostgreSQL's tables are truncated."""
    if connection.vendor != "sqlite":
        call_command("flush", interactive=False, verbosity=0)
        return
    connection.close()
    for suffix in ("", "-wal", "-shm"):
        Path(settings.DATABASES["default"]["NAME"] + suffix).unlink(missing_ok=True)


def refuse_foreign_data() -> None:
    """Nothing that somebody entered is mixed with the demo or, with --fresh, lost to it."""
    if User.objects.exists() and not is_loaded():
        raise click.UsageError(
            "This database holds data that are not the demo's. Set CONVENOR_DATA to another folder for the demo."
        )


def load_with_progress() -> None:
    columns = SpinnerColumn(), TextColumn("Making {task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("the demo organisation", total=None)
        load(tell=lambda made: progress.update(task, description=made))


def accounts() -> Sequence[User]:
    """The demo's own accounts, the administrator first."""
    domain = ADMINISTRATOR.partition("@")[2]
    found = User.objects.filter(email__endswith=f"@{domain}", is_active=True)
    return sorted(found, key=lambda user: (user.email != ADMINISTRATOR, user.email))


def show_accounts() -> None:
    shown = Table(
        "name", "e-mail", "role", title=f"Who can sign in (password: {PASSWORD})", title_justify="left"
    )
    for user in accounts():
        shown.add_row(user.display_name, user.email, user.get_role_display())
    Console().print(shown)


def mention_age() -> None:
    age = clock.now() - User.objects.get(email=ADMINISTRATOR).joined_at
    if age > STALE:
        say(
            f"The demo's calendar was made {age.days} days ago; `convenor demo --fresh` makes it around today."
        )


@click.command("demo")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(1, 65_535), default=8000, show_default=True, help="The port to listen on."
)
@click.option(
    "--fresh", is_flag=True, help="Make the demo organisation anew, around today; what was changed is lost."
)
@click.option("--no-serve", is_flag=True, help="Only make it.")
def command(*, host: str, port: int, fresh: bool, no_serve: bool) -> None:
    """Makes the demo organisation, serves it and says who can sign in.

    Running it again keeps what was changed.
    """
    if not no_serve:
        refuse_taken_port(host, port)
    migrations.apply()
    refuse_foreign_data()
    if fresh:
        start_afresh()
        migrations.apply()
    if not is_loaded():
        load_with_progress()
    show_accounts()
    mention_age()
    if no_serve:
        return
    static_files.collect()
    os.environ.setdefault("CONVENOR_URL", f"http://127.0.0.1:{port}")
    become_server(host=host, port=port, workers=1, threads=4)
