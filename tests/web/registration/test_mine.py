"""A registration's own page: answering, changing, cancelling; a link used twice, of another event, of a cancelled one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from icalendar import Calendar

from convenor.attendance.actions.registering import register
from convenor.attendance.drafts import RegistrationDraft, Who
from convenor.attendance.enums import FormMode, SeatState, Source
from convenor.attendance.models import Registration, RegistrationForm, Roll, Seat
from convenor.base.models import AuditEntry, OutboxMessage
from convenor.events.enums import EventState
from convenor.events.models import Event
from tests.factories import cast
from tests.factories.attendance import make_registration, make_seat
from tests.factories.cast import actor_of
from tests.factories.events import NOW, make_event, make_function
from tests.web.browsing import queries_of, sent, signed_in
from tests.web.registration.pages import SIZE, address, open_form, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """The clock stands still, two weeks before the event."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def event() -> Event:
    return make_event(cast.alice(), title="Open day", notes="Secret notes")


def registered(event: Event, name: str = "Ana Ionescu", **fields: Any) -> Registration:
    """Put on the roll by whoever runs the event."""
    state = fields.pop("state", None)
    email = f"{name.split(maxsplit=1)[0].lower()}@partner.example"
    return register(
        actor=actor_of(event.owner),
        event_id=event.pk,
        draft=RegistrationDraft(who=Who(name=name, email=email, language="en"), **fields),
        source=Source.INVITATION if state else Source.COORDINATOR,
        state=state,
        now=NOW,
    )


def mine(row: Registration, part: str = "") -> str:
    return f"/registration/{row.token}/{part}"


def states(row: Registration) -> list[str]:
    return list(Seat.objects.filter(registration=row).order_by("pk").values_list("state", flat=True))


def test_an_invitation_is_answered_with_what_the_form_asks_and_once(event: Event) -> None:
    function = make_function(event, meeting={"title": "Keynote"})
    open_form(event, mode=FormMode.INVITATION, fields=(SIZE,), function_ids=frozenset({function.pk}))
    row = registered(event, state=SeatState.INVITED)
    client = Client()
    text = text_of(client.get(mine(row)))
    for part in ("You are invited.", "T-shirt", "Keynote", "Yes, I am coming", "ana@partner.example"):
        assert part in text
    assert "QR" not in text
    OutboxMessage.objects.all().delete()
    data = {"name": "Ana Ionescu", "answer_size": "l", "function_ids": [str(function.pk)], "diets": ["vegan"]}
    said = sent(client, mine(row), data)
    assert "You have a seat." in said
    assert "Yes, I am coming" not in said
    row.refresh_from_db()
    assert row.answers == {"size": "l"}
    assert states(row) == ["confirmed", "confirmed"]
    assert "confirmed" in set(OutboxMessage.objects.values_list("payload__notice", flat=True))
    # The link used twice: the page, and nothing of the form
    version = row.version
    assert "answered already" in sent(client, mine(row), {**data, "name": "Somebody else"})
    row.refresh_from_db()
    assert (row.version, row.name) == (version, "Ana Ionescu")


def test_an_invitation_with_something_missing_changes_nothing(event: Event) -> None:
    field = type(SIZE)("size", SIZE.kind, SIZE.label_en, is_required=True, options=SIZE.options)
    open_form(event, mode=FormMode.INVITATION, fields=(field,))
    row = registered(event, state=SeatState.INVITED)
    text = sent(Client(), mine(row), {"name": "Changed", "dietary": "Kept needs"}, 422)
    assert "Choose an answer." in text
    assert "Kept needs" in text
    row.refresh_from_db()
    assert (row.name, states(row)) == ("Ana Ionescu", ["invited"])


def test_an_invitation_is_declined_and_thought_over(event: Event) -> None:
    row = registered(event, state=SeatState.INVITED)
    client = Client()
    (seat,) = row.seats.all()
    said = sent(client, mine(row, "answer/"), {"seat": seat.pk, "answer": "no"})
    assert "You have said no." in said
    assert "I can come after all" in said
    said = sent(client, mine(row, "answer/"), {"seat": seat.pk, "answer": "yes"})
    assert "You have a seat." in said


