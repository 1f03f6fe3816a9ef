"""The page that brings an event up to its class's newest version."""

from __future__ import annotations

import pytest
from django.test import Client

from convenor.events.actions.event_class import save_class
from convenor.events.enums import Confidentiality
from convenor.events.models import Event
from convenor.people.models import Person
from tests.factories import cast
from tests.factories.events import SMALLEST_POLICY, make_class, make_event
from tests.web.browsing import page, sent, signed_in

pytestmark = pytest.mark.django_db

NEWER = SMALLEST_POLICY + '[[tasks]]\nkey = "agenda"\ntitle = "Send the agenda"\ndue = "-200wd"\n'


@pytest.fixture
def alice() -> Person:
    return cast.alice()


@pytest.fixture
def client(alice: Person) -> Client:
    return signed_in(alice)


@pytest.fixture
def event(alice: Person) -> Event:
    event = make_event(alice, class_version=make_class())
    save_class(actor=cast.actor_of(alice), code="plain", text=NEWER, note="An agenda", base_version=1)
    return event


def test_the_overview_says_that_a_newer_version_is_there(client: Client, event: Event) -> None:
    shown = page(client, f"/events/{event.pk}/")
    assert "A newer version of this event" in shown
    assert f"/events/{event.pk}/class/" in shown
    assert "A newer version" not in page(signed_in(cast.bob()), f"/events/{event.pk}/")


def test_it_is_shown_and_then_done(client: Client, event: Event) -> None:
    address = f"/events/{event.pk}/class/"
    shown = page(client, address)
    assert 'value="tasks:agenda" checked' in shown
    assert "An agenda" in shown
    assert "up to date with its class" in sent(client, address, {"seen": 2, "take": "tasks:agenda"})
    assert event.tasks.get().title == "Send the agenda"
    assert "A newer version" not in page(client, f"/events/{event.pk}/")
    assert "everything that its class asks for" in page(client, address)


def test_what_is_no_longer_offered_is_refused_and_what_was_ticked_stays_so(
    client: Client, event: Event
) -> None:
    address = f"/events/{event.pk}/class/"
    shown = sent(client, address, {"seen": 1, "take": []}, 422)
    assert "changed again meanwhile" in shown
    assert 'value="tasks:agenda" checked' not in shown
    assert "no longer on offer" in sent(client, address, {"seen": 2, "take": "tasks:cake"}, 422)
    assert Event.objects.get().class_version.number == 1


def test_who_does_not_run_the_event_may_not(event: Event) -> None:
    address = f"/events/{event.pk}/class/"
    bob = signed_in(cast.bob())
    page(bob, address, 403)
    assert bob.post(address, {"take": "tasks:agenda"}).status_code == 403
    Event.objects.update(confidentiality=Confidentiality.CONFIDENTIAL, title="Secret merger")
    for person in (bob, signed_in(cast.charlie())):
        response = person.get(address)
        assert response.status_code == 404
        assert "Secret merger" not in response.content.decode()
        assert person.post(address, {"take": "tasks:agenda"}).status_code == 404
    assert not event.tasks.exists()
