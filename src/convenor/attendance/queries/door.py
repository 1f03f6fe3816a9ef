"""What check-in needs to know: whom a code means, who has come and gone; for actions, under the roll's lock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db.models import Q

from convenor.attendance.enums import ScanKind, SeatState
from convenor.attendance.models import Registration, Scan, Seat
from convenor.attendance.rules.check_in import Movement, SeatFacts

UNREAD = ("search", "told", "answers")


class ScanFacts(Protocol):
    """A scan as it was sent, or as it is kept."""

    @property
    def uid(self) -> UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def undoes(self) -> UUID | None: ...


@dataclass(frozen=True, slots=True)
class Known:
    """The registrations that scans mean, of whichever event."""

    by_code: Mapping[str, Registration]
    by_key: Mapping[int, Registration]


def movement_of(scan: ScanFacts) -> Movement:
    return Movement(scan.uid, ScanKind(scan.kind), scan.at, scan.undoes)


def registrations_meant(codes: Collection[str], keys: Collection[int]) -> Known:
    """One query."""
    rows = list(Registration.objects.filter(Q(code__in=codes) | Q(pk__in=keys)).defer(*UNREAD))
    return Known({each.code: each for each in rows}, {each.pk: each for each in rows})


def seats_met(roll_id: int, registration_ids: Iterable[int]) -> dict[int, Seat]:
    """Their seats on the roll, by the registration's key; with who comes instead. One query."""
    rows = Seat.objects.filter(roll=roll_id, registration__in=list(registration_ids))
    return {
        each.registration_id: each
        for each in rows.select_related("registration", "substitute__registration").defer(
            *(f"registration__{name}" for name in UNREAD),
            *(f"substitute__registration__{name}" for name in UNREAD),
        )
    }


def movements_of(seat_ids: Collection[int]) -> tuple[dict[int, list[Movement]], dict[int, SeatState]]:
    """By the seat's key: its scans that count, and what the seat was before it was last checked in. One query."""
    movements: dict[int, list[Movement]] = {}
    was: dict[int, SeatState] = {}
    for scan in Scan.objects.filter(seat__in=seat_ids, counts=True).order_by("pk"):
        movements.setdefault(scan.seat_id, []).append(movement_of(scan))
        if scan.was:
            was[scan.seat_id] = SeatState(scan.was)
    return movements, was


def facts_of(seat: Seat, was: SeatState | None, *, is_room: bool) -> SeatFacts:
    return SeatFacts(SeatState(seat.state), was, seat.ended_at, is_room)
