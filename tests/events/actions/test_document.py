"""Keeping documents: who may, what goes on record, and no file without its row or row without its file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import override_settings

from convenor.base import audit
from convenor.base.actor import Refused
from convenor.base.models import AuditEntry
from convenor.events.actions.document import (
    add_document,
    add_version,
    change_document,
    remove_document,
    sweep_documents,
)
from convenor.events.enums import Confidentiality
from convenor.events.models import Document, DocumentVersion, Event, Function, Task
from convenor.events.queries.documents import document_for, documents_for, version_for
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.events import make_event, make_function
from tests.factories.files import PDF, bomb, upload
from tests.factories.scheduling import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> Iterator[Path]:
    with override_settings(MEDIA_ROOT=str(tmp_path)):
        yield tmp_path


def files(store: Path) -> list[Path]:
    return [path for path in store.rglob("*") if path.is_file()]


def test_versions_are_kept_with_their_checksums_under_names_nobody_can_guess(store: Path) -> None:
    owner = alice()
    actor, event = actor_of(owner), make_event(owner)
    first = add_document(actor=actor, event_id=event.pk, upload=upload(PDF, "Plan.pdf"), now=NOW)
    newer = PDF + b"more"
    add_version(actor=actor, document_id=first.document_id, upload=upload(newer, "Plan 2.pdf"), now=LATER)
    (row,) = documents_for(actor, event.pk)
    assert row.document.title == "Plan"
    assert [(each.number, each.file_name, each.size) for each in row.versions] == [
        (2, "Plan 2.pdf", len(newer)),
        (1, "Plan.pdf", len(PDF)),
    ]
    assert row.newest.sha256 == hashlib.sha256(newer).hexdigest()
    assert row.newest.file_type == "application/pdf"
    assert row.newest.uploader_name == "Alice"
    assert sorted(path.read_bytes() for path in files(store)) == sorted([PDF, newer])
    assert not any("Plan" in path.name for path in files(store))
    assert AuditEntry.objects.filter(action="document.version_added").count() == 2


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"MZ\x90\0\3", "plan.pdf", "This is a program"),
        (b"<svg><script/></svg>", "logo.svg", "SVG"),
        (bomb(), "plan.docx", "far larger"),
        (PDF + b"x" * 2_000, "plan.pdf", "at most 0 MB are kept"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(store: Path, content: bytes, name: str, sentence: str) -> None:
    owner = alice()
    event = make_event(owner)
    limit = 1_000 if "at most" in sentence else 10_000_000
    with override_settings(UPLOAD_MAX_BYTES=limit), pytest.raises(ValidationError) as caught:
        add_document(actor=actor_of(owner), event_id=event.pk, upload=upload(content, name), now=NOW)
    assert sentence in caught.value.message_dict["file"][0]
    assert files(store) == []
    assert not Document.objects.exists()


def test_a_transaction_that_fails_takes_its_file_along(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = alice()
    event = make_event(owner)

    def fails(**_arguments: object) -> None:
        assert len(files(store)) == 1, "it was written by then"
        raise OSError("the disk is full")

    monkeypatch.setattr(audit, "record", fails)
    with pytest.raises(OSError, match="disk"):
        add_document(actor=actor_of(owner), event_id=event.pk, upload=upload(PDF, "Plan.pdf"), now=NOW)
    assert files(store) == []
    assert not Document.objects.exists()
    assert not DocumentVersion.objects.exists()


def test_what_a_killed_process_left_is_swept_and_nothing_else(store: Path) -> None:
    owner = alice()
    event = make_event(owner)
    kept = add_document(actor=actor_of(owner), event_id=event.pk, upload=upload(PDF, "Plan.pdf"), now=NOW)
    remove_document(actor=actor_of(owner), document_id=kept.document_id, now=NOW)
    default_storage.save("documents/2026/left", ContentFile(b"x"))
    default_storage.save("rooms/photo.jpg", ContentFile(b"x"))
    written = default_storage.get_modified_time("documents/2026/left")
    assert sweep_documents(written + timedelta(hours=23)) == 0, "somebody may be about to record it"
    assert sweep_documents(written + timedelta(hours=25)) == 1
    assert {path.name for path in files(store)} == {"photo.jpg", Path(kept.file.name or "").name}


def test_removing_keeps_the_versions_on_record(store: Path) -> None:
    owner = alice()
    actor, event = actor_of(owner), make_event(owner)
    version = add_document(actor=actor, event_id=event.pk, upload=upload(PDF, "Plan.pdf"), now=NOW)
    remove_document(actor=actor, document_id=version.document_id, now=LATER)
    assert documents_for(actor, event.pk) == []
    with pytest.raises(Document.DoesNotExist):
        version_for(actor, version.pk)
    assert DocumentVersion.objects.filter(pk=version.pk).exists()
    assert len(files(store)) == 1


def test_sensitive_ones_are_for_those_who_run_the_event() -> None:
    owner = alice()
    event = make_event(owner)
    version = add_document(
        actor=actor_of(owner),
        event_id=event.pk,
        upload=upload(PDF, "Salaries.pdf"),
        is_sensitive=True,
        now=NOW,
    )
    teammate = actor_of(bob())
    assert documents_for(teammate, event.pk) == []
    with pytest.raises(Document.DoesNotExist):
        version_for(teammate, version.pk)
    change_document(
        actor=actor_of(owner), document_id=version.document_id, title="Salaries", is_sensitive=False
    )
    assert version_for(teammate, version.pk) == version
    with pytest.raises(ValidationError):
        change_document(actor=actor_of(owner), document_id=version.document_id, title=" ", is_sensitive=False)


def test_who_may_keep_documents(store: Path) -> None:
    owner, teammate, outsider = alice(), bob(), charlie()
    event = make_event(owner)
    version = add_document(actor=actor_of(owner), event_id=event.pk, upload=upload(PDF, "Plan.pdf"), now=NOW)
    with pytest.raises(Refused):
        add_document(actor=actor_of(teammate), event_id=event.pk, upload=upload(PDF, "a.pdf"), now=NOW)
    with pytest.raises(Refused):
        add_version(
            actor=actor_of(teammate), document_id=version.document_id, upload=upload(PDF, "a.pdf"), now=NOW
        )
    with pytest.raises(Refused):
        remove_document(actor=actor_of(teammate), document_id=version.document_id, now=NOW)
    Event.objects.update(confidentiality=Confidentiality.CONFIDENTIAL)
    for person in (teammate, outsider):
        with pytest.raises(Event.DoesNotExist):
            add_document(actor=actor_of(person), event_id=event.pk, upload=upload(PDF, "a.pdf"), now=NOW)
        with pytest.raises(Document.DoesNotExist):
            document_for(actor_of(person), version.document_id)
        with pytest.raises(Event.DoesNotExist):
            documents_for(actor_of(person), event.pk)
    assert len(files(store)) == 1


def test_a_tasks_owner_adds_to_the_task_and_to_nothing_else() -> None:
    owner, worker = alice(), bob()
    event, other = make_event(owner), make_event(owner)
    task = Task.objects.create(event=event, key="print", title="Print badges", owner=worker)
    actor = actor_of(worker)
    version = add_document(
        actor=actor, event_id=event.pk, upload=upload(PDF, "Badge.pdf"), task_id=task.pk, now=NOW
    )
    assert [row.newest for row in documents_for(actor, event.pk, task_id=task.pk)] == [version]
    add_version(actor=actor, document_id=version.document_id, upload=upload(PDF, "b.pdf"), now=LATER)
    with pytest.raises(Task.DoesNotExist):
        add_document(actor=actor, event_id=other.pk, upload=upload(PDF, "a.pdf"), task_id=task.pk, now=NOW)


def test_a_function_of_another_event_is_none(store: Path) -> None:
    owner = alice()
    event, other = make_event(owner), make_event(owner)
    function = make_function(other)
    with pytest.raises(Function.DoesNotExist):
        add_document(
            actor=actor_of(owner),
            event_id=event.pk,
            upload=upload(PDF, "a.pdf"),
            function_id=function.pk,
            now=NOW,
        )
    assert files(store) == []
