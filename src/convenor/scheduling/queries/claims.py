"""Which bookable units are taken when, and what is in the way of a room at a time."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from convenor.kernel.instants import Span, instant_of
from convenor.scheduling.enums import BookingState
from convenor.scheduling.models import Claim
from convenor.scheduling.queries.prepared import Prepared
from convenor.scheduling.queries.windows import DAY, EXAMPLE, in_window

WINDOWS_PER_QUERY = 20


@dataclass(frozen=True, slots=True)
class Taken:
    """An active claim; `is_expired` of a hold whose time is up and that therefore blocks nothing."""

    starts_at: datetime
    ends_at: datetime
    booking_id: int
    occurrence_id: int
    is_expired: bool


class TakenUnits:
    """Active claims by unit and start. Claims of one unit don't overlap, so their ends are in order too."""

    def __init__(self, claims: Iterable[tuple[int, Taken]]) -> None:
        self._claims: dict[int, list[Taken]] = defaultdict(list)
        for unit, claim in claims:
            self._claims[unit].append(claim)
        self._ends = {unit: [each.ends_at for each in row] for unit, row in self._claims.items()}

    def in_the_way(self, unit_ids: Iterable[int], starts_at: datetime, ends_at: datetime) -> list[Taken]:
        """What overlaps `[starts_at, ends_at)` on any of the units, expired holds included."""
        found: list[Taken] = []
        for unit in unit_ids:
            row = self._claims.get(unit, ())
            place = bisect_left(self._ends.get(unit, ()), starts_at)
            while place < len(row) and row[place].starts_at < ends_at:
                if row[place].ends_at > starts_at:
                    found.append(row[place])
                place += 1
        return found

    def is_free(self, unit_ids: Iterable[int], starts_at: datetime, ends_at: datetime) -> bool:
        return all(each.is_expired for each in self.in_the_way(unit_ids, starts_at, ends_at))


def taken_units(
    unit_ids: Collection[int], windows: Sequence[tuple[datetime, datetime]], *, now: datetime
) -> TakenUnits:
    """Active claims of the units that meet any of the windows. One query for each twenty windows."""
    found: dict[int, tuple[int, Taken]] = {}
    for claim, unit, start, end, booking, occurrence, state, expiry in _rows(sorted(unit_ids), windows):
        expired = state == BookingState.HELD and expiry <= now
        found[claim] = unit, Taken(start, end, booking, occurrence, expired)
    return TakenUnits(sorted(found.values(), key=lambda row: row[1].starts_at))


def _rows(unit_ids: Sequence[int], windows: Sequence[tuple[datetime, datetime]]) -> Iterable[tuple[Any, ...]]:
    if len(windows) == 1:
        (start, end) = windows[0]
        yield from _IN_ONE.rows(unit_ids=unit_ids, starts_at=start, ends_at=end, day_before=start - DAY)
        return
    spans = sorted(Span(instant_of(start), instant_of(end)) for start, end in windows)
    for first in range(0, len(spans), WINDOWS_PER_QUERY):
        condition = Q()
        for span in spans[first : first + WINDOWS_PER_QUERY]:
            condition |= in_window(span)
        yield from _claims(unit_ids, condition)


def _claims(unit_ids: Sequence[int], condition: Q) -> QuerySet[Claim, Any]:
    columns = ("id", "unit_id", "starts_at", "ends_at", "booking_id")
    booking = ("booking__occurrence_id", "booking__state", "booking__hold_expires_at")
    rows = Claim.objects.filter(condition, unit__among=unit_ids, is_active=True).order_by()
    return rows.values_list(*columns, *booking)


def _in_one(
    *, unit_ids: Sequence[int], starts_at: datetime, ends_at: datetime, day_before: datetime
) -> QuerySet[Claim, Any]:
    assert starts_at - DAY == day_before
    return _claims(unit_ids, in_window(Span(instant_of(starts_at), instant_of(ends_at))))


_IN_ONE = Prepared(_in_one, unit_ids=[-1], **EXAMPLE)
