"""Event classes on screen: read, edited by two at once, compared, downloaded, uploaded, taken out of use."""

from __future__ import annotations

import tomllib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from convenor.events.actions.event_class import save_class
from convenor.events.actions.shipped import ship_classes
from convenor.events.models import ClassVersion, Event, EventClass
from convenor.people.models import Person
from tests.factories import cast
from tests.factories.events import SMALLEST_POLICY, make_class
from tests.web.browsing import page, queries_of, sent, signed_in

pytestmark = pytest.mark.django_db

LONGER = SMALLEST_POLICY + '[[tasks]]\nkey = "agenda"\ntitle = "Send the agenda"\ndue = "-2wd"\n'
EDIT = "/events/classes/plain/edit/"


@pytest.fixture
def alice() -> Person:
    return cast.alice()


@pytest.fixture
def client(alice: Person) -> Client:
    return signed_in(alice)


def form(text: str, base: int | None = 1, step: str = "save", **fields: object) -> dict[str, object]:
    given: dict[str, object] = {"text": text, "note": "", "step": step}
    return given | ({"base_version": base} if base else {}) | fields


def test_the_list_says_what_each_asks_for(client: Client) -> None:
    make_class()
    one = queries_of(client, "/events/classes/")
    ship_classes()
    assert queries_of(client, "/events/classes/") == one
    shown = page(client, "/events/classes/")
    assert "Cross-department workshop" in shown
    assert "a certificate" in shown


def test_a_class_is_shown_in_words(client: Client) -> None:
    ship_classes()
    shown = " ".join(page(client, "/events/classes/conference/").split())
    assert "Compare venues, visit them and sign the contract" in shown
    assert "95 working days before the start" in shown
    assert "Send the survey" in shown
    assert "1 working day after the end" in shown
    assert "as it comes with Convenor" in shown


@pytest.mark.parametrize("code", ["conference", "executive-meeting", "team-meeting", "town-hall", "training"])
def test_every_shipped_class_has_its_pages_in_both_languages(
    client: Client, alice: Person, code: str
) -> None:
    ship_classes()
    for address in ("", "edit/", "versions/"):
        page(client, f"/events/classes/{code}/{address}")
    client.cookies["django_language"] = "ro"
    page(client, f"/events/classes/{code}/")


def test_saving_makes_the_next_version(client: Client) -> None:
    make_class()
    assert "Version 2 is saved." in sent(client, EDIT, form(LONGER, note="An agenda"))
    shown = page(client, "/events/classes/plain/versions/")
    assert "An agenda" in shown
    assert "Send the agenda" in shown
    assert "They ask for the same." in page(client, "/events/classes/plain/versions/?from=2&to=2")
    assert "This is version 1; the newest is 2." in page(client, "/events/classes/plain/?version=1")


def test_looking_saves_nothing_and_says_what_saving_would_change(client: Client) -> None:
    make_class()
    shown = sent(client, EDIT, form(LONGER + '[[checks]]\ncode = "badges"\n', step="look"), 200)
    assert "Nothing is saved yet." in shown
    assert "Send the agenda" in shown
    assert "No package that is installed makes the check “badges”" in shown
    assert ClassVersion.objects.count() == 1


def test_mistakes_are_listed_with_their_lines(client: Client) -> None:
    make_class()
    shown = sent(client, EDIT, form(SMALLEST_POLICY + 'needs_sponsr = true\nhours = "x"\n'), 422)
    assert "there are 2 mistakes" in shown
    assert 'data-code-line="2"' in shown
    assert "Did you mean “needs_sponsor”?" in shown
    assert "needs_sponsr = true</textarea>" not in shown  # the text goes on after it
    assert "needs_sponsr = true" in shown
    assert ClassVersion.objects.count() == 1


def test_markup_in_a_text_stays_text(client: Client) -> None:
    make_class()
    shown = sent(client, EDIT, form('title = "<script>alert(1)</script>"\nx = "<b>"\n'), 422)
    assert "<script>alert" not in shown
    assert "<b>" not in shown
    sent(client, EDIT, form('title = "<script>alert(1)</script>"\n'))
    assert "<script>alert" not in page(client, "/events/classes/plain/")


