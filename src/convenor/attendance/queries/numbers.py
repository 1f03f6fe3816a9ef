"""How many seats of a roll are in which state, for all rolls of an event at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db.models import Count

from convenor.attendance.enums import ASKED, COMING, GONE, TAKING, SeatState
from convenor.attendance.models import Allotment, Roll, Seat
from convenor.attendance.rules.capacity_bar import CapacityBar, capacity_bar


@dataclass(frozen=True, slots=True)
class Numbers:
    """`counts` are by SeatState; `set_apart` are the places of allotments that nobody has taken yet."""

    capacity: int | None
    counts: Mapping[str, int] = field(default_factory=dict)
    set_apart: int = 0

    def of(self, *states: SeatState) -> int:
        return sum(self.counts.get(state, 0) for state in states)

    @property
    def taken(self) -> int:
        """Seats that take a place, in allotments or not."""
        return self.of(*TAKING)

    @property
    def used(self) -> int:
        """Places that nobody else can have: taken or set apart."""
        return self.taken + self.set_apart

    @property
    def coming(self) -> int:
        return self.of(*COMING)

    @property
    def asked(self) -> int:
        return self.of(*ASKED)

    @property
    def gone(self) -> int:
        return self.of(*GONE)

    @property
    def invited(self) -> int:
        return self.of(SeatState.INVITED)

    @property
    def waiting(self) -> int:
        return self.of(SeatState.WAITLISTED)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def free(self) -> int | None:
        return None if self.capacity is None else max(self.capacity - self.used, 0)

    @property
    def bar(self) -> CapacityBar:
        return capacity_bar(self.capacity, self.counts, self.set_apart)


def numbers_of(rolls: Collection[Roll]) -> dict[int, Numbers]:
    """By the roll's key; 2 queries, however many rolls."""
    keys = [roll.pk for roll in rolls]
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Seat.objects.filter(roll__in=keys).order_by().values_list("roll_id", "state")
    for roll, state, count in rows.annotate(count=Count("pk")):
        counts[roll][state] = count
    open_places: dict[int, int] = defaultdict(int)
    allotments = Allotment.objects.filter(roll__in=keys).values_list("roll_id", "size", "taken")
    for roll, size, taken in allotments:
        open_places[roll] += size - taken
    return {
        roll.pk: Numbers(roll.capacity, counts.get(roll.pk, {}), open_places.get(roll.pk, 0))
        for roll in rolls
    }
