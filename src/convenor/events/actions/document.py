"""Keeping documents: a first version, a further one, another title, taken away (and still on record).

A file is written before the transaction that records it, and taken away again if that fails: a row never names a file
that isn't there. What a killed process leaves behind, `sweep_documents` finds.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import Max
from django.utils.translation import gettext as _

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.changes import save_row
from convenor.base.permissions import may, require
from convenor.base.transactions import action
from convenor.events.actions.opening import named_for, open_event
from convenor.events.models import Document, DocumentVersion, Event, Function, Task
from convenor.events.queries.documents import document_for, stored_names
from convenor.events.queries.visibility import event_for
from convenor.events.rules.upload import CHUNK, clean_name, format_of

FOLDER = "documents"
LEFT_FOR = timedelta(days=1)
VERSION = ("document", "number", "file_name", "file_type", "size", "sha256", "uploaded_at")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody sent: seekable, with the name that they gave it."""

    file: IO[bytes]
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class _Stored:
    """What goes on record of a file that has been looked at and written."""

    file: str
    file_name: str
    file_type: str
    size: int
    sha256: str


def add_document(
    *,
    actor: Actor,
    event_id: int,
    upload: Upload,
    title: str = "",
    is_sensitive: bool = False,
    task_id: int | None = None,
    function_id: int | None = None,
    now: datetime,
) -> DocumentVersion:
    """Keep a new document of the event, or of one of its tasks or functions; its title is the file's name where none is given.

    Raises Event.DoesNotExist, Refused, ValidationError with what is wrong with the file. Nothing is stored then.
    """
    _require_adding(actor, event_for(actor, event_id), task_id)
    with _stored(upload, now) as stored:
        return _add(actor, event_id, stored, title, is_sensitive, task_id, function_id, now)


def add_version(*, actor: Actor, document_id: int, upload: Upload, now: datetime) -> DocumentVersion:
    """Keep a newer version of a document. Raises Document.DoesNotExist, Refused, ValidationError."""
    document = document_for(actor, document_id)
    _require_adding(actor, document.event, document.task_id)
    with _stored(upload, now) as stored:
        return _add_version(actor, document_id, stored, now)


@action
def change_document(*, actor: Actor, document_id: int, title: str, is_sensitive: bool) -> Document:
    """Raises Document.DoesNotExist, Refused, ValidationError."""
    document = _opened(actor, document_id)
    changes = {"title": title, "is_sensitive": is_sensitive}
    save_row(actor=named_for(actor, document.event), action="document.changed", row=document, changes=changes)
    return document


@action
def remove_document(*, actor: Actor, document_id: int, now: datetime) -> None:
    """Take it out of every list; its versions stay on record and in the store. Raises Document.DoesNotExist, Refused."""
    document = _opened(actor, document_id)
    changes = {"removed_at": now}
    save_row(actor=named_for(actor, document.event), action="document.removed", row=document, changes=changes)


def sweep_documents(now: datetime) -> int:
    """Delete files of more than a day ago that no row names: a process was killed between writing and recording; how many."""
    known, swept = set(stored_names()), 0
    for name in list(_files(FOLDER)):
        if name not in known and default_storage.get_modified_time(name) < now - LEFT_FOR:
            default_storage.delete(name)
            swept += 1
    return swept


@contextmanager
def _stored(upload: Upload, now: datetime) -> Iterator[_Stored]:
    """The file, looked at and written under a name that nobody can guess; taken away again if what follows fails."""
    found = _examined(upload)
    name = default_storage.save(f"{FOLDER}/{now:%Y}/{secrets.token_hex(16)}", File(upload.file))
    try:
        yield found(file=name)
    except BaseException:
        default_storage.delete(name)
        raise


def _examined(upload: Upload) -> Callable[..., _Stored]:
    """Raises ValidationError, before anything is written."""
    name = clean_name(upload.name)
    try:
        if upload.size > settings.UPLOAD_MAX_BYTES:
            params = {"size": round(upload.size / 1e6, 1), "most": settings.UPLOAD_MAX_BYTES // 1_000_000}
            raise ValidationError(_("The file has %(size)s MB; at most %(most)d MB are kept.") % params)
        kind = format_of(upload.file, name)
    except ValidationError as error:
        raise ValidationError({"file": error.messages}) from error
    digest = hashlib.sha256()
    upload.file.seek(0)
    while chunk := upload.file.read(CHUNK):
        digest.update(chunk)
    upload.file.seek(0)
    return partial(_Stored, file_name=name, file_type=kind.mime, size=upload.size, sha256=digest.hexdigest())


@action
def _add(
    actor: Actor,
    event_id: int,
    stored: _Stored,
    title: str,
    is_sensitive: bool,
    task_id: int | None,
    function_id: int | None,
    now: datetime,
) -> DocumentVersion:
    event = _locked(actor, event_id, task_id)
    task = Task.objects.get(pk=task_id, event=event) if task_id is not None else None
    function = Function.objects.get(pk=function_id, event=event) if function_id is not None else None
    document = Document(event=event)
    changes: dict[str, Any] = {
        "task": task,
        "function": function,
        "title": title.strip() or PurePosixPath(stored.file_name).stem,
        "is_sensitive": is_sensitive,
    }
    save_row(actor=named_for(actor, event), action="document.added", row=document, changes=changes)
    return _version(actor, document, 1, stored, now)


@action
def _add_version(actor: Actor, document_id: int, stored: _Stored, now: datetime) -> DocumentVersion:
    document = _opened(actor, document_id)
    last = DocumentVersion.objects.filter(document=document).aggregate(last=Max("number"))["last"] or 0
    return _version(actor, document, last + 1, stored, now)


def _version(
    actor: Actor, document: Document, number: int, stored: _Stored, now: datetime
) -> DocumentVersion:
    version = DocumentVersion(
        document=document,
        number=number,
        file=stored.file,
        file_name=stored.file_name,
        file_type=stored.file_type,
        size=stored.size,
        sha256=stored.sha256,
        uploaded_at=now,
        uploaded_by_id=actor.person_id,
        uploader_name=actor.name[:160],
    )
    version.save(force_insert=True)
    by, after = named_for(actor, document.event), audit.snapshot(version, VERSION)
    audit.record(actor=by, action="document.version_added", obj=version, after=after)
    return version


def _opened(actor: Actor, document_id: int) -> Document:
    """Locked by its event, and the actor's to change."""
    event = _locked(actor, (seen := document_for(actor, document_id)).event_id, seen.task_id)
    document = document_for(actor, document_id)
    document.event = event
    return document


def _locked(actor: Actor, event_id: int, task_id: int | None) -> Event:
    event = open_event(actor, event_id, None, "event.see", also_over=True)
    _require_adding(actor, event, task_id)
    return event


def _require_adding(actor: Actor, event: Event, task_id: int | None) -> None:
    """Who runs the event may; of a task, whoever works on it too."""
    if task_id is not None and not may(actor, "document.add", event):
        task = Task.objects.select_related("event").get(pk=task_id, event=event)
        return require(actor, "task.work", task)
    return require(actor, "document.add", event)


def _files(folder: str) -> Iterator[str]:
    if not default_storage.exists(folder):
        return
    folders, files = default_storage.listdir(folder)
    yield from (f"{folder}/{name}" for name in files)
    for each in folders:
        yield from _files(f"{folder}/{each}")
