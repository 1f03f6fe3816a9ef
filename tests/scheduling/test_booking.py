"""Rooms and equipment of one occurrence: holds, approvals, releases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from convenor.base.actor import Actor, Refused
from convenor.base.models import AuditEntry, OutboxMessage
from convenor.scheduling.actions.booking import (
    book_equipment,
    book_room,
    decide_booking,
    expire_holds,
    release_booking,
)
from convenor.scheduling.enums import BookingState
from convenor.scheduling.models import Booking, Claim, Occurrence, StaleScope
from convenor.scheduling.refusals import RoomClashes
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.people import MemberFactory, PersonFactory
from tests.factories.scheduling import NOW, check_house, make_meeting
from tests.factories.venues import BookableUnitFactory, EquipmentFactory, RoomFactory, SiteFactory

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")
SOON = NOW + timedelta(minutes=30)


def test_a_room_is_booked_and_let_go() -> None:
    organiser, room = bob(), RoomFactory(capacity=8)
    meeting = make_meeting(organiser, people=[PersonFactory()]).meeting
    occurrence = meeting.occurrences.get()
    booking = book_room(actor=actor_of(organiser), occurrence_id=occurrence.pk, room_id=room.pk, now=NOW)
    assert booking.state == BookingState.CONFIRMED
    release_booking(actor=actor_of(organiser), booking_id=booking.pk)
    meeting.refresh_from_db()
    assert (meeting.version, meeting.sequence) == (3, 2)
    assert Booking.objects.get().state == BookingState.RELEASED
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions)[-2:] == ["booking.made", "booking.released"]
    check_house()


def test_a_hold_blocks_until_its_time_is_up_and_not_after() -> None:
    room = RoomFactory(capacity=8)
    first, second = (
        make_meeting(bob_or_other).meeting.occurrences.get() for bob_or_other in (bob(), alice())
    )
    held = book_room(actor=SYSTEM, occurrence_id=first.pk, room_id=room.pk, hold_until=SOON, now=NOW)
    assert held.state == BookingState.HELD
    with pytest.raises(RoomClashes):
        book_room(actor=SYSTEM, occurrence_id=second.pk, room_id=room.pk, now=NOW)
    # Nobody has expired it yet: whoever needs the room does so, in the same transaction.
    book_room(actor=SYSTEM, occurrence_id=second.pk, room_id=room.pk, now=SOON)
    held.refresh_from_db()
    assert held.state == BookingState.RELEASED
    assert AuditEntry.objects.filter(action="booking.expired", object_id=held.pk).exists()
    check_house()


def test_the_periodic_task_expires_holds_and_tells_the_organiser() -> None:
    organiser, room = bob(), RoomFactory(capacity=8)
    occurrence = make_meeting(organiser).meeting.occurrences.get()
    book_room(actor=SYSTEM, occurrence_id=occurrence.pk, room_id=room.pk, hold_until=SOON, now=NOW)
    assert expire_holds(NOW) == 0
    assert expire_holds(SOON) == 1
    assert expire_holds(SOON) == 0
    message = OutboxMessage.objects.get(kind="booking_decision")
    assert (message.payload["person_id"], message.payload["what"]) == (organiser.pk, "booking.expired")
    assert StaleScope.objects.latest("pk").room_ids == [room.pk]
    check_house()


def test_booking_a_held_room_confirms_it() -> None:
    room = RoomFactory(capacity=8)
    occurrence = make_meeting(bob()).meeting.occurrences.get()
    for until in (SOON, None):
        book_room(actor=SYSTEM, occurrence_id=occurrence.pk, room_id=room.pk, hold_until=until, now=NOW)
    assert Booking.objects.get().state == BookingState.CONFIRMED
    check_house()


@pytest.mark.parametrize("approve", [True, False])
def test_the_approver_decides_and_the_organiser_hears(approve: bool) -> None:
    organiser, approver = bob(), MemberFactory()
    room = RoomFactory(capacity=8, approval_needed=True, approver=approver.user)
    make_meeting(organiser, room=room)
    booking = Booking.objects.get()
    for actor in (actor_of(organiser), actor_of(charlie())):
        with pytest.raises(Refused):
            decide_booking(actor=actor, booking_id=booking.pk, approve=approve, now=NOW)
    decide_booking(actor=actor_of(approver), booking_id=booking.pk, approve=approve, now=NOW)
    booking.refresh_from_db()
    assert booking.state == (BookingState.CONFIRMED if approve else BookingState.RELEASED)
    assert booking.decided_by_id == approver.pk
    assert OutboxMessage.objects.filter(kind="booking_decision").count() == 1
    with pytest.raises(ValidationError, match="doesn't wait"):
        decide_booking(actor=actor_of(approver), booking_id=booking.pk, approve=True, now=NOW)
    check_house()


def test_equipment_for_one_occurrence() -> None:
    site = SiteFactory()
    kind = EquipmentFactory(is_movable=True)
    for _ in range(3):
        BookableUnitFactory(site=site, equipment=kind)
    occurrence = make_meeting(bob()).meeting.occurrences.get()
    arguments = {"actor": SYSTEM, "occurrence_id": occurrence.pk, "equipment_id": kind.pk, "site_id": site.pk}
    book_equipment(**arguments, quantity=2, now=NOW)
    book_equipment(**arguments, quantity=3, now=NOW)
    assert Booking.objects.get().quantity == 3
    assert Claim.objects.filter(is_active=True).count() == 3
    with pytest.raises(ValidationError, match="4 asked for, 3 are free"):
        book_equipment(**arguments, quantity=4, now=NOW)


def test_a_room_too_small_and_a_cancelled_occurrence_are_refused() -> None:
    meeting = make_meeting(bob(), headcount=9).meeting
    occurrence = meeting.occurrences.get()
    room = RoomFactory(capacity=8)
    with pytest.raises(ValidationError, match="seats 8, but 9"):
        book_room(actor=SYSTEM, occurrence_id=occurrence.pk, room_id=room.pk, now=NOW)
    Occurrence.objects.update(state="cancelled")
    with pytest.raises(ValidationError, match="is cancelled"):
        book_room(actor=SYSTEM, occurrence_id=occurrence.pk, room_id=room.pk, now=NOW)
    Occurrence.objects.update(state="scheduled")
    with pytest.raises(ValidationError, match="must end in the future"):
        book_room(actor=SYSTEM, occurrence_id=occurrence.pk, room_id=room.pk, hold_until=NOW, now=NOW)


def test_who_may_book_for_a_meeting() -> None:
    room = RoomFactory(capacity=8)
    occurrence = make_meeting(bob()).meeting.occurrences.get()
    with pytest.raises(Refused):
        book_room(actor=actor_of(MemberFactory()), occurrence_id=occurrence.pk, room_id=room.pk, now=NOW)
    with pytest.raises(Occurrence.DoesNotExist):
        book_room(actor=actor_of(charlie()), occurrence_id=occurrence.pk, room_id=room.pk, now=NOW)
