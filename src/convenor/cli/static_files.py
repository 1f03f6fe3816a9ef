"""The copy of the static files in the data folder: made once, made again when a file has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

FINGERPRINT = ".collected"


def sources() -> Iterator[str]:
    """One line per static file of the package: its name, size and time of change."""
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            yield f"{name} {facts.st_size} {facts.st_mtime_ns}"


def fingerprint() -> str:
    return hashlib.sha256("\n".join(sorted(sources())).encode()).hexdigest()


def are_current() -> bool:
    kept = Path(settings.STATIC_ROOT) / FINGERPRINT
    return kept.exists() and kept.read_text() == fingerprint()


def collect() -> None:
    """Copies the static files into the data folder; does nothing where they are already the same."""
    if are_current():
        return
    made_of = fingerprint()
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    (Path(settings.STATIC_ROOT) / FINGERPRINT).write_text(made_of)
