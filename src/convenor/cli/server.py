"""The server's main process: watches over the worker processes, and holds nothing of Django itself.

`convenor serve` turns into `python -m convenor.cli.server HOST PORT WORKERS THREADS`.
"""

from __future__ import annotations

import http.client
import os
import sys
import threading
import time

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - how to reach a server that listens everywhere
STOP_SECONDS = 20
READY_SECONDS = 60


def is_ready(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def announce(host: str, port: int) -> None:
    """Says where the server is once it answers."""
    reach = ANYWHERE.get(host, host)
    shown = f"[{reach}]" if ":" in reach else reach
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if is_ready(reach, port):
            print(f"Convenor is at http://{shown}:{port} (stop it with Ctrl-C)", flush=True)  # noqa: T201 - a terminal's line
            return
        time.sleep(0.1)
    print(f"Convenor has not answered within {READY_SECONDS} s.", file=sys.stderr, flush=True)  # noqa: T201 - as above


def serve(*, host: str, port: int, workers: int, threads: int) -> None:
    """Runs until SIGTERM or SIGINT, then lets running requests finish for at most 20 seconds."""
    server = Granian(
        "convenor.cli.application:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    )
    server.on_startup(lambda: threading.Thread(target=announce, args=(host, port), daemon=True).start())
    server.serve()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convenor.settings")
    listen, *numbers = sys.argv[1:]
    port_number, worker_count, thread_count = map(int, numbers)
    serve(host=listen, port=port_number, workers=worker_count, threads=thread_count)
