"""The staff's page of one registration: what it shows to whom, and what can be done."""

from __future__ import annotations

import pytest

from convenor.attendance.enums import AccessNeed, Diet, SeatState
from convenor.attendance.models import Registration, RegistrationNeeds, Roll, Seat
from convenor.base.models import AuditEntry, OutboxMessage
from convenor.events.enums import PartyRole
from convenor.events.models import Event, Party
from convenor.people.models import Person
from tests.factories import cast
from tests.factories.attendance import make_registration, make_roll, make_seat
from tests.factories.events import NOW, make_event, make_function
from tests.factories.people import PersonFactory
from tests.web.browsing import page, queries_of, sent, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Person:
    return cast.alice()


@pytest.fixture
def roll(alice: Person) -> Roll:
    return make_roll(make_event(alice), 5)


@pytest.fixture
def ana(roll: Roll) -> Registration:
    made = make_registration(
        roll.event, "Ana Ionescu", email="ana@x.example", answers={"tshirt": "L", "why": "Curious"}
    )
    make_seat(roll, registration=made)
    RegistrationNeeds.objects.create(
        registration=made, diets=[Diet.VEGAN.value], access=[AccessNeed.HEARING.value], dietary="no garlic"
    )
    return made


def changed(row: Registration, **fields: object) -> dict[str, object]:
    values = {"version": row.version, "name": row.name, "email": row.email, "priority": "0"}
    return values | {"diets": ["vegan"], "dietary": "no garlic", "access": ["hearing"]} | fields


def test_it_shows_seats_answers_guests_needs(alice: Person, ana: Registration, roll: Roll) -> None:
    guest = make_registration(roll.event, "Junior", email="", guest_of=ana)
    make_seat(roll, registration=guest)
    shown = page(signed_in(alice), f"/registrations/{ana.pk}/")
    for text in ("Ana Ionescu", "Confirmed", "Curious", "Junior", "Vegan, no garlic", "Induction loop"):
        assert text in shown
    assert "Guest of" in page(signed_in(alice), f"/registrations/{guest.pk}/")


def test_who_works_there_sees_no_needs_answers_or_history(ana: Registration) -> None:
    dan = cast.bob(email="dan@example.org")
    Party.objects.create(event=ana.event, person=dan, role=PartyRole.STAFF)
    shown = page(signed_in(dan), f"/registrations/{ana.pk}/")
    assert "Ana Ionescu" in shown
    for text in ("garlic", "Vegan", "Curious", 'id="history"', f"{ana.pk}/change/"):
        assert text not in shown


def test_colleagues_and_outsiders_see_nothing_and_do_nothing(ana: Registration) -> None:
    for person in (cast.bob(), cast.charlie()):
        client = signed_in(person)
        for name in ("", "change/", "substitute/", "cancel/"):
            response = client.get(f"/registrations/{ana.pk}/{name}")
            assert response.status_code in {403, 404}
            assert b"Ana Ionescu" not in response.content
        for name in ("change/", "substitute/", "cancel/", "link/"):
            data = changed(ana, name="Eve")
            assert client.post(f"/registrations/{ana.pk}/{name}", data).status_code in {403, 404}
    ana.refresh_from_db()
    assert ana.name == "Ana Ionescu"
    assert OutboxMessage.objects.count() == 0


def test_changing_keeps_what_the_form_doesnt_show(alice: Person, ana: Registration, roll: Roll) -> None:
    gala = make_roll(roll.event, 3, function=make_function(roll.event, meeting={"title": "Gala"}))
    client, address = signed_in(alice), f"/registrations/{ana.pk}/change/"
    assert "Gala" in page(client, address)
    data = changed(ana, name="Ana Marin", priority="7", note="VIP", function_ids=[gala.function_id])
    assert "Saved." in sent(client, address, data)
    ana.refresh_from_db()
    assert (ana.name, ana.priority, ana.note) == ("Ana Marin", 7, "VIP")
    assert ana.answers == {"tshirt": "L", "why": "Curious"}
    assert ana.needs.dietary == "no garlic"
    assert Seat.objects.get(roll=gala).state == SeatState.CONFIRMED
    assert "Somebody else has changed this registration" in sent(client, address, data, status=422)


