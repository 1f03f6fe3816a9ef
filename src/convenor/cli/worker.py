"""`convenor worker`: background work in a process of its own."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import click

from convenor.base import wake
from convenor.base.tasks.worker import Worker
from convenor.cli import migrations


@click.command("worker")
def command() -> None:
    """Does background work in a process of its own.

    Ctrl-C or SIGTERM lets it finish what it is doing.
    """
    migrations.refuse_pending("convenor manage migrate")
    stop = threading.Event()

    def finish(_signal: int, _frame: FrameType | None) -> None:
        stop.set()
        wake.arrived.set()

    signal.signal(signal.SIGTERM, finish)
    signal.signal(signal.SIGINT, finish)
    Worker(stop).run()
