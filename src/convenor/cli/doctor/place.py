"""The data folder: may we write there, is it private, is there room, are the static files current."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from convenor.cli import static_files
from convenor.cli.doctor.findings import Finding, fault, ok, warning

LITTLE_SPACE = 1_000_000_000
NO_SPACE = 100_000_000


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def data_folder() -> Iterator[Finding]:
    folder: Path = settings.DATA
    try:
        with tempfile.NamedTemporaryFile(dir=folder):
            pass
    except OSError as error:
        remedy = f"Let the user who runs Convenor write there: chown {os.geteuid()} {folder}"
        yield fault("data folder", f"{folder} can't be written: {error.strerror}.", remedy)
        return
    if mode(folder) & 0o077:
        sentence = f"{folder} can be read by other users of this machine (mode {mode(folder):o})."
        yield warning("data folder", sentence, f"chmod 700 {folder}")
        return
    yield ok("data folder", f"{folder} can be written, and only its owner can read it.")


def secret_key() -> Iterator[Finding]:
    path: Path = settings.DATA / "secret_key"
    if "CONVENOR_SECRET_KEY" in os.environ or "CONVENOR_SECRET_KEY_FILE" in os.environ:
        yield ok("secret key", "The secret key comes from the environment.")
    elif mode(path) & 0o077:
        sentence = f"{path} can be read by other users of this machine (mode {mode(path):o})."
        yield fault("secret key", sentence, f"chmod 600 {path}; delete it first if somebody may have read it")
    else:
        yield ok("secret key", "The secret key is in the data folder, readable by its owner alone.")


def disk_space() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.DATA).free
    sentence = f"{free / 1e9:.1f} GB are free where the data folder is."
    if free < NO_SPACE:
        yield fault("disk space", sentence, "Free some space now; the database stops when there is none.")
    elif free < LITTLE_SPACE:
        yield warning("disk space", sentence, "Free some space.")
    else:
        yield ok("disk space", sentence)


def static_copy() -> Iterator[Finding]:
    if static_files.are_current():
        yield ok("static files", "The static files are collected and current.")
    else:
        sentence = "The static files are not collected, or older than the program."
        yield warning("static files", sentence, "Start `convenor serve` again; it collects them.")