def test_of_two_editors_the_second_sees_what_the_first_did(client: Client, alice: Person) -> None:
    make_class()
    save_class(actor=cast.actor_of(alice), code="plain", text=LONGER, note="", base_version=1)
    shown = sent(client, EDIT, form(SMALLEST_POLICY + "needs_sponsor = true\n"), 422)
    assert "Somebody else has saved version 2" in shown
    assert "Send the agenda" in shown
    assert 'name="base_version" value="2"' in shown
    assert ClassVersion.objects.count() == 2
    assert "Version 3 is saved." in sent(client, EDIT, form(SMALLEST_POLICY + "needs_sponsor = true\n", 2))


def test_a_new_class_is_made_from_a_file(client: Client) -> None:
    make_class()
    assert "Needs" not in page(client, "/events/classes/new/?like=plain")
    file = SimpleUploadedFile("gala.toml", LONGER.encode())
    said = sent(client, "/events/classes/new/", form("", None, code="gala", upload=file))
    assert "Version 1 is saved." in said
    assert EventClass.objects.get(code="gala").versions.get().text == LONGER


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\x00", "isn&#x27;t a text in UTF-8"),
        (b"#" * 1_000_001, "too large"),
        (b"MZ\x90", "isn&#x27;t a text in UTF-8"),
        (b"title = ", "isn&#x27;t TOML"),
    ],
)
def test_a_file_that_is_no_class_is_refused(client: Client, content: bytes, said: str) -> None:
    file = SimpleUploadedFile("gala.toml", content)
    assert said in sent(client, "/events/classes/new/", form("", None, code="gala", upload=file), 422)
    assert not EventClass.objects.exists()


def test_the_file_is_the_text(client: Client) -> None:
    make_class(text=LONGER)
    response = client.get("/events/classes/plain/file/")
    assert response.headers["Content-Disposition"] == 'attachment; filename="plain-1.toml"'
    assert tomllib.loads(response.content.decode())["tasks"][0]["key"] == "agenda"
    page(client, "/events/classes/plain/file/?version=7", 404)


def test_it_is_taken_out_of_use_and_back(client: Client) -> None:
    make_class()
    assert "not offered for new events" in sent(client, "/events/classes/plain/offer/", {"offer": "no"})
    assert not EventClass.objects.get().is_active
    sent(client, "/events/classes/plain/offer/", {"offer": "yes"})
    assert EventClass.objects.get().is_active


def test_the_staff_read_and_do_not_edit() -> None:
    make_class()
    bob = signed_in(cast.bob())
    assert "Edit" not in page(bob, "/events/classes/plain/")
    page(bob, EDIT, 403)
    page(bob, "/events/classes/new/", 403)
    assert bob.post(EDIT, form(LONGER)).status_code == 403
    assert bob.post("/events/classes/plain/offer/", {"offer": "no"}).status_code == 403
    assert ClassVersion.objects.count() == 1


@pytest.mark.parametrize("path", ["", "versions/", "file/", "edit/"])
def test_somebody_from_outside_sees_nothing(path: str) -> None:
    make_class(text=LONGER)
    charlie = signed_in(cast.charlie())
    response = charlie.get(f"/events/classes/plain/{path}")
    assert response.status_code in {403, 404}
    assert "agenda" not in response.content.decode()
    assert charlie.get("/events/classes/").status_code == 403


def test_a_form_for_an_event_whose_class_was_edited_meanwhile_says_so(client: Client, alice: Person) -> None:
    begun = make_class()
    save_class(actor=cast.actor_of(alice), code="plain", text=LONGER, note="", base_version=1)
    data = {"title": "Away day", "class_version_id": begun.pk, "owner_id": alice.pk, "priority": 2}
    assert "This class was changed meanwhile" in sent(client, "/events/new/", data, 422)
    assert not Event.objects.exists()
