"""An event moves while eight people book rooms: it moves whole or is refused whole, and nothing is booked twice."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

import pytest

from convenor.scheduling.drafts import EquipmentDraft
from convenor.scheduling.models import Booking, Claim
from tests import child
from tests.factories.cast import alice
from tests.factories.events import make_event, make_function
from tests.factories.people import PersonFactory
from tests.factories.scheduling import check_house, local
from tests.factories.venues import BookableUnitFactory, EquipmentFactory, RoomFactory, SiteFactory

BOOKERS, ROUNDS, ROOMS, HOURS = 8, 4, 3, 6


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_an_event_moves_whole_or_not_at_all_while_eight_book_its_rooms() -> None:
    site, kind = SiteFactory(), EquipmentFactory()
    BookableUnitFactory.create_batch(HOURS, site=site, equipment=kind)
    rooms = [RoomFactory(site=site, capacity=20) for _ in range(ROOMS)]
    [RoomFactory(site=site, capacity=20) for _ in range(2)]  # to go to
    event = make_event(alice(), site=site)
    guests = PersonFactory.create_batch(4)
    for hour in range(HOURS):
        for track, room in enumerate(rooms):
            make_function(
                event,
                key=f"function-{hour}-{track}",
                meeting={
                    "room": room,
                    "people": guests,
                    "local_start": local(f"2026-12-07 {9 + hour:02d}:00"),
                    "equipment": (EquipmentDraft(kind.pk, 1, site.pk),) if track == 0 else (),
                },
            )
    starts = [f"2026-12-{day:02d}T09:00" for day in (8, 9, 10, 11)]
    process = child.start(
        "tests.events.racing:race",
        event_id=event.pk,
        organiser_ids=[PersonFactory().pk for _ in range(BOOKERS)],
        room_ids=[room.pk for room in rooms],
        starts=starts,
    )
    counted = child.answer(process)
    known = {"booked", "refused", "moved at once", "moved with other rooms", "never moved"}
    assert set(counted) <= known, counted
    assert counted["booked"] > 0
    assert counted.get("moved at once", 0) + counted.get("moved with other rooms", 0) > 0
    check_house()
    assert no_unit_is_taken_twice()
    pieces = Booking.objects.filter(equipment=kind).exclude(state="released")
    assert pieces.count() == HOURS  # equipment was nobody else's to take


def no_unit_is_taken_twice() -> bool:
    """By the plainest comparison there is, of each with the next."""
    taken: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for unit, start, end in Claim.objects.filter(is_active=True).values_list("unit", "starts_at", "ends_at"):
        taken[unit].append((start, end))
    return all(
        one[1] <= other[0]
        for spans in taken.values()
        for one, other in zip(sorted(spans), sorted(spans)[1:], strict=False)
    )
