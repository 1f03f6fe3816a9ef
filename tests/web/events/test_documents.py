"""Documents on screen, and their files as a browser gets them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, override_settings

from convenor.events.enums import Confidentiality
from convenor.events.models import Document, DocumentVersion, Event
from tests.factories.cast import alice, bob, charlie
from tests.factories.events import make_event, make_function
from tests.factories.files import PDF, office, picture
from tests.web.browsing import page, queries_of, sent, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> Iterator[Path]:
    with override_settings(MEDIA_ROOT=str(tmp_path)):
        yield tmp_path


def keep(client: Client, event: Event, content: bytes, name: str, status: int = 302, **fields: object) -> str:
    file = SimpleUploadedFile(name, content, content_type="image/svg+xml")
    return sent(client, f"/events/{event.pk}/documents/", {"file": file, **fields}, status)


def got(client: Client, address: str) -> tuple[HttpResponse, bytes]:
    """The answer with its whole content: reading it closes the file."""
    answer: Any = client.get(address)
    content = b"".join(answer) if answer.streaming else answer.content
    return answer, content


def status(client: Client, version: DocumentVersion) -> int:
    return got(client, f"/events/documents/versions/{version.pk}/")[0].status_code


def test_keeping_and_renewing_a_document() -> None:
    owner = alice()
    event, client = make_event(owner), signed_in(owner)
    function = make_function(event)
    assert "No documents yet" in page(client, f"/events/{event.pk}/documents/")
    said = keep(client, event, PDF, "Plan.pdf", title="Floor plan", function_id=function.pk)
    assert "Floor plan" in said
    assert "Function 1" in said
    document = Document.objects.get()
    assert document.function_id == function.pk
    file = SimpleUploadedFile("Plan 2.pdf", PDF + b"2")
    shown = sent(client, f"/events/documents/{document.pk}/", {"file": file})
    assert DocumentVersion.objects.get(number=2).sha256 in shown
    assert "Changed." in sent(client, f"/events/documents/{document.pk}/change/", {"title": "Plan"})
    assert "No documents yet" in sent(client, f"/events/documents/{document.pk}/remove/", {})
    assert client.get(f"/events/documents/{document.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"MZ\x90\0", "invoice.pdf", "This is a program"),
        (b"<svg onload=alert(1)>", "logo.svg", "SVG pictures can hold scripts"),
        (b"", "a.pdf", "The file is empty"),
    ],
)
def test_what_is_refused_is_said_at_the_field(content: bytes, name: str, sentence: str, store: Path) -> None:
    owner = alice()
    assert sentence in keep(signed_in(owner), make_event(owner), content, name, 422)
    assert not Document.objects.exists()
    assert list(store.iterdir()) == []
    assert "This field is required" in sent(
        signed_in(owner), f"/events/{Event.objects.get().pk}/documents/", {}, 422
    )


def test_files_are_served_as_what_they_are_and_can_run_nothing() -> None:
    owner = alice()
    event, client = make_event(owner), signed_in(owner)
    for content, name in (
        (PDF, "Plan ș.pdf"),
        (picture(), "a.png"),
        (office(), "a.docx"),
        (b"hello", "a.txt"),
    ):
        keep(client, event, content, name)
    for version in DocumentVersion.objects.all():
        answer, content = got(client, f"/events/documents/versions/{version.pk}/")
        assert hashlib.sha256(content).hexdigest() == version.sha256
        assert answer["Content-Type"] == version.file_type
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert "script-src" not in answer["Content-Security-Policy"]
        assert ("sandbox" in answer["Content-Security-Policy"]) == (version.file_type != "application/pdf")
        assert "no-store" in answer["Cache-Control"]
        is_shown = version.file_type in ("application/pdf", "image/png")
        assert answer["Content-Disposition"].startswith("inline" if is_shown else "attachment")
        saved, _content = got(client, f"/events/documents/versions/{version.pk}/?save")
        assert saved["Content-Disposition"].startswith("attachment")


def test_a_file_that_is_lost_is_a_404() -> None:
    owner = alice()
    event, client = make_event(owner), signed_in(owner)
    keep(client, event, PDF, "Plan.pdf")
    version = DocumentVersion.objects.get()
    version.file.storage.delete(version.file.name or "")
    assert client.get(f"/events/documents/versions/{version.pk}/").status_code == 404


def test_who_may_see_what() -> None:
    owner = alice()
    event, client = make_event(owner), signed_in(owner)
    keep(client, event, PDF, "Salaries.pdf", is_sensitive="on")
    keep(client, event, PDF, "Menu.pdf")
    teammate, outsider = signed_in(bob()), signed_in(charlie())
    shown = page(teammate, f"/events/{event.pk}/documents/")
    assert "Menu" in shown
    assert "Salaries" not in shown
    assert "Add the document" not in shown
    for version in DocumentVersion.objects.all():
        secret = version.document.is_sensitive
        assert status(teammate, version) == (404 if secret else 200)
        assert status(outsider, version) == 404
        assert status(Client(), version) == 302
    assert (
        teammate.post(
            f"/events/{event.pk}/documents/", {"file": SimpleUploadedFile("a.pdf", PDF)}
        ).status_code
        == 403
    )
    Event.objects.update(confidentiality=Confidentiality.CONFIDENTIAL)
    assert teammate.get(f"/events/{event.pk}/documents/").status_code == 404
    for document in Document.objects.all():
        assert teammate.get(f"/events/documents/{document.pk}/").status_code == 404
        assert teammate.post(f"/events/documents/{document.pk}/remove/").status_code == 404


def test_three_documents_cost_as_many_queries_as_one() -> None:
    owner = alice()
    event, client = make_event(owner), signed_in(owner)
    function = make_function(event)
    keep(client, event, PDF, "0.pdf", function_id=function.pk)
    one = queries_of(client, f"/events/{event.pk}/documents/")
    for n in (1, 2):
        keep(client, event, PDF, f"{n}.pdf", function_id=function.pk)
    assert queries_of(client, f"/events/{event.pk}/documents/") == one