def test_an_offer_is_taken_or_goes_on(event: Event, clock: time_machine.Traveller) -> None:
    open_form(event, capacity=1)
    roll = Roll.objects.get()
    row = make_registration(event, "Ana Ionescu", email="ana@partner.example")
    seat = make_seat(roll, SeatState.OFFERED, registration=row)
    text = text_of(Client().get(mine(row)))
    assert "A seat has come free for you." in text
    assert "until Tue 24 Nov 2026, 11:00" in text
    assert states(row) == ["offered"]  # looking at it takes nothing
    clock.shift(timedelta(days=2))
    assert "has gone on to the next" in sent(
        Client(), mine(row, "answer/"), {"seat": seat.pk, "answer": "yes"}
    )
    clock.shift(-timedelta(days=2))
    assert "You have a seat." in sent(Client(), mine(row, "answer/"), {"seat": seat.pk, "answer": "yes"})


def test_the_waitlist_says_whose_turn_it_is(event: Event) -> None:
    open_form(event, capacity=0)
    rows = [registered(event, name) for name in ("Ana Ionescu", "Bo Berg", "Cy Clark")]
    assert "You are number 3 just now." in text_of(Client().get(mine(rows[2])))
    assert "Bo Berg" not in text_of(Client().get(mine(rows[2])))


def test_answers_functions_and_guests_are_changed(event: Event) -> None:
    one, two = (make_function(event, meeting={"title": title}) for title in ("Keynote", "Dinner"))
    open_form(event, fields=(SIZE,), function_ids=frozenset({one.pk, two.pk}), max_guests=1)
    row = registered(event, function_ids=(one.pk,), answers={"size": "s"})
    client = Client()
    text = text_of(client.get(mine(row, "change/")))
    assert f'value="{one.pk}" id="id_function_ids_0" checked' in text
    assert 'value="s" id="id_answer_size_0" checked' in text
    data = {
        "version": row.version,
        "name": "Ana Pop",
        "function_ids": [str(two.pk)],
        "answer_size": "l",
        "guest_1_name": "Bo Guest",
        "access": ["front"],
    }
    said = sent(client, mine(row, "change/"), data)
    for part in ("is changed", "Ana Pop", "Bo Guest", "Dinner"):
        assert part in said
    row.refresh_from_db()
    assert row.answers == {"size": "l"}
    assert set(states(row)) == {"confirmed", "cancelled"}
    # Somebody else changed it meanwhile
    assert "Somebody else has changed" in sent(client, mine(row, "change/"), data, 422)
    # What they have chosen stays theirs though it has run out
    version = Registration.objects.get(pk=row.pk).version
    assert "is changed" in sent(
        client, mine(row, "change/"), {**data, "version": version, "guest_1_name": ""}
    )


def test_cancelling_asks_first_and_twice_changes_nothing(event: Event) -> None:
    row = registered(event)
    Roll.objects.update(cancel_free_until=NOW - timedelta(days=1))
    client = Client()
    text = text_of(client.get(mine(row, "cancel/")))
    assert "Cancelling was free until Sun 22 Nov 2026, 11:00" in text
    assert states(row) == ["confirmed"]
    said = sent(client, mine(row, "cancel/"), {"reason": "Ill\0"})
    assert "is cancelled" in said
    assert states(row) == ["cancelled"]
    entries, mails = AuditEntry.objects.count(), OutboxMessage.objects.count()
    sent(client, mine(row, "cancel/"), {})
    assert (AuditEntry.objects.count(), OutboxMessage.objects.count()) == (entries, mails)
    assert client.get(mine(row, "cancel/")).status_code == 302
    assert client.get(mine(row, "change/")).status_code == 302


