"""Settings → Imports: look first, import after; what is refused is said with its line, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from convenor.base.models import Job
from convenor.interop.imports.running import run
from convenor.people.models import Person
from convenor.scheduling.models import Meeting
from tests.factories.cast import alice, bob, charlie
from tests.factories.scheduling import NOW
from tests.web.browsing import page, signed_in

pytestmark = pytest.mark.django_db
HOME = "/settings/imports/"
PEOPLE = b"email,name\ndana@example.org,Dana\n,Nobody\n"
CALENDAR = b"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//y//EN
BEGIN:VEVENT
UID:1@example.org
DTSTAMP:20261101T000000Z
DTSTART:20261207T100000Z
DTEND:20261207T110000Z
SUMMARY:Kick-off
ORGANIZER:mailto:bob@example.org
END:VEVENT
END:VCALENDAR
"""


def uploading(client: Client, kind: str, content: bytes, name: str = "file.csv") -> Any:
    return client.post(HOME, {"kind": kind, "step": "preview", "file": SimpleUploadedFile(name, content)})


def test_a_file_of_people_is_looked_at_and_then_imported_once() -> None:
    client = signed_in(alice())
    address = uploading(client, "people", PEOPLE).headers["Location"]
    text = page(client, address)
    assert "Dana" in text
    assert "The row has no e-mail." in text
    assert 'value="apply"' in text
    assert not Person.objects.filter(email="dana@example.org").exists()
    for _again in range(2):
        assert client.post(address, {"step": "apply"}).status_code == 302
    assert "data-import-done" in page(client, address)
    assert Person.objects.filter(email="dana@example.org").count() == 1


def test_a_calendar_becomes_meetings() -> None:
    bob()
    client = signed_in(alice())
    address = uploading(client, "calendar", CALENDAR, "team.ics").headers["Location"]
    assert "Kick-off" in page(client, address)
    assert not Meeting.objects.exists()
    client.post(address, {"step": "apply"})
    assert Meeting.objects.get().title == "Kick-off"


@pytest.mark.parametrize("who", [bob, charlie])
def test_others_neither_see_nor_import(who: Callable[[], Person]) -> None:
    client = signed_in(who())
    page(client, HOME, status=403)
    assert uploading(client, "people", PEOPLE).status_code == 403


def test_an_upload_is_its_own_accounts_and_expires() -> None:
    client = signed_in(alice())
    with time_machine.travel(NOW, tick=False):
        address = uploading(client, "people", PEOPLE).headers["Location"]
        other = signed_in(alice(email="other@example.org"))
        assert other.get(address).headers["Location"] == HOME
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        assert (
            signed_in(Person.objects.get(email="alice@example.org")).get(address).headers["Location"] == HOME
        )


@pytest.mark.parametrize(
    ("kind", "content", "sentence"),
    [
        ("people", b"", "The file is empty."),
        ("people", b"PK\x03\x04rest", "Save it as CSV there"),
        ("people", b"email,name\nd@example.org,a\x00b\n", "NUL characters"),
        ("people", CALENDAR, "choose it under"),
        ("rooms", b" \n", "The file is empty."),
        ("calendar", PEOPLE, "This is not a calendar"),
        ("people", b"email,name\n" + b"x" * 2_000, "at most 0 MB are read"),
    ],
)
def test_a_file_that_cannot_be_is_refused_at_its_field(kind: str, content: bytes, sentence: str) -> None:
    with override_settings(UPLOAD_MAX_BYTES=1_000):
        answer = uploading(signed_in(alice()), kind, content)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_large_file_is_a_job() -> None:
    client = signed_in(alice())
    rows = b"".join(b"p%d@example.org,Person %d\n" % (n, n) for n in range(600))
    address = uploading(client, "people", b"email,name\n" + rows).headers["Location"]
    assert "data-progress-url" in page(client, address)
    assert client.get(f"{address}progress/").json()["finished"] is False
    job = Job.objects.get(task__endswith="running.run")
    run.call(*job.arguments["args"])
    Job.objects.update(state="done")
    assert "Person 1" in page(client, address)
