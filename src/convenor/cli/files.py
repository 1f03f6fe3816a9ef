"""Files that a command reads, within the size that the settings allow."""

from __future__ import annotations

from pathlib import Path

import click
from django.conf import settings

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


def content(file: Path) -> bytes:
    """Raises BadParameter for one that is too large."""
    size = file.stat().st_size
    if size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // 1_000_000
        raise click.BadParameter(f"{file.name} has {size // 1_000_000} MB; at most {limit} are read.")
    return file.read_bytes()
