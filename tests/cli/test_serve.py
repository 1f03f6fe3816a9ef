"""The server as its users run it: a process that answers, stops when told, and leaves nothing behind."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.cli.running import COMMAND, convenor, environment

pytestmark = [pytest.mark.sqlite_only, pytest.mark.xdist_group("serve")]
PATIENCE_SECONDS = 60


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(json.load(answer) == {"status": "ok"})
    except (OSError, urllib.error.URLError):
        return False


def wait_until(holds: bool, port: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while healthy(port) is not holds:
        assert time.monotonic() < deadline, f"after {PATIENCE_SECONDS} s the server is not as expected"
        time.sleep(0.1)


@contextmanager
def serving(data: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    arguments = [*COMMAND, "serve", "--port", str(port), "--migrate"]
    server = subprocess.Popen(arguments, env=environment(data), stdout=subprocess.PIPE, text=True)
    try:
        wait_until(True, port)
        yield server
    finally:
        for process in (
            [*psutil.Process(server.pid).children(recursive=True)] if server.poll() is None else []
        ):
            process.kill()
        server.kill()
        server.communicate()


def test_it_serves_stops_when_told_and_refuses_a_taken_port(tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, port) as server:
        second = convenor(tmp_path, "serve", "--port", str(port))
        assert second.returncode == 2
        assert f"Can't listen on 127.0.0.1 port {port}" in second.stderr
        server.send_signal(signal.SIGTERM)
        said, _nothing = server.communicate(timeout=PATIENCE_SECONDS)
        assert server.returncode == 0
        assert said == f"Convenor is at http://127.0.0.1:{port} (stop it with Ctrl-C)\n"
    assert not healthy(port)


def test_no_worker_outlives_a_killed_server(tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, port) as server:
        workers = psutil.Process(server.pid).children(recursive=True)
        os.kill(server.pid, signal.SIGKILL)
        gone, alive = psutil.wait_procs(workers, timeout=PATIENCE_SECONDS)
        assert (len(gone) >= 1, alive) == (True, [])
        wait_until(False, port)


def test_an_old_database_is_refused(tmp_path: Path) -> None:
    answer = convenor(tmp_path, "serve", "--port", str(free_port()))
    assert answer.returncode == 1
    assert "run `convenor serve --migrate`" in answer.stderr
