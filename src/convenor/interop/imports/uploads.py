"""What somebody uploaded, kept between looking and importing: per account, under a random token, for a day.

The token comes back from the browser; it is checked to be one before it becomes part of a path.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist

from convenor.base.actor import Actor
from convenor.interop.imports.enums import FileKind, Step

KEPT_FOR = timedelta(days=1)
LONGEST_NAME = 200
_TOKEN = re.compile(r"[0-9a-f]{32}")


class UploadExpired(ObjectDoesNotExist):
    """There is no such upload of that account, or not any more."""


@dataclass(frozen=True, slots=True)
class Upload:
    """`name` is the file's own; `job_id` is the last job that works on it, for `job_step`."""

    user_id: int
    token: str
    kind: FileKind
    name: str
    language: str
    zone: str
    job_id: int | None = None
    job_step: str = ""

    @property
    def title(self) -> str:
        """The name without its ending, as a calendar is called."""
        return Path(self.name).stem

    def content(self) -> bytes:
        return (self._folder / "content").read_bytes()

    def answer(self, step: Step) -> dict[str, Any] | None:
        """What `keep_answer` was given for the step."""
        return _read(self._folder / f"{step}.json")

    def keep_answer(self, step: Step, answer: Mapping[str, Any]) -> None:
        _write(self._folder / f"{step}.json", answer)

    def with_job(self, job_id: int, step: Step) -> Upload:
        changed = replace(self, job_id=job_id, job_step=step)
        _write(self._folder / "upload.json", asdict(changed))
        return changed

    @property
    def _folder(self) -> Path:
        return _home() / f"{self.user_id}-{self.token}"


def keep_upload(
    actor: Actor, *, kind: FileKind, name: str, content: bytes, language: str, zone: str, now: datetime
) -> Upload:
    """Keep the file for its account; what has expired goes."""
    assert actor.user_id is not None
    _sweep(now)
    upload = Upload(actor.user_id, secrets.token_hex(16), kind, name[-LONGEST_NAME:], language, zone)
    folder = _home() / f"{upload.user_id}-{upload.token}"
    folder.mkdir(parents=True, mode=0o700)
    (folder / "content").write_bytes(content)
    _write(folder / "upload.json", asdict(upload))
    os.utime(folder, (now.timestamp(), now.timestamp()))
    return upload


def upload_for(actor: Actor, token: str, *, now: datetime) -> Upload:
    """The actor's own upload. Raises UploadExpired."""
    if actor.user_id is None or not _TOKEN.fullmatch(token):
        raise UploadExpired(token)
    folder = _home() / f"{actor.user_id}-{token}"
    kept = _read(folder / "upload.json")
    if kept is None or _is_over(folder, now):
        raise UploadExpired(token)
    return Upload(**{**kept, "kind": FileKind(kept["kind"])})


def _home() -> Path:
    return Path(settings.DATA) / "imports"


def _is_over(folder: Path, now: datetime) -> bool:
    try:
        return folder.stat().st_mtime < (now - KEPT_FOR).timestamp()
    except FileNotFoundError:  # somebody else swept it
        return True


def _sweep(now: datetime) -> None:
    home = _home()
    for folder in home.iterdir() if home.is_dir() else ():
        if _is_over(folder, now):
            shutil.rmtree(folder, ignore_errors=True)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        return json.loads(path.read_bytes())  # type: ignore[no-any-return]  # what _write wrote
    except FileNotFoundError:
        return None


def _write(path: Path, value: Mapping[str, Any]) -> None:
    """At one stroke: a page that reads it meanwhile finds the old or the new."""
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(value), encoding="utf-8")
    fresh.replace(path)
