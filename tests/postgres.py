"""A PostgreSQL cluster of the tests' own: made in a temporary folder, thrown away at the end."""

from __future__ import annotations

import getpass
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

# What a throw-away database needs no safety for
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "100"}
SERVERS = "/usr/lib/postgresql"  # Debian keeps the server's programs out of PATH, one folder a version


class NoPostgreSQL(RuntimeError):
    """The server's programs are not on this machine, or don't run."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def url(port: int) -> str:
    return f"postgresql://convenor@127.0.0.1:{port}/postgres"


class Cluster:
    """One server on one port; `start` and `stop` it."""

    def __init__(self, port: int, options: Mapping[str, str] = FAST) -> None:
        self.port = port
        self.options = options
        self.programs = _programs()
        self.account = _account()
        self.folder = Path(tempfile.mkdtemp(prefix="convenor-postgresql-"))
        if os.geteuid() == 0:
            shutil.chown(self.folder, self.account)

    def start(self) -> None:
        self._run("initdb", "--username=convenor", "--auth=trust", "--encoding=UTF8", "--no-sync", _locale())
        options = {**self.options, "port": str(self.port), "listen_addresses": "127.0.0.1"}
        options["unix_socket_directories"] = str(self.folder)
        text = "".join(f"{name} = '{value}'\n" for name, value in options.items())
        with (self.folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write(text)
        self._run("pg_ctl", "start", "--wait", f"--log={self.folder / 'log'}", "--timeout=60")

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "--wait", "--mode=immediate")
        shutil.rmtree(self.folder)

    def _run(self, program: str, *arguments: str) -> None:
        as_root = os.geteuid() == 0
        # A file, not a pipe: the server that pg_ctl leaves behind would hold a pipe open.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [self.programs / program, f"--pgdata={self.folder / 'data'}", *arguments],
                cwd=self.folder,
                check=False,
                stdout=output,
                stderr=subprocess.STDOUT,
                # initdb and postgres refuse to run as root.
                user=self.account if as_root else None,
                group=pwd.getpwnam(self.account).pw_gid if as_root else None,
                extra_groups=[] if as_root else None,
            )
            output.seek(0)
            if done.returncode:
                raise NoPostgreSQL(f"{program} failed:\n{output.read()}")


def _programs() -> Path:
    """The folder with initdb and pg_ctl: what PATH finds, else the newest of Debian's."""
    if (found := shutil.which("initdb")) and shutil.which("pg_ctl"):
        return Path(found).resolve().parent
    versions = [path for path in Path(SERVERS).glob("*/bin") if (path / "initdb").exists()]
    if not versions:
        raise NoPostgreSQL("PostgreSQL's server is not installed: no initdb in PATH nor under " + SERVERS)
    return max(versions, key=lambda path: [int(n) for n in re.findall(r"\d+", path.parent.name)])


def _account() -> str:
    if os.geteuid() != 0:
        return getpass.getuser()
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _locale() -> str:
    return "--locale=C.UTF-8" if sys.platform == "linux" else "--locale=en_US.UTF-8"
