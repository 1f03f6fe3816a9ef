"""Papers that a job has set, kept for a day until whoever asked for them has fetched them.

Under a random token, which is checked to be one before it becomes part of a path.
"""

from __future__ import annotations

import os
import re
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

KEPT_FOR = timedelta(days=1)
_TOKEN = re.compile(r"[0-9a-f]{32}")


def keep_paper(content: bytes, *, now: datetime) -> str:
    """Its token; what has expired goes."""
    home = _home()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in home.iterdir():
        if path.stat().st_mtime < (now - KEPT_FOR).timestamp():
            path.unlink(missing_ok=True)
    token = secrets.token_hex(16)
    path = home / token
    path.write_bytes(content)
    os.utime(path, (now.timestamp(), now.timestamp()))
    return token


def kept_paper(token: str, *, now: datetime) -> bytes | None:
    """None for one that isn't there, or not any more."""
    if not _TOKEN.fullmatch(token):
        return None
    path = _home() / token
    try:
        is_over = path.stat().st_mtime < (now - KEPT_FOR).timestamp()
        return None if is_over else path.read_bytes()
    except FileNotFoundError:
        return None


def _home() -> Path:
    return Path(settings.DATA) / "papers"
