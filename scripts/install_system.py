"""Finds PostgreSQL's server programs and a Chromium; installs what is missing, or says what to do.

Both are needed by `make test` alone. As root, or with sudo that asks no password, they come from
apt; otherwise Chromium comes from Playwright. `--check` installs nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
POSTGRESQL_FOLDERS = ("/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt")
PLAYWRIGHT_FOLDERS = ("~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")


def find_initdb() -> str | None:
    """Where initdb is: on the PATH, or under the versioned folders that Debian keeps off it."""
    on_path = shutil.which("initdb")
    if on_path:
        return on_path
    found = [path for folder in POSTGRESQL_FOLDERS for path in Path(folder).glob("**/bin/initdb")]
    return str(max(found)) if found else None


def find_chromium() -> str | None:
    """The system's Chromium, or the one that Playwright downloaded."""
    on_path = next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)
    if on_path:
        return on_path
    folders = [os.environ.get("PLAYWRIGHT_BROWSERS_PATH", ""), *PLAYWRIGHT_FOLDERS]
    found = [
        path
        for folder in folders
        if folder
        for path in Path(folder).expanduser().glob("chromium-*/chrome-*/*")
        if path.name in {"chrome", "Chromium.app"}
    ]
    return str(max(found)) if found else None


NEEDED: dict[str, tuple[Callable[[], str | None], str]] = {
    "PostgreSQL's server": (find_initdb, "postgresql"),
    "Chromium": (find_chromium, "chromium"),
}


def missing() -> list[str]:
    return [name for name, (find, _package) in NEEDED.items() if find() is None]


def apt_prefix() -> list[str] | None:
    """How to run apt-get here: bare as root, through sudo where it asks nothing; None where it can't be."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    may_sudo = shutil.which("sudo") and subprocess.run(
        ["sudo", "-n", "true"], capture_output=True, check=False
    )
    return ["sudo", "-n"] if may_sudo and may_sudo.returncode == 0 else None


def run(command: list[str]) -> bool:
    print("+", " ".join(command), flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, check=False, stdin=subprocess.DEVNULL, env=environment).returncode == 0


def install(names: list[str]) -> None:
    prefix = apt_prefix()
    if prefix is not None:
        packages = [NEEDED[name][1] for name in names]
        # A failing update still leaves the lists that the machine had.
        run([*prefix, "apt-get", "update", "-q"])
        run([*prefix, "apt-get", "install", "-q", "-y", "--no-install-recommends", *packages])
    if find_chromium() is None:
        run([sys.executable, "-m", "playwright", "install", "chromium"])


def main() -> int:
    lacking = missing()
    if lacking and "--check" not in sys.argv:
        install(lacking)
        lacking = missing()
    for name in lacking:
        print(
            f"{name} is missing and could not be installed; the tests need it. "
            f"On Debian or Ubuntu: sudo apt-get install {NEEDED[name][1]}.",
            file=sys.stderr,
        )
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
