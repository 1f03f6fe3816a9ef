"""Many seats at once: the preview says what the deed then does, and changes nothing itself."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from convenor.attendance.enums import SeatState
from convenor.attendance.models import Registration, Roll, Seat
from convenor.base.models import AuditEntry, OutboxMessage
from convenor.events.enums import PartyRole
from convenor.events.models import Event, Party
from convenor.people.models import Person
from tests.factories import cast
from tests.factories.attendance import make_allotment, make_registration, make_roll, make_seat
from tests.factories.events import NOW, make_event, make_function
from tests.factories.people import DepartmentFactory, MemberFactory
from tests.web.browsing import page, sent, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Person:
    return cast.alice()


@pytest.fixture
def event(alice: Person) -> Event:
    return make_event(alice)


@pytest.fixture
def roll(event: Event) -> Roll:
    """Of two seats, both taken; Wanda waits."""
    made = make_roll(event, 2)
    for name in ("Ana", "Bob"):
        make_seat(made, registration=make_registration(event, name))
    make_seat(made, SeatState.WAITLISTED, registration=make_registration(event, "Wanda"), waitlisted_at=NOW)
    return made


def key(name: str) -> int:
    return Seat.objects.get(registration__name=name).pk


def state(name: str) -> str:
    return str(Seat.objects.get(registration__name=name).state)


def looked(client: Client, roll: Roll, data: dict[str, Any], status: int = 200) -> str:
    response = client.post(f"/rolls/{roll.pk}/seats/", data)
    assert response.status_code == status
    return str(response.content.decode())


def test_cancelling_says_who_is_offered_the_seat_before_it_does_so(alice: Person, roll: Roll) -> None:
    client = signed_in(alice)
    before = AuditEntry.objects.count(), OutboxMessage.objects.count()
    shown = looked(client, roll, {"seat": [key("Ana")], "deed": "cancelled"})
    assert "What becomes of others" in shown
    assert shown.index("Ana") < shown.index("What becomes of others") < shown.index("Wanda")
    assert (state("Ana"), state("Wanda")) == ("confirmed", "waitlisted")
    assert (AuditEntry.objects.count(), OutboxMessage.objects.count()) == before
    data = {"keys": str(key("Ana")), "deed": "cancelled", "sure": "on", "reason": "Ill"}
    assert "1 seat is changed." in sent(client, f"/rolls/{roll.pk}/seats/", data)
    assert (state("Ana"), state("Wanda")) == ("cancelled", "offered")
    assert Seat.objects.get(pk=key("Ana")).reason == "Ill"


def test_who_cant_come_to_it_stays_and_is_named(alice: Person, roll: Roll, event: Event) -> None:
    make_seat(roll, SeatState.CANCELLED, registration=make_registration(event, "Gone"))
    client = signed_in(alice)
    shown = looked(client, roll, {"seat": [key("Ana"), key("Gone")], "deed": "cancelled"})
    assert shown.index("Who stays as they are") < shown.index("Gone")
    shown = looked(client, roll, {"seat": [key("Gone")], "deed": "cancelled"})
    assert "Nothing would change." in shown
    assert "button-danger" not in shown


def test_a_full_roll_refuses_with_its_reason(alice: Person, roll: Roll) -> None:
    shown = looked(signed_in(alice), roll, {"seat": [key("Wanda")], "deed": "confirmed"}, status=422)
    assert "note tone-danger" in shown
    assert state("Wanda") == "waitlisted"
    assert 'name="sure"' not in shown


def test_everybody_whom_the_filter_shows(alice: Person, event: Event) -> None:
    roll = make_roll(event, 5)
    for name in ("Ana", "Anca", "Bob"):
        make_seat(roll, SeatState.INVITED, registration=make_registration(event, name))
    client = signed_in(alice)
    data = {"everybody": "on", "filter": "q=an&state=invited", "deed": "confirmed"}
    shown = looked(client, roll, data)
    keys = f"{key('Ana')},{key('Anca')}"
    assert f'name="keys" value="{keys}"' in shown
    sent(client, f"/rolls/{roll.pk}/seats/", {"keys": keys, "deed": "confirmed", "sure": "on"})
    assert [state(name) for name in ("Ana", "Anca", "Bob")] == ["confirmed", "confirmed", "invited"]


def test_moving_to_an_allotment(alice: Person, roll: Roll) -> None:
    Roll.objects.update(capacity=4, limit=4)
    row = make_allotment(roll, 1)
    client = signed_in(alice)
    shown = looked(client, roll, {"seat": [key("Ana"), key("Wanda")], "deed": f"allot-{row.pk}"})
    assert "moves" in shown
    assert Seat.objects.get(pk=key("Ana")).allotment_id is None
    data = {"keys": str(key("Ana")), "deed": f"allot-{row.pk}", "sure": "on"}
    sent(client, f"/rolls/{roll.pk}/seats/", data)
    assert Seat.objects.get(pk=key("Ana")).allotment_id == row.pk
    sent(client, f"/rolls/{roll.pk}/seats/", data | {"deed": "allot-0"})
    assert Seat.objects.get(pk=key("Ana")).allotment_id is None


def test_nothing_chosen_and_what_isnt_a_seat_of_this_roll(alice: Person, roll: Roll) -> None:
    other = make_roll(make_event(alice), 2)
    elsewhere = make_seat(other)
    client = signed_in(alice)
    said = sent(client, f"/rolls/{roll.pk}/seats/", {"deed": "cancelled"})
    assert "Choose who it is about" in said
    bad: tuple[dict[str, Any], ...] = (
        {"seat": ["x"], "deed": "cancelled"},
        {"seat": [key("Ana")], "deed": "nonsense"},
    )
    for wrong in bad:
        assert "Choose who it is about" in sent(client, f"/rolls/{roll.pk}/seats/", wrong)
    data = {"keys": str(elsewhere.pk), "deed": "cancelled", "sure": "on"}
    assert "0 seats are changed." in sent(client, f"/rolls/{roll.pk}/seats/", data)
    elsewhere.refresh_from_db()
    assert elsewhere.state == SeatState.CONFIRMED


def test_inviting_shows_who_it_is_first(alice: Person, event: Event) -> None:
    roll = make_roll(event, 5)
    platform = DepartmentFactory.create()
    listed, member = MemberFactory.create(name="Lia Listed"), MemberFactory.create(department=platform)
    Party.objects.create(event=event, person=listed, role=PartyRole.PARTICIPANT)
    Party.objects.create(event=event, person=MemberFactory.create(), role=PartyRole.STAFF)
    make_seat(roll, registration=make_registration(event, "Old", email="old@x.example"))
    data = {
        "parties": "on",
        "department": platform.pk,
        "people": member.email,
        "pasted": "Ștefan Țurcanu <stefan@x.example>\nNobody at all\nOld <old@x.example>",
        "state": "invited",
    }
    client, address = signed_in(alice), f"/rolls/{roll.pk}/invite/"
    assert "Say who." in sent(client, address, {"state": "invited"}, status=422)
    response = client.post(address, data)
    shown = response.content.decode()
    for text in ("Lia Listed", member.name, "Ștefan Țurcanu", "Lines without an address", "Nobody at all"):
        assert text in shown
    assert Registration.objects.count() == 1
    sent(client, address, data | {"sure": "on"})
    invited = Seat.objects.filter(roll=roll, state=SeatState.INVITED)
    names = set(invited.values_list("registration__name", flat=True))
    assert names == {"Lia Listed", member.name, "Ștefan Țurcanu"}
    assert Registration.objects.get(name="Lia Listed").person_id == listed.pk
    assert state("Old") == "confirmed"


def test_inviting_to_a_function_puts_people_on_both_rolls(alice: Person, event: Event) -> None:
    function = make_function(event)
    whole, own = make_roll(event, 5), make_roll(event, 5, function=function)
    data = {"pasted": "Ana <ana@x.example>", "state": "confirmed", "sure": "on"}
    sent(signed_in(alice), f"/rolls/{own.pk}/invite/", data)
    assert {(seat.roll_id, seat.state) for seat in Seat.objects.all()} == {
        (whole.pk, "confirmed"),
        (own.pk, "confirmed"),
    }


def test_an_event_that_is_over_refuses(alice: Person, roll: Roll) -> None:
    Event.objects.update(state="closed")
    client = signed_in(alice)
    data = {"pasted": "Ana <new@x.example>", "state": "invited"}
    assert "form_errors" not in page(client, f"/rolls/{roll.pk}/invite/")
    assert "is over" in sent(client, f"/rolls/{roll.pk}/invite/", data, status=422)
