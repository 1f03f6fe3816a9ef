"""Who comes without being on the list."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from convenor.attendance.actions.check_in import walk_in
from convenor.attendance.drafts import WalkInDraft, Who
from convenor.attendance.enums import ScanOutcome, SeatState, Source
from convenor.attendance.models import Registration, Roll, Scan, Seat
from convenor.attendance.rules.check_in import ScanResult
from convenor.base.actor import Refused
from convenor.base.models import OutboxMessage
from convenor.events.enums import PartyRole
from tests.factories.attendance import make_registration, make_roll, make_seat
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.door import DOOR, OPENS, at_door, back, scan
from tests.factories.events import make_event, make_function

pytestmark = pytest.mark.django_db


def walk(name: str = "Maria Pop", email: str = "", minute: int = 5) -> WalkInDraft:
    at = OPENS + timedelta(minutes=minute)
    return WalkInDraft(uuid4(), at, Who(name=name, email=email, organisation="Partner"))


def come(roll: Roll, draft: WalkInDraft) -> ScanResult:
    """Sent long after the event, when the device has found a network again."""
    return walk_in(actor=DOOR, roll_id=roll.pk, draft=draft, now=OPENS + timedelta(days=3))


def test_a_walk_in_that_is_sent_again_is_one_person() -> None:
    roll = make_roll(make_event(alice()), 2)
    draft = walk()
    assert [come(roll, draft).outcome for _ in range(2)] == [ScanOutcome.IN] * 2
    row = Registration.objects.get()
    assert (row.name, row.source, row.seats.get().state) == (
        "Maria Pop",
        Source.WALK_IN,
        SeatState.CHECKED_IN,
    )
    roll.refresh_from_db()
    assert (roll.taken, Scan.objects.count(), OutboxMessage.objects.count()) == (1, 1, 0)
    assert row.seats.get().checked_in_at == draft.at


def test_where_nothing_is_free_nobody_walks_in() -> None:
    roll = make_roll(make_event(alice()), 1)
    make_seat(roll)
    answer = come(roll, walk())
    assert (answer.outcome, answer.name, answer.free) == (ScanOutcome.FULL, "Maria Pop", 0)
    assert Registration.objects.count() == 1
    assert Scan.objects.count() == 0


@pytest.mark.parametrize("state", [SeatState.CONFIRMED, SeatState.WAITLISTED])
def test_who_is_on_the_list_already_is_let_in_as_they_are(state: SeatState) -> None:
    roll = make_roll(make_event(alice()), 2)
    row = make_registration(roll.event, "Maria Pop", email="maria@partner.example")
    seat = make_seat(roll, registration=row, state=state)
    answer = come(roll, walk("M. Pop", "Maria@Partner.example"))
    assert (answer.outcome, answer.registration_id, answer.name) == (ScanOutcome.IN, row.pk, "Maria Pop")
    seat.refresh_from_db()
    assert seat.state == SeatState.CHECKED_IN
    assert Registration.objects.count() == 1


def test_one_who_is_taken_back_has_no_seat_any_more() -> None:
    roll = make_roll(make_event(alice()), 1)
    draft = walk()
    come(roll, draft)
    undo = back(scan(uid=draft.uid), 9)  # the device doesn't know yet whom it has put on the list
    assert [each.outcome for each in at_door(roll, undo)] == [ScanOutcome.UNDONE]
    assert Seat.objects.get().state == SeatState.CANCELLED
    assert come(roll, walk("Dan Pop")).outcome == ScanOutcome.IN


def test_at_a_functions_door_they_come_to_the_function_alone() -> None:
    event = make_event(alice())
    whole, part = make_roll(event, 1), make_roll(event, 1, function=make_function(event))
    assert come(part, walk()).outcome == ScanOutcome.IN
    assert [seat.roll for seat in Seat.objects.all()] == [part]
    assert come(whole, walk("Dan Pop")).outcome == ScanOutcome.IN


def test_without_a_name_nobody_is_put_on_the_roll() -> None:
    roll = make_roll(make_event(alice()))
    with pytest.raises(ValidationError):
        come(roll, walk(" "))
    assert Registration.objects.count() == 0


def test_who_may() -> None:
    roll, helper = make_roll(make_event(alice())), bob()
    with pytest.raises(Refused):
        walk_in(actor=actor_of(helper), roll_id=roll.pk, draft=walk(), now=OPENS)
    with pytest.raises(Roll.DoesNotExist):
        walk_in(actor=actor_of(charlie()), roll_id=roll.pk, draft=walk(), now=OPENS)
    roll.event.parties.create(person=helper, role=PartyRole.STAFF)
    answer = walk_in(actor=actor_of(helper), roll_id=roll.pk, draft=walk(), now=OPENS)
    assert answer.outcome == ScanOutcome.IN
    assert Registration.objects.get().registered_by_id == helper.pk
