"""Answers for seats: of people whom no meeting asks, but whose calendar has the event, or a function of it, from us."""

from __future__ import annotations

from typing import Any

import pytest

from convenor.attendance.enums import SeatState
from convenor.attendance.models import Registration, Seat
from convenor.base.models import AuditEntry
from convenor.interop.imip.receiving import receive
from convenor.scheduling.models import Attendee, Participation
from tests.factories.attendance import make_registration, make_roll, make_seat
from tests.factories.cast import alice, bob, charlie
from tests.factories.events import make_event, make_function
from tests.interop.imip.mailing import SEEN, answer, letter, told, took

pytestmark = pytest.mark.django_db
GUEST = "dan@partner.example"


class Door:
    """A confirmed event of Alice's with a place for Dan, who has no account, and one for Charlie."""

    def __init__(self, state: SeatState = SeatState.INVITED, **roll: Any) -> None:
        self.event = make_event(alice(), state="confirmed")
        self.roll = make_roll(self.event, **roll)
        self.dan = make_registration(self.event, "Dan", email=GUEST)
        self.seat = make_seat(self.roll, state, registration=self.dan)
        self.other = make_seat(
            self.roll,
            SeatState.INVITED,
            registration=make_registration(
                self.event, "Charlie", email="charlie@elsewhere.example", person=charlie()
            ),
        )

    @property
    def uid(self) -> str:
        return f"event-{self.event.pk}@127.0.0.1"

    def answers(self, partstat: str, minute: int = 30, **fields: str) -> tuple[str, str]:
        values = {"uid": self.uid, "attendee": GUEST} | fields
        sender = values.pop("sender", GUEST)
        made = answer(partstat=partstat, stamp=f"20261124T09{minute}00Z", **values)
        return took(letter(made, sender=sender))

    def states(self) -> tuple[str, str]:
        self.seat.refresh_from_db()
        self.other.refresh_from_db()
        return self.seat.state, self.other.state


def test_accepting_takes_the_seat_and_declining_gives_it_back() -> None:
    door = Door()
    assert door.answers("ACCEPTED") == ("applied", "seat_answered")
    assert door.states() == ("confirmed", "invited")
    assert door.seat.answered_at == SEEN.replace(hour=9, minute=30)
    assert door.answers("DECLINED", 31) == ("applied", "seat_answered")
    assert door.states() == ("cancelled", "invited")
    assert AuditEntry.objects.filter(action="registration.answered", actor_name="Dan").count() == 2


def test_the_seat_that_comes_free_goes_to_whoever_waits() -> None:
    door = Door(SeatState.CONFIRMED, capacity=1, offer_hours=0)
    Seat.objects.filter(pk=door.other.pk).update(state=SeatState.WAITLISTED, waitlisted_at=SEEN)
    assert door.answers("DECLINED") == ("applied", "seat_answered")
    assert door.states() == ("cancelled", "confirmed")


def test_nobody_answers_for_another_s_seat() -> None:
    door = Door()
    assert door.answers("ACCEPTED", sender="charlie@elsewhere.example") == ("refused", "forged")
    assert door.answers("ACCEPTED", attendee="eve@nowhere.example", sender="eve@nowhere.example") == (
        "listed",
        "not_asked",
    )
    assert door.states() == ("invited", "invited")
    assert not Registration.objects.filter(email="eve@nowhere.example").exists()


def test_maybe_leaves_the_seat_as_it_was_and_the_same_again_says_nothing_new() -> None:
    door = Door(SeatState.CONFIRMED)
    assert door.answers("TENTATIVE") == ("listed", "seat_maybe")
    assert door.answers("ACCEPTED") == ("ignored", "again")
    assert door.states() == ("confirmed", "invited")


def test_older_answers_and_answers_to_what_was_told_before_change_nothing() -> None:
    door = Door()
    door.answers("ACCEPTED", 30)
    assert door.answers("DECLINED", 29) == ("listed", "overtaken")
    Registration.objects.filter(pk=door.dan.pk).update(told={door.uid: {"sequence": 2}})
    assert door.answers("DECLINED", 40) == ("listed", "stale")
    assert door.states() == ("confirmed", "invited")
    same_time = answer(
        "DTSTART:20261207T070000Z",
        uid=door.uid,
        attendee=GUEST,
        partstat="DECLINED",
        stamp="20261124T094100Z",
    )
    assert took(letter(same_time, sender=GUEST)) == ("applied", "seat_answered")


def test_over_cancelled_and_full_are_said() -> None:
    door = Door(capacity=1, has_waitlist=False)
    make_seat(door.roll, SeatState.CONFIRMED)
    assert door.answers("ACCEPTED") == ("listed", "refused")
    door.event.state = "cancelled"
    door.event.save()
    late = answer(uid=door.uid, attendee=GUEST, stamp="20261124T095000Z")
    row = receive(letter(late, sender=GUEST), now=SEEN)
    assert (row.reason, told(row)) == ("cancelled", [f"“{door.event.title}” is cancelled."])


def test_a_function_is_known_by_its_meeting_s_uid() -> None:
    door = Door()
    function = make_function(door.event)
    seat = make_seat(make_roll(door.event, function=function), SeatState.INVITED, registration=door.dan)
    uid = function.occurrence.meeting.uid
    assert door.answers("ACCEPTED", uid=uid) == ("applied", "seat_answered")
    seat.refresh_from_db()
    assert (seat.state, *door.states()) == ("confirmed", "invited", "invited")


def test_who_is_asked_to_the_meeting_answers_there_and_a_roll_s_own_people_at_the_roll() -> None:
    door = Door()
    function = make_function(door.event)
    meeting, person = function.occurrence.meeting, bob()
    mine = make_registration(door.event, "Bob", email=person.email, person=person)
    seat = make_seat(make_roll(door.event, function=function), SeatState.INVITED, registration=mine)
    answers = letter(answer(uid=meeting.uid))
    assert took(answers) == ("applied", "seat_answered")
    seat.refresh_from_db()
    assert seat.state == "confirmed"
    Attendee.objects.create(meeting=meeting, person=person)
    Participation.objects.filter(person=person).delete()
    Participation.objects.create(
        occurrence=function.occurrence,
        person=person,
        starts_at=function.occurrence.starts_at,
        ends_at=function.occurrence.ends_at,
    )
    assert took(letter(answer(uid=meeting.uid, stamp="20261124T094000Z"))) == ("applied", "answered")


def test_an_event_of_another_server_is_unknown() -> None:
    door = Door()
    assert door.answers("ACCEPTED", uid=f"event-{door.event.pk}@elsewhere.example") == (
        "listed",
        "unknown_uid",
    )
    assert door.states() == ("invited", "invited")
