"""What venues must learn from the apps above it; they fill these lists in `AppConfig.ready()`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, order=True)
class BookedHeadcount:
    """A booking that a change of the room could break.

    `headcount` is the expected number of people, 0 where unknown; `style` is a SetupStyle or "" for the usual set-up; `title` is what may
    be shown to whoever changes rooms ("Busy" for a private meeting).
    """

    starts_at: datetime
    ends_at: datetime
    room_id: int
    title: str
    headcount: int = 0
    style: str = ""


@dataclass(frozen=True, slots=True, order=True)
class BookedPieces:
    """Pieces of one kind of movable equipment, booked at one site at one time."""

    starts_at: datetime
    ends_at: datetime
    equipment_id: int
    site_id: int
    title: str
    unit_ids: tuple[int, ...] = ()


booked_headcounts: list[Callable[[Collection[int], datetime], Sequence[BookedHeadcount]]] = []
"""Called with room ids and `now`; each answers the active bookings of those rooms that end after `now`."""

booked_pieces: list[Callable[[Collection[int], datetime], Sequence[BookedPieces]]] = []
"""Called with ids of bookable units of the kind equipment and `now`; each answers the active bookings that claim them."""


def bookings_ahead(room_ids: Collection[int], now: datetime) -> list[BookedHeadcount]:
    """What every registered app has booked in these rooms from now on, in order of start."""
    return sorted(booking for source in booked_headcounts for booking in source(room_ids, now))


def pieces_ahead(unit_ids: Collection[int], now: datetime) -> list[BookedPieces]:
    """What every registered app has booked of these pieces from now on, in order of start."""
    return sorted(booking for source in booked_pieces for booking in source(unit_ids, now))
