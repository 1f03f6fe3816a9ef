"""What other processes do at the same time, and what a killed one leaves behind."""

from __future__ import annotations

from datetime import timedelta

import pytest

from convenor.base.models import AuditEntry, OutboxMessage
from convenor.kernel.instants import LocalTime
from convenor.scheduling.models import Booking, Claim, Meeting, Occurrence, Participation, StaleScope
from tests import child
from tests.factories.cast import bob
from tests.factories.people import PersonFactory
from tests.factories.scheduling import check_house, local, make_meeting
from tests.factories.venues import RoomFactory, SiteFactory

RACERS, ROUNDS = 16, 3


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_sixteen_processes_race_for_a_room_and_one_wins() -> None:
    organiser, site = bob(), SiteFactory()
    rooms = [RoomFactory(site=site, capacity=8) for _ in range(ROUNDS)]
    # All at one time, or each reaching into the next: equal and merely overlapping requests alike.
    starts = [local("2026-12-07 10:00") + timedelta(minutes=n % 4) for n in range(RACERS)]
    meetings = [make_meeting(organiser, local_start=LocalTime(start)).meeting for start in starts]
    occurrences = [meeting.occurrences.get().pk for meeting in meetings]
    process = child.start(
        "tests.scheduling.racing:race", occurrence_ids=occurrences, room_ids=[room.pk for room in rooms]
    )
    assert child.answer(process) == {"won": ROUNDS, "refused": (RACERS - 1) * ROUNDS}
    assert Booking.objects.count() == Claim.objects.filter(is_active=True).count() == ROUNDS
    assert sorted(Booking.objects.values_list("room", flat=True)) == sorted(room.pk for room in rooms)
    check_house()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("acknowledged", [1, 7, 20])
def test_a_kill_loses_no_acknowledged_booking_and_leaves_none_half_made(acknowledged: int) -> None:
    organiser, _guests = bob(), PersonFactory.create_batch(3)
    room = RoomFactory(capacity=8)
    process = child.start(
        "tests.scheduling.racing:book_until_killed", room_id=room.pk, organiser_id=organiser.pk
    )
    assert process.stdout is not None
    said = [int(process.stdout.readline()) for _ in range(acknowledged)]
    process.kill()
    said += [int(line) for line in process.communicate()[0].splitlines() if line.strip()]

    kept = set(Meeting.objects.values_list("pk", flat=True))
    assert set(said) <= kept
    # The one more there may be was committed when the kill came before the word of it.
    assert len(kept) - len(set(said)) <= 1
    count = len(kept)
    assert Occurrence.objects.count() == Booking.objects.count() == count
    assert Claim.objects.filter(is_active=True).count() == count
    assert Participation.objects.count() == 4 * count
    assert AuditEntry.objects.filter(action="meeting.created", object_id__in=kept).count() == count
    assert OutboxMessage.objects.filter(kind="invitation").count() == count
    assert StaleScope.objects.filter(room_ids=[room.pk]).count() == count
    check_house()
