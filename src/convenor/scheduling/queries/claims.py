"""Which bookable units are taken when, and what is in the way of a room at a time."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from convenor.kernel.instants import Span, instant_of
from convenor.scheduling.enums import BookingState
from convenor.scheduling.models import Claim
from convenor.scheduling.queries.prepared import Prepared
from convenor.scheduling.queries.windows import DAY, EXAMPLE, overlapping

Window = tuple[datetime, datetime]
NEAR = timedelta(hours=18)


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
    unit_ids: Collection[int],
    windows: Sequence[Window],
    *,
    now: datetime,
    ignoring: Collection[int] = (),
) -> TakenUnits:
    """Active claims of the units that meet any of the windows. One small query for each window, or stretch of near ones.

    What the occurrences `ignoring` have doesn't count: they are about to be moved.
    """
    keys, found = sorted(unit_ids), dict[int, tuple[int, Taken]]()
    for start, end in stretches(windows):
        rows = _IN_WINDOW.rows(unit_ids=keys, starts_at=start, ends_at=end, day_before=start - DAY)
        for claim, unit, since, until, booking, occurrence, state, expiry in rows:
            if occurrence in ignoring:
                continue
            expired = state == BookingState.HELD and expiry <= now
            found[claim] = unit, Taken(since, until, booking, occurrence, expired)
    return TakenUnits(sorted(found.values(), key=lambda row: row[1].starts_at))


def stretches(windows: Sequence[Window]) -> list[Window]:
    """The windows in order, those less than NEAR apart in one: the days of a conference, not the dates of a series."""
    found: list[Window] = []
    for start, end in sorted(windows):
        if found and start - found[-1][1] < NEAR:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def claims_in(
    *, unit_ids: Sequence[int], starts_at: datetime, ends_at: datetime, day_before: datetime
) -> QuerySet[Claim, Any]:
    """Active claims of the units in one window; `day_before` is a day before its start."""
    assert starts_at - DAY == day_before
    rows = Claim.objects.filter(unit__among=unit_ids, is_active=True).order_by()
    columns = ("id", "unit_id", "starts_at", "ends_at", "booking_id")
    booking = ("booking__occurrence_id", "booking__state", "booking__hold_expires_at")
    span = Span(instant_of(starts_at), instant_of(ends_at))
    return overlapping(rows, span).values_list(*columns, *booking)


_IN_WINDOW = Prepared(claims_in, unit_ids=[-1], **EXAMPLE)
