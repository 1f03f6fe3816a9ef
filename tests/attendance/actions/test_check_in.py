"""Checking people in, on both engines: each once, whatever is sent twice or late."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.attendance.actions.check_in import MOST_SCANS, record_scans
from convenor.attendance.drafts import ScanDraft
from convenor.attendance.enums import ScanKind, ScanOutcome, SeatState
from convenor.attendance.models import Roll, Scan, Seat
from convenor.base.actor import Refused
from convenor.base.models import AuditEntry
from convenor.events.enums import EventState, PartyRole
from tests.factories.attendance import make_allotment, make_registration, make_roll, make_seat
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.door import OPENS, at_door, back, scan
from tests.factories.events import make_event, make_function

pytestmark = pytest.mark.django_db


@pytest.fixture
def roll() -> Roll:
    return make_roll(make_event(alice()), 3)


def outcomes(roll: Roll, *scans: ScanDraft) -> list[ScanOutcome]:
    return [each.outcome for each in at_door(roll, *scans)]


def state_of(seat: Seat) -> SeatState:
    seat.refresh_from_db()
    return SeatState(seat.state)


def taken(roll: Roll) -> int:
    roll.refresh_from_db()
    return roll.taken


def test_a_code_checks_in_and_a_second_scan_says_since_when(roll: Roll) -> None:
    seat = make_seat(
        roll, registration=make_registration(roll.event, "Ștefan Țurcanu", organisation="Partner")
    )
    (first,) = at_door(roll, scan(seat))
    assert (first.outcome, first.name, first.organisation) == (ScanOutcome.IN, "Ștefan Țurcanu", "Partner")
    (second,) = at_door(roll, scan(seat, 5))
    assert (second.outcome, second.since) == (ScanOutcome.ALREADY, OPENS)
    assert state_of(seat) == SeatState.CHECKED_IN
    assert (seat.checked_in_at, seat.checked_out_at, taken(roll)) == (OPENS, None, 1)


def test_the_same_scan_sent_again_is_one_and_is_answered_alike(roll: Roll) -> None:
    seat, waiting = make_seat(roll), make_seat(roll, state=SeatState.WAITLISTED)
    sent = [scan(seat), scan(waiting), scan(seat, 3, ScanKind.OUT)]
    first = at_door(roll, *sent)
    assert [each.outcome for each in first] == [ScanOutcome.IN, ScanOutcome.REFUSED, ScanOutcome.OUT]
    assert outcomes(roll, *sent) == [each.outcome for each in first]
    assert Scan.objects.count() == 3
    assert AuditEntry.objects.filter(action="seat.checked_in").count() == 1


def test_going_out_and_coming_in_again(roll: Roll) -> None:
    seat = make_seat(roll)
    assert outcomes(roll, scan(seat), scan(seat, 10, ScanKind.OUT)) == [ScanOutcome.IN, ScanOutcome.OUT]
    assert state_of(seat) == SeatState.CHECKED_IN
    assert seat.checked_out_at == OPENS + timedelta(minutes=10)
    assert outcomes(roll, scan(seat, 20)) == [ScanOutcome.IN]
    again = Seat.objects.get(pk=seat.pk)
    assert (again.checked_in_at, again.checked_out_at) == (OPENS, None)
    assert AuditEntry.objects.filter(action="seat.checked_out").count() == 1


def test_an_older_scan_that_comes_late_undoes_nothing(roll: Roll) -> None:
    seat = make_seat(roll)
    at_door(roll, scan(seat), scan(seat, 30, ScanKind.OUT))
    assert outcomes(roll, scan(seat, 20)) == [ScanOutcome.ALREADY]
    seat.refresh_from_db()
    assert seat.checked_out_at == OPENS + timedelta(minutes=30)


@pytest.mark.parametrize("state", [SeatState.CONFIRMED, SeatState.HELD])
def test_taking_back_leaves_the_seat_as_it_was(roll: Roll, state: SeatState) -> None:
    seat = make_seat(roll, state=state)
    first = scan(seat)
    at_door(roll, first)
    assert outcomes(roll, back(first, 1)) == [ScanOutcome.UNDONE]
    assert state_of(seat) == state
    assert (seat.checked_in_at, taken(roll)) == (None, 1)
    assert AuditEntry.objects.filter(action="seat.check_in_taken_back").count() == 1
    assert outcomes(roll, scan(seat, 2)) == [ScanOutcome.IN]


def test_the_waitlist_is_let_in_while_there_is_room_and_not_beyond(roll: Roll) -> None:
    make_seat(roll)
    waiting = [make_seat(roll, state=SeatState.WAITLISTED) for _ in range(3)]
    (told,) = at_door(roll, scan(waiting[0]))
    assert (told.outcome, told.state, told.free, told.may_let_in) == (
        ScanOutcome.REFUSED,
        SeatState.WAITLISTED,
        2,
        True,
    )
    let_in = [scan(each, minute, lets_in=True) for minute, each in enumerate(waiting)]
    answers = at_door(roll, *let_in)
    assert [each.outcome for each in answers] == [ScanOutcome.IN, ScanOutcome.IN, ScanOutcome.FULL]
    assert (answers[-1].free, answers[-1].may_let_in, taken(roll)) == (0, False, 3)
    assert state_of(waiting[2]) == SeatState.WAITLISTED
    assert AuditEntry.objects.filter(action="seat.let_in").count() == 2
    at_door(roll, back(let_in[0], 9))
    assert (state_of(waiting[0]), taken(roll)) == (SeatState.WAITLISTED, 2)
    assert outcomes(roll, scan(waiting[2], 10, lets_in=True)) == [ScanOutcome.IN]


def test_a_place_given_back_can_be_taken_in_the_same_batch() -> None:
    roll = make_roll(make_event(alice()), 1)
    first, second = (make_seat(roll, state=SeatState.WAITLISTED) for _ in range(2))
    came = scan(first, lets_in=True)
    assert outcomes(roll, came, back(came, 1), scan(second, 2, lets_in=True)) == [
        ScanOutcome.IN,
        ScanOutcome.UNDONE,
        ScanOutcome.IN,
    ]
    assert (state_of(first), state_of(second)) == (SeatState.WAITLISTED, SeatState.CHECKED_IN)


def test_whoever_belongs_to_an_allotment_sits_there_first() -> None:
    roll = make_roll(make_event(alice()), 2)
    block = make_allotment(roll, size=1)
    make_seat(roll)
    mine = [make_seat(roll, state=SeatState.CANCELLED, allotment=block) for _ in range(2)]
    answers = outcomes(roll, *(scan(each, lets_in=True) for each in mine))
    assert answers == [ScanOutcome.IN, ScanOutcome.FULL]
    block.refresh_from_db()
    assert (block.taken, taken(roll)) == (1, 1)


def test_an_offer_is_taken_at_the_door(roll: Roll) -> None:
    seat = make_seat(roll, state=SeatState.OFFERED)
    came = scan(seat, lets_in=True)
    at_door(roll, came)
    assert state_of(seat) == SeatState.CHECKED_IN
    at_door(roll, back(came, 1))
    assert state_of(seat) == SeatState.CONFIRMED


def test_who_comes_instead_is_named(roll: Roll) -> None:
    gone = make_seat(roll, state=SeatState.SUBSTITUTED)
    new = make_registration(roll.event, "Maria Pop")
    make_seat(roll, registration=new, substitutes=gone)
    (told,) = at_door(roll, scan(gone))
    assert (told.outcome, told.state, told.instead) == (
        ScanOutcome.REFUSED,
        SeatState.SUBSTITUTED,
        "Maria Pop",
    )


def test_codes_that_open_nothing_say_nothing_of_anybody(roll: Roll) -> None:
    other = make_seat(make_roll(make_event(roll.event.owner)))
    foreign, unknown = at_door(roll, scan(other), scan(code="FFFF0000FFFF0000"))
    assert (foreign.outcome, foreign.name, foreign.registration_id) == (ScanOutcome.ELSEWHERE, "", None)
    assert unknown.outcome == ScanOutcome.UNKNOWN
    assert outcomes(roll, scan(registration_id=other.registration_id)) == [ScanOutcome.UNKNOWN]
    assert Scan.objects.count() == 0


def test_registered_for_the_event_but_not_for_this_part_of_it() -> None:
    event = make_event(alice())
    part = make_roll(event, 1, function=make_function(event))
    first, second = make_registration(event), make_registration(event)
    (told,) = at_door(part, scan(code=first.code))
    assert (told.outcome, told.name, told.may_let_in) == (ScanOutcome.NO_SEAT, first.name, True)
    came = scan(code=first.code, lets_in=True)
    assert outcomes(part, came, scan(code=second.code, lets_in=True)) == [ScanOutcome.IN, ScanOutcome.FULL]
    assert taken(part) == 1
    at_door(part, back(came, 1))
    assert (Seat.objects.get(registration=first).state, taken(part)) == (SeatState.CANCELLED, 0)


def test_a_scan_of_before_the_seat_was_given_up_restores_it_while_there_is_room() -> None:
    roll = make_roll(make_event(alice()), 1)
    late = [
        make_seat(roll, state=SeatState.NO_SHOW, ended_at=OPENS + timedelta(minutes=30)) for _ in range(2)
    ]
    assert outcomes(roll, *(scan(each, 20) for each in late)) == [ScanOutcome.IN, ScanOutcome.FULL]
    assert state_of(late[0]) == SeatState.CHECKED_IN
    assert (late[0].ended_at, late[0].reason) == (None, "")


@pytest.mark.parametrize("state", [EventState.CANCELLED, EventState.POSTPONED])
def test_nobody_is_checked_in_to_what_does_not_take_place(roll: Roll, state: EventState) -> None:
    type(roll.event).objects.filter(pk=roll.event_id).update(state=state)
    with pytest.raises(ValidationError, match="take place"):
        at_door(roll, scan(make_seat(roll)))


def test_a_batch_is_bounded(roll: Roll) -> None:
    with pytest.raises(ValidationError, match="at most 500"):
        at_door(roll, *[scan(code="A")] * (MOST_SCANS + 1))


def test_who_may(roll: Roll) -> None:
    seat, helper = make_seat(roll), bob()
    arguments: dict[str, Any] = {"roll_id": roll.pk, "scans": [scan(seat)], "now": OPENS}
    with pytest.raises(Refused):
        record_scans(actor=actor_of(helper), **arguments)
    with pytest.raises(Roll.DoesNotExist):
        record_scans(actor=actor_of(charlie()), **arguments)
    assert Scan.objects.count() == 0
    roll.event.parties.create(person=helper, role=PartyRole.STAFF)
    (told,) = record_scans(actor=actor_of(helper), **arguments)
    assert told.outcome == ScanOutcome.IN
    assert Scan.objects.get().by_id == helper.pk


def test_many_scans_take_as_many_queries_as_one() -> None:
    roll = make_roll(make_event(alice()), 20)
    seats = [make_seat(roll) for _ in range(14)]

    def queries(*some: Seat) -> int:
        sent = [scan(each) for each in some]
        with CaptureQueriesContext(connection) as captured:
            at_door(roll, *sent)
        return len(captured)

    assert queries(seats[0]) == queries(*seats[1:4]) == queries(*seats[4:])


@pytest.mark.django_db(transaction=True)
@settings(max_examples=15)
@given(data=st.data())
def test_in_whatever_order_devices_send_their_scans_the_roll_ends_the_same(data: st.DataObject) -> None:
    """Each of two devices has a day's scans of its own; what it sends is cut, doubled and mixed as the network likes."""
    roll = make_roll(make_event(alice(email=f"{uuid4().hex}@example.org")), 5)
    seats = [make_seat(roll, state=state) for state in (SeatState.CONFIRMED, SeatState.HELD)]
    day: list[ScanDraft] = []
    for minute in range(data.draw(st.integers(1, 6))):
        kind = data.draw(st.sampled_from(ScanKind)) if day else ScanKind.IN
        if kind == ScanKind.UNDO:
            day.append(
                back(data.draw(st.sampled_from([each for each in day if each.undoes is None])), minute)
            )
        else:
            day.append(scan(data.draw(st.sampled_from(seats)), minute, kind))
    arriving = data.draw(st.permutations(day + data.draw(st.lists(st.sampled_from(day), max_size=4))))
    cut = data.draw(st.integers(0, len(arriving)))
    for batch in (arriving[:cut], arriving[cut:]):
        at_door(roll, *batch)
    found = [(state_of(each), each.checked_in_at, each.checked_out_at) for each in seats]

    again = make_roll(make_event(roll.event.owner), 5)
    twins = {
        each.registration.code: make_seat(again, state=state)
        for each, state in zip(seats, (SeatState.CONFIRMED, SeatState.HELD), strict=True)
    }
    uids = {each.uid: uuid4() for each in day}
    for each in day:
        twin = replace(each, uid=uids[each.uid], code=twins[each.code].registration.code)
        at_door(again, replace(twin, undoes=uids[each.undoes] if each.undoes else None))
    assert found == [(state_of(each), each.checked_in_at, each.checked_out_at) for each in twins.values()]
    assert taken(roll) == 2
