"""`convenor serve`: checks the database, collects the static files, then becomes the server."""

from __future__ import annotations

import os
import socket
import sys

import click
from django.db import connection

from convenor.cli import migrations, static_files

# glibc keeps memory apart for each thread, and numpy's algebra, which we don't use, a pool of threads: a tenth of the server's.
FRUGAL = {"MALLOC_ARENA_MAX": "2", "OPENBLAS_NUM_THREADS": "1"}


def refuse_taken_port(host: str, port: int) -> None:
    """The server's own socket shares its port, so that two servers on one port would go unnoticed."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.UsageError(
                f"Can't listen on {host} port {port}: {error.strerror}. Choose another with --host or --port."
            ) from error


def become_server(*, host: str, port: int, workers: int, threads: int) -> None:
    """Replaces this process, so that the memory which the checks took goes back to the machine."""
    connection.close()
    sys.stdout.flush()
    arguments = [host, str(port), str(workers), str(threads)]
    command = [sys.executable, "-m", "convenor.cli.server", *arguments]
    os.execve(sys.executable, command, {**FRUGAL, **os.environ})  # noqa: S606 - our own interpreter


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(1, 65_535), default=8000, show_default=True, help="The port to listen on."
)
@click.option(
    "--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="How many processes."
)
@click.option(
    "--threads", type=click.IntRange(1, 64), default=4, show_default=True, help="Threads in each process."
)
@click.option("--migrate", is_flag=True, help="Bring the database up to date first.")
def command(*, host: str, port: int, workers: int, threads: int, migrate: bool) -> None:
    """Serves the screens, the feeds and the background work."""
    refuse_taken_port(host, port)
    if migrate:
        migrations.apply()
    migrations.refuse_pending("convenor serve --migrate")
    migrations.bring_along()
    static_files.collect()
    become_server(host=host, port=port, workers=workers, threads=threads)
