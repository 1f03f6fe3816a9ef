"""What Today says of rolls, to whom, and whom the search box finds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenor.attendance.enums import SeatState
from convenor.attendance.queries.found import find_registrations_for
from convenor.attendance.queries.my_rolls import roll_notes_for
from convenor.attendance.rules.roll_notes import NoteKind
from convenor.attendance.sentences.roll import NOTES, note_sentence
from convenor.events.enums import EventState, PartyRole
from convenor.events.models import Event, Party
from convenor.people.models import Person
from tests.factories import cast
from tests.factories.attendance import make_registration, make_roll, make_seat
from tests.factories.cast import actor_of
from tests.factories.events import NOW, make_event, make_function
from tests.factories.people import MemberFactory
from tests.factories.venues import RoomFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def bob() -> Person:
    return cast.bob()


def outgrown(event: Event) -> None:
    function = make_function(event, meeting={"room": RoomFactory.create(capacity=1), "title": "Gala"})
    roll = make_roll(event, 1, function=function)
    for _each in range(3):
        make_seat(roll, SeatState.WAITLISTED, waitlisted_at=NOW)


def kinds(person: Person) -> list[tuple[NoteKind, int]]:
    return [(each.kind, each.count) for each in roll_notes_for(actor_of(person), NOW)]


def test_what_is_urgent_comes_first_with_its_numbers(bob: Person) -> None:
    event = make_event(bob)
    roll = make_roll(event, 9, guarantee_due=NOW + 3 * 24 * HOUR)
    make_seat(roll)
    for hours in (2, 30):
        make_seat(roll, SeatState.OFFERED, offer_expires_at=NOW + hours * HOUR)
    outgrown(event)
    assert kinds(bob) == [
        (NoteKind.OFFERS_LAPSE, 1),
        (NoteKind.GUARANTEE_DUE, 1),
        (NoteKind.OUTGROWN, 2),
    ]
    notes = roll_notes_for(actor_of(bob), NOW)
    assert [note_sentence(each) for each in notes] == [
        "1 offer lapses within a day",
        "The guaranteed count is due; 1 person is coming",
        "It has outgrown its room by 2 seats",
    ]
    assert notes[2].title == "Gala (Away day)"
    assert set(NOTES) == set(NoteKind)


def test_what_is_far_given_or_over_is_not_said(bob: Person) -> None:
    make_roll(make_event(bob), 9, guarantee_due=NOW + 30 * 24 * HOUR)
    make_roll(make_event(bob), 9, guarantee_due=NOW, guaranteed=4, guaranteed_at=NOW)
    make_roll(make_event(bob, state=EventState.CANCELLED), 9, guarantee_due=NOW)
    make_roll(make_event(bob, state=EventState.POSTPONED), 9, guarantee_due=NOW)
    assert kinds(bob) == []


def test_only_who_runs_the_event_in_person_is_told(bob: Person) -> None:
    alice, charlie, sponsor = cast.alice(), cast.charlie(), MemberFactory.create()
    event = make_event(bob, sponsor=sponsor)
    make_roll(event, 9, guarantee_due=NOW)
    Party.objects.create(event=event, person=charlie, role=PartyRole.PARTICIPANT)
    assert len(kinds(bob)) == len(kinds(sponsor)) == 1
    assert kinds(alice) == kinds(charlie) == []


def test_as_many_queries_for_three_rolls_as_for_one(bob: Person) -> None:
    counts = []
    for number in (1, 2):
        for _each in range(number):
            outgrown(make_event(bob))
        with CaptureQueriesContext(connection) as captured:
            found = roll_notes_for(actor_of(bob), NOW)
        counts.append(len(captured))
    assert len(found) == 3
    assert counts[0] == counts[1]


def names(person: Person, text: str) -> list[str]:
    return [each.name for each in find_registrations_for(actor_of(person), text, now=NOW, most=9)]


def test_the_search_box_finds_people_on_rolls_for_who_may_see_them(bob: Person) -> None:
    alice, charlie = cast.alice(), cast.charlie()
    mine, theirs = make_event(bob), make_event(alice)
    for event, name in ((mine, "Ștefan Mic"), (theirs, "Ștefan Mare")):
        search = "stefan mic" if event is mine else "stefan mare"
        make_seat(make_roll(event), registration=make_registration(event, name, search=search))
    assert names(alice, "ȘTEF") == ["Ștefan Mare", "Ștefan Mic"]
    assert names(alice, "stefan mar") == ["Ștefan Mare"]
    assert names(bob, "stefan") == ["Ștefan Mic"]
    assert names(charlie, "stefan") == []
    Party.objects.create(event=theirs, person=bob, role=PartyRole.STAFF)
    assert len(names(bob, "stefan")) == 2
    Event.objects.update(ends_at=NOW - timedelta(days=40), starts_at=NOW - timedelta(days=41))
    assert names(alice, "stefan") == []
