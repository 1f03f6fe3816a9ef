"""The facts of mails, for many registrations at once."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.attendance.enums import SeatState
from convenor.attendance.queries.mail_facts import facts_of, mail_facts
from convenor.attendance.rules.mail_facts import About
from convenor.scheduling.models import Booking
from tests.factories.attendance import make_registration, make_roll, make_seat
from tests.factories.cast import alice, bob
from tests.factories.events import make_event, make_function
from tests.factories.venues import RoomFactory, SiteFactory

pytestmark = pytest.mark.django_db


def test_the_event_s_facts_and_the_personal_link() -> None:
    site = SiteFactory(name="House", address="1 Long Street\nBucharest")
    event = make_event(alice(), title="Away day", site=site)
    ana = make_registration(event, "Ana", email="ana@partner.example", language="ro", token="secret")
    make_seat(make_roll(event), registration=ana)
    facts = mail_facts([ana.pk])[ana.pk]
    assert (facts.name, facts.email, facts.language) == ("Ana", "ana@partner.example", "ro")
    assert (facts.event, facts.organiser, facts.zone) == ("Away day", "Alice", "Europe/Bucharest")
    assert facts.place == "House, 1 Long Street Bucharest"
    assert facts.link.endswith("/registration/secret/")
    assert [seat.state for seat in facts.seats] == [SeatState.CONFIRMED]


def test_a_function_s_seat_has_its_own_time_and_room_the_main_one_first() -> None:
    site = SiteFactory(name="House")
    side, main = RoomFactory(name="Side", site=site), RoomFactory(name="Main", site=site)
    event = make_event(alice())
    function = make_function(
        event, meeting={"title": "Workshop", "room": side, "more_room_ids": (main.pk,)}, main_room=main
    )
    assert Booking.objects.filter(occurrence=function.occurrence, room__isnull=False).count() == 2
    seat = make_seat(make_roll(event, function=function))
    make_seat(make_roll(event), registration=seat.registration)
    whole, workshop = mail_facts([seat.registration_id])[seat.registration_id].seats
    assert whole.function == ""
    assert (workshop.function, workshop.place) == ("Workshop", "Main, Side, House")
    assert workshop.starts_at == function.occurrence.starts_at
    assert not workshop.is_off


def test_a_place_in_words_where_there_is_no_room() -> None:
    event = make_event(alice())
    function = make_function(event, meeting={"location": "At the lake"})
    seat = make_seat(make_roll(event, function=function))
    (told,) = mail_facts([seat.registration_id])[seat.registration_id].seats
    assert told.place == "At the lake"


def test_seats_that_were_given_up_are_told_only_where_they_are_what_it_is_about() -> None:
    event = make_event(alice())
    seat = make_seat(make_roll(event), SeatState.CANCELLED)
    assert mail_facts([seat.registration_id])[seat.registration_id].seats == ()
    (told,) = mail_facts([seat.registration_id], [seat.roll_id])[seat.registration_id].seats
    assert told.state == SeatState.CANCELLED


def test_guests_seats_are_told_to_their_host_after_the_host_s_own() -> None:
    event = make_event(alice())
    roll = make_roll(event)
    host = make_registration(event, "Ana")
    ion = make_registration(event, "Ion", email="", guest_of=host)
    gone = make_registration(event, "Gone", email="", guest_of=host)
    make_seat(roll, SeatState.WAITLISTED, registration=ion)
    make_seat(roll, SeatState.CANCELLED, registration=gone)
    make_seat(roll, registration=host)
    seats = mail_facts([host.pk])[host.pk].seats
    assert [(seat.guest, seat.state) for seat in seats] == [
        ("", SeatState.CONFIRMED),
        ("Ion", SeatState.WAITLISTED),
    ]


def test_the_language_is_one_s_own_then_the_account_s_then_the_house_s() -> None:
    event, teammate = make_event(alice()), bob(user__language="ro")
    own = make_registration(event, language="en", person=teammate)
    other = make_event(event.owner)
    account = make_registration(other, person=teammate)
    stranger = make_registration(other)
    found = mail_facts([own.pk, account.pk, stranger.pk])
    assert [found[each.pk].language for each in (own, account, stranger)] == ["en", "ro", "en"]


def test_the_message_adds_what_only_it_knows() -> None:
    event = make_event(alice())
    seat = make_seat(make_roll(event))
    payload = {"registration_id": seat.registration_id, "notice": "reminder", "roll_ids": [seat.roll_id]}
    facts = facts_of({**payload, "about": "coming", "reason": "Rain", "instead": "Ion"})
    assert facts is not None
    assert (facts.about, facts.reason, facts.other) == (About.COMING, "Rain", "Ion")


def test_a_registration_that_is_gone_has_no_facts() -> None:
    assert facts_of({"registration_id": 1, "notice": "confirmed"}) is None


@pytest.mark.parametrize("count", [1, 3])
def test_many_registrations_take_as_many_queries_as_one(count: int) -> None:
    event = make_event(alice())
    room = RoomFactory()
    function = make_function(event, meeting={"room": room})
    roll, workshop = make_roll(event), make_roll(event, function=function)
    registrations = [make_registration(event) for _ in range(count)]
    for each in registrations:
        make_seat(roll, registration=each)
        make_seat(workshop, registration=each)
    with CaptureQueriesContext(connection) as asked:
        found = mail_facts([each.pk for each in registrations])
        assert all(len(facts.seats) == 2 for facts in found.values())
    assert len(asked) == 3
