"""Plan files on screen: pasted or uploaded, their mistakes by line, what they would change, applied, written out."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from convenor.base.models import AuditEntry
from convenor.events.models import Event
from tests.factories.plans import NOW, PLAN, Company, make_company
from tests.web.browsing import page, sent, signed_in

pytestmark = pytest.mark.django_db

NEW = "/events/plan/"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def client(company: Company) -> Client:
    return signed_in(company.alice)


def looked(client: Client, text: str, address: str = NEW, status: int = 200, **more: object) -> str:
    return sent(client, address, {"text": text, "step": "look"} | more, status)


def applied(client: Client, text: str, address: str = NEW, status: int = 302, **more: object) -> str:
    return sent(client, address, {"text": text, "step": "apply"} | more, status)


def test_the_list_of_events_leads_there(client: Client, company: Company) -> None:
    assert f'href="{NEW}"' in page(client, "/events/")
    assert f'href="{NEW}"' not in page(signed_in(company.bob), "/events/")


def test_a_look_says_what_would_come_and_changes_nothing(client: Client) -> None:
    before = AuditEntry.objects.count()
    shown = looked(client, PLAN)
    assert "“Opening” (opening)" in shown
    assert "Greta Garbo (Elsewhere Ltd)" in shown
    assert 'value="apply"' in shown
    assert not Event.objects.exists()
    assert AuditEntry.objects.count() == before


def test_mistakes_are_shown_with_their_lines(client: Client) -> None:
    shown = applied(client, PLAN.replace('title = "Away day"', 'titel = "<b>Away</b>"'), status=422)
    assert 'data-code-line="4"' in shown
    assert "There is no key “titel” here." in shown
    assert "Did you mean “title”?" in shown
    assert "<b>Away</b>" not in shown
    assert 'value="apply"' not in shown
    assert not Event.objects.exists()


def test_applying_leads_to_the_event(client: Client) -> None:
    shown = applied(client, PLAN)
    assert "“Away day” has been made." in shown
    event = Event.objects.get(key="away-day")
    assert f'href="/events/{event.pk}/plan/"' in shown


def test_a_file_stands_instead_of_the_text(client: Client) -> None:
    file = SimpleUploadedFile("away.toml", b"\xef\xbb\xbf" + PLAN.replace("\n", "\r\n").encode())
    assert "“Opening” (opening)" in looked(client, "", upload=file)
    for content, said in (
        (b"\xff\xfe\x00", "UTF-8"),
        (b"#" * 1_000_001, "too large for a plan"),
    ):
        assert said in looked(client, "", status=422, upload=SimpleUploadedFile("away.toml", content))
    assert "Write the plan, or choose a file." in looked(client, " ", status=422)


def test_an_event_is_compared_exported_and_brought_up_to_a_file(client: Client) -> None:
    applied(client, PLAN)
    event = Event.objects.get()
    address = f"/events/{event.pk}/plan/"
    response = client.get(f"{address}file/")
    assert response.headers["Content-Disposition"] == 'attachment; filename="away-day.toml"'
    text = response.content.decode()
    assert tomllib.loads(text)["event"]["key"] == "away-day"
    assert "Away day" in page(client, address)
    assert "nothing would change" in looked(client, text, address)
    shown = looked(client, text.replace("headcount = 40", "headcount = 50"), address)
    assert "headcount: 40 → 50" in shown
    shorter = text[: text.index("[[task]]")]
    assert "nothing would change" in looked(client, shorter, address)
    assert "“Book the bus” (book-bus)" in looked(client, shorter, address, prune="on")
    applied(client, shorter, address, prune="on")
    assert not event.tasks.exists()


def test_a_file_of_another_event_is_not_compared(client: Client) -> None:
    applied(client, PLAN)
    address = f"/events/{Event.objects.get().pk}/plan/"
    other = PLAN.replace('key = "away-day"', 'key = "other-day"')
    assert "This file is about another event." in applied(client, other, address, 422)
    assert Event.objects.count() == 1


def test_others_neither_apply_nor_read(client: Client, company: Company) -> None:
    applied(client, PLAN.replace('"bob@example.org"\nhost = "eng"', '"erik@example.org"\nhost = "eng"'))
    address = f"/events/{Event.objects.get().pk}/plan/"
    for person, status in ((company.bob, 403), (company.charlie, 404)):
        stranger = signed_in(person)
        for each in (address, f"{address}file/"):
            assert "Vegetarian" not in page(stranger, each, status)
        assert "Vegetarian" not in applied(stranger, PLAN, address, status)
    for person in (company.bob, company.charlie):
        page(signed_in(person), NEW, 403)
        applied(signed_in(person), PLAN.replace("away-day", "mine"), NEW, 403)
    assert Event.objects.count() == 1


def test_the_sponsor_compares_but_doesnt_apply(client: Client, company: Company) -> None:
    applied(client, PLAN)
    address = f"/events/{Event.objects.get().pk}/plan/"
    bob = signed_in(company.bob)
    changed = PLAN.replace("headcount = 40", "headcount = 50")
    shown = looked(bob, changed, address)
    assert "headcount: 40 → 50" in shown
    assert 'value="apply"' not in shown
    applied(bob, changed, address, 403)