def test_the_code_and_the_calendar(event: Event) -> None:
    row = registered(event)
    response = Client().get(mine(row, "code.svg"))
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.content.lstrip().startswith((b"<?xml", b"<svg"))
    assert b"style=" not in response.content
    assert row.token.encode() not in response.content
    response = Client().get(mine(row, "registration.ics"))
    (entry,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert str(entry["SUMMARY"]) == "Open day"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"state": EventState.CANCELLED}, "This event is cancelled."),
        ({"state": EventState.POSTPONED}, "This event is postponed."),
        ({"state": EventState.CLOSED}, "This event is over."),
    ],
)
@pytest.mark.parametrize("state", [None, SeatState.INVITED])
def test_a_link_of_an_event_that_doesn_t_take_place(
    event: Event, fields: dict[str, Any], sentence: str, state: SeatState | None
) -> None:
    row = registered(event, state=state)
    before = states(row)
    Event.objects.filter(pk=event.pk).update(**fields)
    client = Client()
    text = text_of(client.get(mine(row)))
    assert sentence in text
    assert "Yes, I am coming" not in text
    (seat,) = row.seats.all()
    sent(client, mine(row), {"name": "Ana"})
    sent(client, mine(row, "answer/"), {"seat": seat.pk, "answer": "yes"})
    sent(client, mine(row, "change/"), {"name": "Ana"})
    assert states(row) == before


def test_a_link_of_another_event_or_registration_touches_nothing_of_this_one(event: Event) -> None:
    other = make_event(event.owner, title="Zyx takeover")
    row, theirs = registered(event), registered(other, "Bo Berg", state=SeatState.INVITED)
    (seat,) = theirs.seats.all()
    client = Client()
    text = text_of(client.get(mine(row)))
    assert "Zyx" not in text
    assert "Bo Berg" not in text
    sent(client, mine(row, "answer/"), {"seat": seat.pk, "answer": "yes"}, 404)
    for nonsense in ("", "x", "9" * 30, "-1"):
        sent(client, mine(row, "answer/"), {"seat": nonsense, "answer": "yes"}, 404)
    assert states(theirs) == ["invited"]
    # The page's token opens no personal page, nor the other way round
    form = open_form(event)
    assert client.get(f"/registration/{form.token}/").status_code == 404
    assert client.get(f"/register/{row.token}/").status_code == 404
    assert client.get(f"/registration/{row.code}/").status_code == 404


def test_a_guest_s_page_shows_theirs_alone(event: Event) -> None:
    open_form(event, max_guests=1)
    row = registered(event, guests=(Who("Gus Guest"),))
    guest = Registration.objects.get(guest_of=row)
    text = text_of(Client().get(mine(guest)))
    assert "guest of Ana Ionescu" in text
    assert row.email not in text
    assert row.token not in text
    assert client_may_not_change(guest)


def client_may_not_change(guest: Registration) -> bool:
    return Client().get(mine(guest, "change/")).status_code == 302


def test_looking_changes_nothing(event: Event) -> None:
    row = registered(event, state=SeatState.INVITED)
    before = (AuditEntry.objects.count(), OutboxMessage.objects.count(), states(row))
    for part in ("", "change/", "cancel/", "code.svg", "registration.ics", "?lang=ro"):
        Client().get(mine(row, part))
        Client().head(mine(row, part))
    assert Client().get(mine(row, "answer/")).status_code == 405
    assert (AuditEntry.objects.count(), OutboxMessage.objects.count(), states(row)) == before


def test_charlie_reads_no_more_than_the_public_page(event: Event) -> None:
    """An account from outside opens nothing that a stranger doesn't."""
    form = open_form(event)
    row = registered(event, "Zyx Person")
    client = signed_in(cast.charlie())
    assert "Zyx" not in text_of(client.get(address(form)))
    for path in (f"/events/{event.pk}/registration/", f"/events/{event.pk}/"):
        response = client.get(path)
        assert response.status_code == 404
        assert row.token not in text_of(response)
    assert RegistrationForm.objects.count() == 1


def test_one_or_three_functions_make_no_difference(event: Event) -> None:
    functions = [make_function(event) for _ in range(3)]
    open_form(event, capacity=0, fields=(SIZE,), function_ids=frozenset(each.pk for each in functions))
    rows = [
        registered(event, "Ana Ionescu", function_ids=(functions[0].pk,)),
        registered(event, "Bo Berg", function_ids=tuple(each.pk for each in functions)),
    ]
    for part in ("", "change/"):
        one, three = (queries_of(Client(), mine(row, part)) for row in rows)
        assert one == three
