"""The public registration page: without an account, without JavaScript, in both languages; and what bad input comes to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from convenor.attendance.actions.seat import set_seat_state
from convenor.attendance.enums import AccessNeed, Diet, FormMode, SeatState
from convenor.attendance.models import Registration, RegistrationForm, RegistrationNeeds, Roll, Seat
from convenor.base.models import OutboxMessage
from convenor.events.enums import Confidentiality, EventState
from convenor.events.models import Event
from tests.factories import cast
from tests.factories.attendance import make_roll
from tests.factories.cast import actor_of
from tests.factories.events import NOW, make_event, make_function
from tests.web.browsing import queries_of, signed_in
from tests.web.registration.pages import SIZE, address, open_form, opened, text_of, typed

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


def test_somebody_registers(event: Event, later: time_machine.Traveller) -> None:
    function = make_function(event, meeting={"title": "Keynote"})
    form = open_form(
        event,
        fields=(SIZE,),
        function_ids=frozenset({function.pk}),
        max_guests=2,
        asks_phone=True,
        shows_seats_left=True,
        intro_en="Bring boots",
    )
    client = Client()
    text = text_of(client.get(address(form)))
    for part in (
        "Open day",
        "Mon 7 Dec 2026, 09:00",
        "Europe/Bucharest",
        "Bring boots",
        "10 seats are left",
        "Keynote",
    ):
        assert part in text
    assert "Secret" not in text
    assert "Alice" not in text
    assert "<script>" not in text
    place = register(
        client,
        form,
        later,
        organisation="Acme",
        phone="+40 1",
        function_ids=[str(function.pk)],
        answer_size="l",
        diets=["vegan"],
        access=["front"],
        dietary="No celery",
        guest_1_name="Bo Guest",
        guest_2_email="",
    )
    row = Registration.objects.get(guest_of__isnull=True)
    assert place == f"/registration/{row.token}/"
    assert (row.name, row.email, row.organisation, row.phone, row.answers) == (
        "Ana Ionescu",
        "ana@partner.example",
        "Acme",
        "+40 1",
        {"size": "l"},
    )
    needs = RegistrationNeeds.objects.get()
    assert (needs.diets, needs.access, needs.dietary) == ([Diet.VEGAN], [AccessNeed.FRONT], "No celery")
    assert sorted(Seat.objects.values_list("registration__name", "state")) == [
        ("Ana Ionescu", "confirmed"),
        ("Ana Ionescu", "confirmed"),
        ("Bo Guest", "confirmed"),
        ("Bo Guest", "confirmed"),
    ]
    assert OutboxMessage.objects.filter(kind="registration").count() == 1
    text = text_of(client.get(place))
    for part in ("You have a seat.", "Ana Ionescu", "Bo Guest", "Keynote", row.code):
        assert part in text


@pytest.mark.parametrize("name", ["Ștefan Țurcanu", "山田太郎", "Ελένη", "عمر", "Zoë 🎉"])
def test_names_in_any_script(event: Event, later: time_machine.Traveller, name: str) -> None:
    place = register(Client(), open_form(event), later, name=name)
    assert name in text_of(Client().get(place))
    assert Registration.objects.get().name == name


def test_both_languages(event: Event, later: time_machine.Traveller) -> None:
    form = open_form(event, fields=(SIZE,), intro_en="Welcome", intro_ro="Bun venit")
    client = Client()
    text = text_of(client.get(address(form) + "?lang=ro"))
    for part in ("Bun venit", "Tricou", "Mare", 'lang="ro"'):
        assert part in text
    text = text_of(client.get(address(form), headers={"Accept-Language": "ro"}))
    assert "Bun venit" in text
    text = text_of(client.get(address(form), headers={"Accept-Language": "de"}))
    assert "Welcome" in text
    assert client.get(address(form) + "?lang=ro").headers["Content-Language"] == "ro"
    stamp = opened(client, form)
    later.shift(timedelta(seconds=9))
    client.post(address(form) + "?lang=ro", typed(opened=stamp))
    row = Registration.objects.get()
    assert row.language == "ro"
    # Their own page speaks their language, whatever the browser says; `?lang` wins
    assert 'lang="ro"' in text_of(
        client.get(f"/registration/{row.token}/", headers={"Accept-Language": "en"})
    )
    assert '<html lang="en"' in text_of(client.get(f"/registration/{row.token}/?lang=en"))


def test_what_is_wrong_stands_at_its_field_and_everything_is_kept(
    event: Event, later: time_machine.Traveller
) -> None:
    form = open_form(event, fields=(SIZE,), max_guests=1)
    client = Client()
    stamp = opened(client, form)
    later.shift(timedelta(seconds=9))
    data = typed(
        opened=stamp,
        name="",
        email="ana@",
        organisation="Kept Ltd",
        answer_size="s",
        diets=["vegan"],
        guest_1_email="b@",
    )
    response = client.post(address(form), data)
    text = text_of(response)
    assert response.status_code == 422
    for sentence in ("Write the name.", "is not an e-mail address", "Kept Ltd"):
        assert sentence in text
    assert 'aria-invalid="true"' in text
    assert 'value="vegan" id="id_diets_1" checked' in text or text.count("checked") == 2
    assert not Registration.objects.exists()
    # The page that came back is sent on with what was mended
    assert client.post(address(form), {**data, **typed(opened=stamp), "guest_1_email": ""}).status_code == 302


STANDINGS = [
    ({"is_open": False}, {}, "Registration is closed."),
    ({"opens_at": NOW + timedelta(days=1)}, {}, "Registration opens on Tue 24 Nov 2026, 11:00"),
    ({"closes_at": NOW - timedelta(days=1)}, {}, "Registration is closed."),
    ({"mode": FormMode.INVITATION}, {}, "This event is by invitation."),
    ({}, {"state": EventState.CANCELLED}, "This event is cancelled."),
    ({}, {"state": EventState.POSTPONED}, "This event is postponed."),
    ({}, {"state": EventState.CLOSED}, "This event is over."),
    ({}, {"ends_at": NOW - timedelta(days=1), "starts_at": NOW - timedelta(days=2)}, "This event is over."),
]


@pytest.mark.parametrize(("form_fields", "event_fields", "sentence"), STANDINGS)
def test_when_one_can_t_register_the_page_says_why(
    event: Event,
    later: time_machine.Traveller,
    form_fields: dict[str, Any],
    event_fields: dict[str, Any],
    sentence: str,
) -> None:
    form = open_form(event)
    client = Client()
    stamp = opened(client, form)
    later.shift(timedelta(seconds=9))
    open_form(event, **form_fields)
    Event.objects.filter(pk=event.pk).update(**event_fields)
    text = text_of(client.get(address(form)))
    assert sentence in text
    assert 'name="name"' not in text
    # A form that was opened before is refused as clearly
    response = client.post(address(form), typed(opened=stamp))
    assert response.status_code == 409
    assert sentence in text_of(response)
    assert not Registration.objects.exists()


def test_full_with_and_without_a_waitlist(event: Event, later: time_machine.Traveller) -> None:
    form = open_form(event, capacity=0)
    client = Client()
    text = text_of(client.get(address(form)))
    assert "All seats are taken." in text
    assert "Put me on the waitlist" in text
    assert "You are on the waitlist." in text_of(client.get(register(client, form, later)))
    Roll.objects.update(has_waitlist=False)
    text = text_of(client.get(address(form)))
    assert "There is no waitlist" in text
    assert 'name="name"' not in text


def test_nothing_keeps_a_copy_and_strangers_leave_no_session(
    event: Event, later: time_machine.Traveller
) -> None:
    form = open_form(event)
    client = Client()
    place = register(client, form, later)
    assert "sessionid" not in client.cookies
    for path in (address(form), place, f"{place}code.svg", f"{place}registration.ics"):
        headers = client.get(path).headers
        assert "no-store" in headers["Cache-Control"]
        assert "noindex" in headers["X-Robots-Tag"]
        assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("token", ["x", "x" * 43, "x" * 400, "é", "%00"])
def test_an_address_that_opens_nothing(token: str) -> None:
    for path in (f"/register/{token}/", f"/registration/{token}/", f"/registration/{token}/code.svg"):
        assert Client().get(path).status_code == 404


def test_a_confidential_event_shows_nothing(event: Event) -> None:
    form = open_form(event)
    Event.objects.filter(pk=event.pk).update(confidentiality=Confidentiality.RESTRICTED)
    assert Client().get(address(form)).status_code == 404
    assert Client().post(address(form), typed()).status_code == 404


def test_a_private_function_is_not_offered(event: Event, later: time_machine.Traveller) -> None:
    private = make_function(event, meeting={"title": "Zyx takeover", "is_private": True})
    form = open_form(event)
    make_roll(event, function=private, is_choosable=True)
    client = Client()
    assert "Zyx" not in text_of(client.get(address(form)))
    stamp = opened(client, form)
    later.shift(timedelta(seconds=9))
    response = client.post(address(form), typed(opened=stamp, function_ids=[str(private.pk)]))
    assert (response.status_code, Seat.objects.count()) in {(302, 1), (422, 0)}
    assert not Seat.objects.filter(roll__function=private).exists()


def test_options_that_run_out(event: Event, later: time_machine.Traveller) -> None:
    form = open_form(event, fields=(SIZE,))
    client = Client()
    stamp = opened(client, form)
    register(client, form, later, answer_size="l", email="first@partner.example")
    assert "none left" in text_of(client.get(address(form)))
    response = client.post(address(form), typed(opened=stamp, answer_size="l"))
    assert response.status_code == 422
    assert "has run out" in text_of(response)


def test_who_is_signed_in_is_filled_in(event: Event, later: time_machine.Traveller) -> None:
    form = open_form(event)
    bob = cast.bob()
    text = text_of(signed_in(bob).get(address(form)))
    assert 'value="bob@example.org"' in text


def test_by_hand(event: Event, later: time_machine.Traveller) -> None:
    form = open_form(event, needs_approval=True)
    client = Client()
    place = register(client, form, later)
    assert "a seat is held for you" in text_of(client.get(place))
    (seat,) = Seat.objects.all()
    set_seat_state(actor=actor_of(event.owner), seat_ids=[seat.pk], state=SeatState.CONFIRMED, now=NOW)
    assert "You have a seat." in text_of(client.get(place))


def test_one_or_three_make_no_difference(event: Event, later: time_machine.Traveller) -> None:
    function = make_function(event)
    form = open_form(event, fields=(SIZE,), function_ids=frozenset({function.pk}))
    one = queries_of(Client(), address(form))
    functions = frozenset({function.pk, *(make_function(event).pk for _ in range(2))})
    names = ("size", "size-2", "size-3")
    fields = tuple(type(SIZE)(name, SIZE.kind, SIZE.label_en, options=SIZE.options) for name in names)
    open_form(event, fields=fields, function_ids=functions)
    assert queries_of(Client(), address(form)) == one
    assert one <= 4
