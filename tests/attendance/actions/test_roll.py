"""Opening rolls, their capacity by hand or by the room, and the guaranteed count."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from convenor.attendance.actions.registration import cancel_registration
from convenor.attendance.actions.roll import change_roll, follow_rooms, open_roll, set_guarantee
from convenor.attendance.drafts import RollDraft
from convenor.attendance.enums import SeatState, WaitlistRule
from convenor.attendance.models import Registration, Roll
from convenor.base.actor import Refused
from convenor.base.models import AuditEntry
from convenor.events.enums import EventState
from convenor.events.models import Event, Function
from convenor.venues.enums import SetupStyle
from convenor.venues.models import RoomSetup
from tests.attendance.house import check_rolls
from tests.factories.attendance import make_roll
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.events import NOW, make_event, make_function
from tests.factories.rolls import SYSTEM, put_on, states
from tests.factories.scheduling import local
from tests.factories.venues import RoomFactory, RoomSetupFactory

pytestmark = pytest.mark.django_db
BY_HAND = RollDraft(capacity=2, follows_room=False)
CONFIRMED, WAITLISTED, OFFERED = SeatState.CONFIRMED, SeatState.WAITLISTED, SeatState.OFFERED


def change(roll: Roll, draft: RollDraft) -> Roll:
    version = Roll.objects.get(pk=roll.pk).version
    return change_roll(actor=SYSTEM, roll_id=roll.pk, version=version, draft=draft, now=NOW)


class TestOpening:
    def test_once_for_the_event_and_once_for_each_function(self) -> None:
        owner = alice()
        event = make_event(owner)
        function = make_function(event)
        actor = actor_of(owner)
        for key in (None, function.pk):
            roll = open_roll(actor=actor, event_id=event.pk, function_id=key, draft=BY_HAND, now=NOW)
            assert (roll.capacity, roll.limit, roll.function_id) == (2, 2, key)
            with pytest.raises(ValidationError, match="already"):
                open_roll(actor=actor, event_id=event.pk, function_id=key, draft=BY_HAND, now=NOW)
        assert AuditEntry.objects.filter(action="roll.opened").count() == 2

    def test_another_events_function_is_not_there(self) -> None:
        owner = alice()
        event, other = make_event(owner), make_event(owner)
        function = make_function(other)
        with pytest.raises(Function.DoesNotExist):
            open_roll(
                actor=actor_of(owner), event_id=event.pk, function_id=function.pk, draft=BY_HAND, now=NOW
            )

    @pytest.mark.parametrize("name", ["rsvp_by", "cancel_free_until", "guarantee_due"])
    def test_no_deadline_is_after_the_start(self, name: str) -> None:
        owner = alice()
        event = make_event(owner)
        assert event.starts_at is not None
        latest: dict[str, Any] = {name: event.starts_at}
        late: dict[str, Any] = {name: event.starts_at + timedelta(seconds=1)}
        with pytest.raises(ValidationError) as caught:
            open_roll(actor=actor_of(owner), event_id=event.pk, draft=replace(BY_HAND, **late), now=NOW)
        assert set(caught.value.error_dict) == {name}
        open_roll(
            actor=actor_of(owner),
            event_id=event.pk,
            draft=replace(BY_HAND, **latest),
            now=NOW,
        )

    def test_what_is_over_is_refused(self) -> None:
        owner = alice()
        event = make_event(owner, state=EventState.CANCELLED)
        with pytest.raises(ValidationError, match="cancelled"):
            open_roll(actor=actor_of(owner), event_id=event.pk, draft=BY_HAND, now=NOW)

    def test_teammates_may_not_and_charlie_finds_nothing(self) -> None:
        event = make_event(alice())
        roll = make_roll(event)
        mate, outsider = actor_of(bob()), actor_of(charlie())
        with pytest.raises(Refused):
            open_roll(actor=mate, event_id=event.pk, draft=BY_HAND, now=NOW)
        with pytest.raises(Event.DoesNotExist):
            open_roll(actor=outsider, event_id=event.pk, draft=BY_HAND, now=NOW)
        for actor, refusal in ((mate, Refused), (outsider, Roll.DoesNotExist)):
            with pytest.raises(refusal):
                change_roll(actor=actor, roll_id=roll.pk, version=1, draft=BY_HAND, now=NOW)
            with pytest.raises(refusal):
                set_guarantee(actor=actor, roll_id=roll.pk, count=1, now=NOW)


class TestCapacity:
    def test_more_of_it_is_offered_less_takes_nobodys_seat(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 2)
        for name in ("Ana", "Ion", "Maria"):
            put_on(event, name)
        change(roll, replace(BY_HAND, capacity=1))
        roll.refresh_from_db()
        assert (roll.capacity, roll.taken, roll.limit) == (1, 2, 2)
        assert states(roll) == {"Ana": CONFIRMED, "Ion": CONFIRMED, "Maria": WAITLISTED}
        change(roll, replace(BY_HAND, capacity=3))
        assert states(roll)["Maria"] == OFFERED
        check_rolls()

    def test_a_capacity_that_shrank_holds_once_seats_are_given_up(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 3)
        rows = [put_on(event, name) for name in ("Ana", "Ion", "Maria", "Radu")]
        change(roll, replace(BY_HAND, capacity=1))
        for row, taken in zip(rows[:2], (2, 1), strict=True):
            cancel(row)
            roll.refresh_from_db()
            assert (roll.taken, roll.limit) == (taken, taken)
            assert states(roll)["Radu"] == WAITLISTED
        cancel(rows[2])
        assert states(roll)["Radu"] == OFFERED

    def test_none_lets_all_in(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 0, offer_hours=0)
        put_on(event, "Ana")
        change(roll, replace(BY_HAND, capacity=None, offer_hours=0))
        roll.refresh_from_db()
        assert (roll.limit, states(roll)) == (None, {"Ana": CONFIRMED})

    def test_two_tabs_and_nothing_changed(self) -> None:
        event = make_event(alice())
        roll = make_roll(event, 2)
        assert change(roll, BY_HAND).version == 1
        assert change(roll, replace(BY_HAND, waitlist_rule=WaitlistRule.BALANCE)).version == 2
        with pytest.raises(ValidationError, match="since you opened it"):
            change_roll(actor=SYSTEM, roll_id=roll.pk, version=1, draft=BY_HAND, now=NOW)

    @pytest.mark.parametrize(
        ("name", "value"), [("offer_hours", 5_000), ("capacity", -1), ("offer_hours", -1)]
    )
    def test_numbers_out_of_bounds_are_refused(self, name: str, value: Any) -> None:
        event = make_event(alice())
        roll = make_roll(event, 2)
        changed: dict[str, Any] = {name: value}
        with pytest.raises(ValidationError) as caught:
            change(roll, replace(BY_HAND, **changed))
        assert set(caught.value.error_dict) == {name}


def cancel(row: Registration) -> None:
    cancel_registration(actor=SYSTEM, registration_id=row.pk, now=NOW)


class TestRooms:
    def test_a_function_holds_what_its_main_room_does_as_it_is_set_up(self) -> None:
        event = make_event(alice())
        room = RoomFactory(capacity=8)
        RoomSetupFactory(room=room, style=SetupStyle.THEATRE, capacity=40, is_default=False)
        theatre = make_function(event, meeting={"room": room, "setup_style": SetupStyle.THEATRE})
        roll = open_roll(actor=SYSTEM, event_id=event.pk, function_id=theatre.pk, draft=RollDraft(), now=NOW)
        assert (roll.capacity, roll.limit) == (40, 40)

    def test_the_event_holds_what_the_smallest_room_for_everybody_does(self) -> None:
        event = make_event(alice())
        for hour, capacity, for_all in ((9, 30, True), (10, 20, True), (11, 5, False)):
            make_function(
                event,
                is_for_all=for_all,
                meeting={
                    "room": RoomFactory(capacity=capacity),
                    "local_start": local(f"2026-12-07 {hour:02d}:00"),
                },
            )
        roll = open_roll(actor=SYSTEM, event_id=event.pk, draft=RollDraft(), now=NOW)
        assert roll.capacity == 20

    def test_without_a_room_there_is_no_limit(self) -> None:
        event = make_event(alice())
        function = make_function(event)
        for key in (None, function.pk):
            roll = open_roll(actor=SYSTEM, event_id=event.pk, function_id=key, draft=RollDraft(), now=NOW)
            assert (roll.capacity, roll.limit) == (None, None)

    def test_a_roll_follows_its_room_and_one_set_by_hand_does_not(self) -> None:
        event = make_event(alice())
        room = RoomFactory(capacity=1)
        function = make_function(event, meeting={"room": room})
        roll = open_roll(actor=SYSTEM, event_id=event.pk, function_id=function.pk, draft=RollDraft(), now=NOW)
        other = make_roll(event, 1)
        for name in ("Ana", "Ion"):
            put_on(event, name, function_ids=(function.pk,))
        RoomSetup.objects.filter(room=room).update(capacity=2)
        assert follow_rooms([roll.pk, other.pk], NOW) == 1
        assert follow_rooms([roll.pk, other.pk], NOW) == 0
        assert states(roll) == {"Ana": CONFIRMED, "Ion": OFFERED}
        assert states(other) == {"Ana": CONFIRMED, "Ion": WAITLISTED}
        entry = AuditEntry.objects.get(action="roll.followed_room")
        assert (entry.before, entry.after) == ({"capacity": 1}, {"capacity": 2})
        RoomSetup.objects.filter(room=room).update(capacity=1)
        follow_rooms([roll.pk], NOW)
        check_rolls()


class TestGuarantee:
    def test_it_is_given_and_taken_back(self) -> None:
        event = make_event(alice())
        roll = make_roll(event)
        given = set_guarantee(actor=SYSTEM, roll_id=roll.pk, count=42, now=NOW)
        assert (given.guaranteed, given.guaranteed_at) == (42, NOW)
        taken_back = set_guarantee(actor=SYSTEM, roll_id=roll.pk, count=None, now=NOW)
        assert (taken_back.guaranteed, taken_back.guaranteed_at) == (None, None)
        with pytest.raises(ValidationError):
            set_guarantee(actor=SYSTEM, roll_id=roll.pk, count=-1, now=NOW)
