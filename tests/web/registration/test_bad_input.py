"""Bad input at the registration page: sent twice, robots, floods, addresses of others, forms of other events."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from convenor.attendance.enums import SeatState
from convenor.attendance.models import Registration, RegistrationForm, Roll, Seat
from convenor.base.models import OutboxMessage, RateCount
from convenor.events.models import Event
from tests.factories import cast
from tests.factories.attendance import make_registration, make_seat
from tests.factories.events import NOW, make_event
from tests.web.registration.pages import address, open_form, opened, text_of, typed

pytestmark = pytest.mark.django_db
CSRF = re.compile(r'(?:data-csrf|name="csrfmiddlewaretoken" value)="[^"]+"')


@pytest.fixture
def event() -> Event:
    return make_event(cast.alice(), title="Open day", notes="Secret notes", objectives="Secret objectives")


@pytest.fixture
def later() -> Iterator[time_machine.Traveller]:
    """The clock stands still, two weeks before the event."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def register(client: Client, form: RegistrationForm, clock: time_machine.Traveller, **fields: Any) -> str:
    """Open the page, take a while, send it; where that leads."""
    stamp = opened(client, form)
    clock.shift(timedelta(seconds=30))
    response = client.post(address(form), typed(opened=stamp, **fields))
    assert response.status_code == 302, text_of(response)
    return str(response.headers["Location"])


def test_a_double_submit_and_the_back_button(event: Event, later: time_machine.Traveller) -> None:
    form = open_form(event)
    client = Client()
    stamp = opened(client, form)
    later.shift(timedelta(seconds=9))
    places = {client.post(address(form), typed(opened=stamp)).headers["Location"] for _ in range(3)}
    assert len(places) == 1
    assert Registration.objects.count() == 1
    assert OutboxMessage.objects.count() == 1
    # Back, another person's name and address in the same form: another registration
    other = client.post(address(form), typed(opened=stamp, name="Bo", email="bo@partner.example"))
    assert other.headers["Location"] not in places
    assert Registration.objects.count() == 2


def test_an_address_that_is_on_the_list_gets_its_link_and_nobody_else_does(
    event: Event, later: time_machine.Traveller
) -> None:
    form = open_form(event)
    register(Client(), form, later, email="Ana@Partner.example")
    row = Registration.objects.get()
    OutboxMessage.objects.all().delete()
    for _ in range(5):
        client = Client()
        stamp = opened(client, form)
        later.shift(timedelta(seconds=9))
        response = client.post(address(form), typed(opened=stamp, name="Mallory"))
        text = text_of(response)
        assert response.status_code == 409
        assert "on the list already" in text
        assert row.token not in text
        assert row.name not in text
    row.refresh_from_db()
    assert row.name == "Ana Ionescu"
    sent = OutboxMessage.objects.filter(kind="registration")
    assert [message.payload["notice"] for message in sent] == ["link"] * 3
    assert {message.payload["registration_id"] for message in sent} == {row.pk}


@pytest.mark.parametrize("state", [SeatState.INVITED, SeatState.CANCELLED])
def test_who_types_the_address_of_somebody_known_doesn_t_get_their_page(
    event: Event, later: time_machine.Traveller, state: SeatState
) -> None:
    form = open_form(event)
    row = make_registration(event, "Ana Ionescu", email="ana@partner.example")
    make_seat(Roll.objects.get(), state, registration=row)
    client = Client()
    stamp = opened(client, form)
    later.shift(timedelta(seconds=9))
    response = client.post(address(form), typed(opened=stamp))
    assert response.status_code == 200
    assert "goes to it by mail" in text_of(response)
    assert row.token not in text_of(response)
    assert Seat.objects.get().state == SeatState.CONFIRMED
    again = client.post(address(form), typed(opened=stamp))
    assert row.token not in text_of(again) + str(again.headers)


