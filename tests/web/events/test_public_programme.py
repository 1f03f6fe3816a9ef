"""What everybody with the address reads of an event, and what nobody does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from convenor.events.actions.event import change_event
from convenor.events.actions.publishing import publish, unpublish
from convenor.events.drafts import AttendeeDraft, CueDraft, SpeakerDraft
from convenor.events.enums import Confidentiality, EventState, PartyRole, SpeakerState
from convenor.events.models import Document, Event, Party, Task
from convenor.events.queries.drafts import event_draft_of
from convenor.scheduling.models import Booking
from tests.factories.cast import actor_of, alice
from tests.factories.events import make_event
from tests.factories.functions import function_draft, make_functions
from tests.factories.people import MemberFactory
from tests.factories.scheduling import NOW, local
from tests.factories.venues import RoomFactory
from tests.web.browsing import sent, signed_in

pytestmark = pytest.mark.django_db


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def published() -> Event:
    """An open event full of what must not leak, its programme published."""
    owner = alice()
    host, caterer, hidden = (
        MemberFactory.create(name=name) for name in ("Hidden Host", "Cat Erer", "Not Yet")
    )
    speaker = MemberFactory.create(name="Sonia Speaker", email="sonia@secret.example")
    event = make_event(
        owner,
        title="Open day",
        confidentiality=Confidentiality.OPEN,
        objectives="Secret objectives",
        notes="Secret notes",
        sponsor=host,
        expected_count=4711,
    )
    room, pending = RoomFactory.create(name="Atlas"), RoomFactory.create(name="Hidden Room")
    make_functions(
        event,
        [
            function_draft(
                "keynote",
                title="Keynote <b>",
                track="Cloud",
                is_public=True,
                abstract="All about it",
                host_id=host.pk,
                speakers=(
                    SpeakerDraft(speaker.pk, "Topic one", SpeakerState.CONFIRMED),
                    SpeakerDraft(hidden.pk, "Secret topic"),
                ),
                attendees=(AttendeeDraft(caterer.pk),),
                room_ids=(room.pk, pending.pk),
                catering="Secret menu",
                security="Secret guards",
                notes="Secret function notes",
                headcount=None,
                cues=(CueDraft(0, "Secret cue"),),
            ),
            function_draft("vip", title="Secret dinner", local_start=local("2026-12-07 19:00")),
        ],
    )
    Booking.objects.filter(room=pending).update(state="pending")
    Party.objects.create(event=event, person=caterer, role=PartyRole.GUEST, note="Secret guest")
    Document.objects.create(event=event, title="Secret document")
    Task.objects.create(event=event, key="t", title="Secret task")
    publish(actor=actor_of(owner), event_id=event.pk, now=NOW)
    event.refresh_from_db()
    return event


LEAKS = (
    *("Secret", "secret", "Hidden", "Not Yet", "Cat Erer", "4711", "Alice", "alice@", "/events/"),
    *("Attendee", "ATTENDEE", "ORGANIZER", "vip"),
)


@pytest.mark.parametrize("path", ["/", ".ics", "/keynote.ics"])
def test_the_public_programme_says_what_it_may_and_nothing_else(published: Event, path: str) -> None:
    response = Client().get(f"/p/{published.public_token}{path}")
    assert response.status_code == 200
    assert "noindex" in response.headers["X-Robots-Tag"]
    text = response.content.decode().replace("\r\n ", "")
    for part in (
        "Keynote",
        "Sonia Speaker",
        "Topic one",
        "Atlas",
        "All about it",
        "Europe/Bucharest",
        "Cloud",
    ):
        assert part in text
    for leak in LEAKS:
        assert leak not in text
    if path == "/":
        assert "Keynote &lt;b&gt;" in text
        assert "10:00–11:00" in text


def test_the_public_programme_speaks_both_languages(published: Event) -> None:
    address = f"/p/{published.public_token}/"
    assert 'lang="ro"' in Client().get(address, headers={"Accept-Language": "ro"}).content.decode()
    client = Client()
    client.post("/i18n/setlang/", {"language": "ro", "next": address})
    assert '<html lang="en"' in Client().get(address, headers={"Accept-Language": "en"}).content.decode()


@pytest.mark.parametrize("path", ["/", ".ics", "/keynote.ics"])
def test_what_was_taken_back_or_closed_opens_nothing(published: Event, path: str) -> None:
    address, client = f"/p/{published.public_token}{path}", Client()
    for wrong in ("/p/x", "/p/" + "a" * 43, "/p/" + "ă" * 5, "/p/" + "a" * 5000):
        assert client.get(wrong + path).status_code == 404
    assert client.get(f"/p/{published.public_token}/vip.ics").status_code == 404
    for level in (2, 3, 4):
        Event.objects.update(confidentiality=level)
        assert client.get(address).status_code == 404
    Event.objects.update(confidentiality=1)
    unpublish(actor=actor_of(published.owner), event_id=published.pk, now=NOW)
    assert client.get(address).status_code == 404


def test_the_public_programme_says_when_the_event_is_off_or_elsewhere(published: Event) -> None:
    address, client = f"/p/{published.public_token}/", Client()
    Event.objects.update(state=EventState.POSTPONED)
    assert "This event is postponed." in client.get(address).content.decode()
    assert b"STATUS:CANCELLED" in client.get(f"/p/{published.public_token}.ics").content
    Event.objects.update(state=EventState.CANCELLED)
    assert "This event is cancelled." in client.get(address).content.decode()
    Event.objects.update(state=EventState.PLANNING)
    assert "has been moved" not in client.get(address).content.decode()


def test_publishing_on_screen() -> None:
    owner = alice()
    event, client = make_event(owner, confidentiality=Confidentiality.OPEN), signed_in(owner)
    address = f"/events/{event.pk}/programme/"
    assert "No function is marked" in sent(client, f"{address}publish/", {})
    make_functions(event, [function_draft(is_public=True)])
    Event.objects.update(confidentiality=Confidentiality.INTERNAL)
    assert "Only an open event has a public programme; this one is internal." in sent(
        client, f"{address}publish/", {}
    )
    Event.objects.update(confidentiality=Confidentiality.OPEN)
    said = sent(client, f"{address}publish/", {})
    event.refresh_from_db()
    assert f"http://testserver/p/{event.public_token}/" in said
    sent(client, f"{address}unpublish/", {})
    event.refresh_from_db()
    assert event.public_token == ""


def test_a_moved_event_says_when_it_was_to_begin(published: Event) -> None:
    draft = event_draft_of(published)
    moved = replace(draft, starts=local("2026-12-07 08:30"))
    change_event(actor=actor_of(published.owner), event_id=published.pk, version=None, draft=moved, now=NOW)
    text = flat(Client().get(f"/p/{published.public_token}/").content.decode())
    assert "This event has been moved. It was to begin on Mon 7 Dec 2026, 09:00" in text
    change_event(actor=actor_of(published.owner), event_id=published.pk, version=None, draft=draft, now=NOW)
    assert "has been moved" not in Client().get(f"/p/{published.public_token}/").content.decode()