def test_an_address_that_is_on_the_list_is_refused_at_its_field(alice: Person, ana: Registration) -> None:
    make_registration(ana.event, "Bob", email="bob@x.example")
    data = changed(ana, email="bob@x.example")
    shown = sent(signed_in(alice), f"/registrations/{ana.pk}/change/", data, status=422)
    assert "on the list already" in shown


def test_somebody_else_instead_with_everything_or_with_one_seat(
    alice: Person, ana: Registration, roll: Roll
) -> None:
    gala = make_roll(roll.event, 3, function=make_function(roll.event))
    seat = make_seat(gala, registration=ana)
    client, address = signed_in(alice), f"/registrations/{ana.pk}/substitute/"
    assert "Say who comes instead." in sent(client, address, {}, status=422)
    assert f'value="{seat.pk}"' in page(client, f"{address}?seat={seat.pk}")
    sent(client, address, {"name": "Bob", "email": "bob@x.example", "seat": seat.pk})
    bob = Registration.objects.get(name="Bob")
    assert {each.roll_id for each in bob.seats.all()} == {gala.pk}
    known = PersonFactory.create()
    sent(client, address, {"person": known.email})
    assert Seat.objects.get(roll=roll, registration__person=known).state == SeatState.CONFIRMED
    assert Seat.objects.get(roll=roll, registration=ana).state == SeatState.SUBSTITUTED
    assert "handed on to" in page(client, f"/registrations/{ana.pk}/")


def test_cancelling_with_a_reason_offers_the_seat_on(alice: Person, ana: Registration, roll: Roll) -> None:
    Roll.objects.update(capacity=1, limit=1)
    waiting = make_seat(roll, SeatState.WAITLISTED, waitlisted_at=NOW)
    client = signed_in(alice)
    shown = sent(client, f"/registrations/{ana.pk}/cancel/", {"reason": "Ill"})
    assert "Ill" in shown
    assert "Cancelled" in shown
    waiting.refresh_from_db()
    assert waiting.state == SeatState.OFFERED


def test_sending_the_link_again(alice: Person, ana: Registration, roll: Roll) -> None:
    client = signed_in(alice)
    assert "on its way" in sent(client, f"/registrations/{ana.pk}/link/", {})
    message = OutboxMessage.objects.get()
    assert (message.payload["notice"], message.payload["registration_id"]) == ("link", ana.pk)
    assert AuditEntry.objects.filter(action="registration.link_sent").count() == 1
    nobody = make_registration(roll.event, email="")
    assert "no address to write to" in sent(client, f"/registrations/{nobody.pk}/link/", {})
    guest = make_registration(roll.event, "Junior", email="", guest_of=ana)
    sent(client, f"/registrations/{guest.pk}/link/", {})
    assert OutboxMessage.objects.filter(payload__registration_id=ana.pk).count() == 2


def test_another_roll_at_the_same_time_is_shown(alice: Person, ana: Registration) -> None:
    fair: Event = make_event(alice, title="Fair")
    make_seat(make_roll(fair), registration=make_registration(fair, email="ana@x.example"))
    assert "Fair" in page(signed_in(alice), f"/registrations/{ana.pk}/")


def test_three_of_everything_take_as_many_queries_as_one(
    alice: Person, ana: Registration, roll: Roll
) -> None:
    client, address = signed_in(alice), f"/registrations/{ana.pk}/"

    def more() -> None:
        own = make_roll(roll.event, 1, function=make_function(roll.event))
        make_seat(own, SeatState.WAITLISTED, registration=ana, waitlisted_at=NOW)
        make_registration(roll.event, email="", guest_of=ana)
        fair = make_event(alice)
        make_seat(make_roll(fair), registration=make_registration(fair, email=ana.email))

    more()
    one = queries_of(client, address)
    more()
    more()
    assert queries_of(client, address) == one