def test_the_link_is_sent_again_and_the_answer_tells_nothing(
    event: Event, later: time_machine.Traveller
) -> None:
    form = open_form(event)
    register(Client(), form, later)
    OutboxMessage.objects.all().delete()
    answers = [
        CSRF.sub("", text_of(Client().post(f"{address(form)}link/", {"email": email})))
        for email in (" ANA@partner.example", "nobody@partner.example", "", "\0", "x" * 5000)
    ]
    assert len(set(answers)) == 1
    assert OutboxMessage.objects.count() == 1


def test_robots(event: Event, later: time_machine.Traveller) -> None:
    form = open_form(event)
    client = Client()
    stamp = opened(client, form)
    for reason, fields in (
        ("That was very quick", {"opened": stamp}),
        ("The page had to be renewed", {"opened": ""}),
        ("The page had to be renewed", {"opened": stamp[:-1] + ("A" if stamp[-1] != "A" else "B")}),
        (
            "The page had to be renewed",
            {"opened": signing.dumps(["x", 0], salt="convenor.registration.opened:other")},
        ),
        ("The page had to be renewed", {"opened": "x" * 10_000}),
        ("must stay empty", {"opened": stamp, "website": "https://spam.example"}),
    ):
        response = client.post(address(form), typed(**fields))
        text = text_of(response)
        assert response.status_code == 422
        assert reason in text
        assert 'value="Ana Ionescu"' in text
        assert 'name="website" value=""' in text
    assert not Registration.objects.exists()
    # A renewed page is good once a moment has passed; a page from yesterday too
    later.shift(timedelta(days=1))
    assert client.post(address(form), typed(opened=stamp)).status_code == 302


def test_a_form_of_another_event_doesn_t_pass(event: Event, later: time_machine.Traveller) -> None:
    form, other = open_form(event), open_form(make_event(event.owner, title="Other"))
    client = Client()
    stamp = opened(client, other)
    later.shift(timedelta(seconds=9))
    assert client.post(address(form), typed(opened=stamp)).status_code == 422
    assert not Registration.objects.exists()


def test_ten_thousand_from_one_address(event: Event, later: time_machine.Traveller, settings: object) -> None:
    """A few stand for the thousands: what is refused writes nothing, costs the same each time, and loses nothing."""
    settings.REGISTRATION_LIMIT = 2  # type: ignore[attr-defined]  # pytest-django's own fixture
    form = open_form(event)
    client = Client()
    for number in range(2):
        register(client, form, later, email=f"a{number}@partner.example")
    stamp = opened(client, form)
    later.shift(timedelta(seconds=9))
    costs = []
    for number in range(4):
        data = typed(opened=stamp, email=f"b{number}@partner.example", organisation="Kept <Ltd>")
        with CaptureQueriesContext(connection) as captured:
            response = client.post(address(form), data)
        costs.append(len(captured))
        assert response.status_code == 429
        assert response.headers["Retry-After"] == "3600"
        assert 'name="organisation" value="Kept &lt;Ltd&gt;"' in text_of(response)
        assert f'value="b{number}@partner.example"' in text_of(response)
    assert max(costs) <= 5
    assert Registration.objects.count() == 2
    assert RateCount.objects.get().count == 2
    # Another network, another event and the next hour are not theirs
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert elsewhere.post(address(form), typed(opened=stamp, email="c@partner.example")).status_code == 302
    later.shift(timedelta(hours=1))
    assert client.post(address(form), typed(opened=stamp, email="d@partner.example")).status_code == 302


def test_an_ipv6_network_is_one_address(
    event: Event, later: time_machine.Traveller, settings: object
) -> None:
    settings.REGISTRATION_LIMIT = 1  # type: ignore[attr-defined]  # pytest-django's own fixture
    form = open_form(event)
    codes = []
    for number, ip in enumerate(("2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1")):
        client = Client(REMOTE_ADDR=ip)
        stamp = opened(client, form)
        later.shift(timedelta(seconds=9))
        codes.append(client.post(address(form), typed(opened=stamp, email=f"{number}@x.example")).status_code)
    assert codes == [302, 429, 302]
