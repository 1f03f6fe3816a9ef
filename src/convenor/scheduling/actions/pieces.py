"""Movable equipment for occurrences: free pieces of one kind at one site, picked and claimed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

from convenor.base.actor import Actor
from convenor.base.inserting import insert_rows
from convenor.scheduling.actions.rooms import (
    claims_of,
    deactivate,
    expire,
    lock_units,
    release,
    save_bookings,
)
from convenor.scheduling.models import Booking, Occurrence
from convenor.scheduling.queries.claims import TakenUnits, taken_units
from convenor.scheduling.rules.wording import span_in
from convenor.venues.enums import UnitKind
from convenor.venues.models import BookableUnit, Equipment, Site

Window = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class PieceWish:
    """So many pieces of a kind at a site for one occurrence; `booking` is the one it has already."""

    occurrence: Occurrence
    equipment_id: int
    quantity: int
    site_id: int
    booking: Booking | None = None

    @property
    def window(self) -> Window:
        return self.occurrence.starts_at, self.occurrence.ends_at


class Picker:
    """Gives out free pieces, and remembers what it gave out when."""

    def __init__(self, units: dict[tuple[int, int], list[int]], taken: TakenUnits) -> None:
        self._units, self._taken = units, taken
        self._given: dict[int, list[Window]] = defaultdict(list)

    def free(self, wish: PieceWish) -> list[int]:
        start, end = wish.window
        return [
            unit
            for unit in self._units.get((wish.equipment_id, wish.site_id), ())
            if self._taken.is_free([unit], start, end)
            and not any(given < end and start < until for given, until in self._given[unit])
        ]

    def pick(self, wish: PieceWish) -> tuple[int, ...]:
        """The pieces for a wish; fewer than asked for where fewer are free."""
        chosen = self.free(wish)[: wish.quantity]
        for unit in chosen:
            self._given[unit].append(wish.window)
        return tuple(chosen)


def settle_pieces(
    *, actor: Actor, wishes: Sequence[PieceWish], now: datetime, let_go: Collection[int] = ()
) -> list[Booking]:
    """Book every wish and release the bookings `let_go`; ValidationError says where too few pieces are free."""
    moved = [wish.booking.pk for wish in wishes if wish.booking]
    if moved or let_go:
        deactivate([*moved, *let_go])
    release(let_go)
    if not wishes:
        return []
    units = _units(wishes)
    every = {unit for group in units.values() for unit in group}
    lock_units(every)
    taken = taken_units(every, [wish.window for wish in wishes], now=now)
    picker = Picker(units, taken)
    picked = [picker.pick(wish) for wish in wishes]
    _refuse_short(wishes, picked)
    expire(_expired(wishes, picked, taken))
    return _write(actor, wishes, picked)


def _units(wishes: Sequence[PieceWish]) -> dict[tuple[int, int], list[int]]:
    units: dict[tuple[int, int], list[int]] = defaultdict(list)
    rows = BookableUnit.objects.filter(
        kind=UnitKind.EQUIPMENT,
        is_active=True,
        equipment__in={wish.equipment_id for wish in wishes},
        site__in={wish.site_id for wish in wishes},
    ).order_by("pk")
    for unit, equipment, site in rows.values_list("pk", "equipment_id", "site_id"):
        units[equipment, site].append(unit)
    return units


def _expired(wishes: Sequence[PieceWish], picked: Sequence[tuple[int, ...]], taken: TakenUnits) -> set[int]:
    return {
        claim.booking_id
        for wish, units in zip(wishes, picked, strict=True)
        for claim in taken.in_the_way(units, *wish.window)
    }


def _refuse_short(wishes: Sequence[PieceWish], picked: Sequence[tuple[int, ...]]) -> None:
    short = [
        (wish, len(units)) for wish, units in zip(wishes, picked, strict=True) if len(units) < wish.quantity
    ]
    if not short:
        return
    kinds = dict(
        Equipment.objects.filter(pk__in={wish.equipment_id for wish, _ in short}).values_list("pk", "name")
    )
    places = Site.objects.filter(pk__in={wish.site_id for wish, _ in short}).values_list("pk", "name", "zone")
    sites = {pk: (name, zone) for pk, name, zone in places}
    raise ValidationError({"equipment": [_short(wish, free, kinds, sites) for wish, free in short]})


def _short(wish: PieceWish, free: int, kinds: dict[int, str], sites: dict[int, tuple[str, str]]) -> str:
    site, zone = sites.get(wish.site_id, ("?", "UTC"))
    sentence = ngettext(
        "%(kind)s at %(site)s on %(when)s: %(asked)d asked for, %(free)d is free.",
        "%(kind)s at %(site)s on %(when)s: %(asked)d asked for, %(free)d are free.",
        free,
    )
    when = span_in(*wish.window, zone)
    kind = kinds.get(wish.equipment_id, "?")
    return sentence % {"kind": kind, "site": site, "when": when, "asked": wish.quantity, "free": free}


def _write(actor: Actor, wishes: Sequence[PieceWish], picked: Sequence[tuple[int, ...]]) -> list[Booking]:
    bookings: list[Booking] = []
    for wish in wishes:
        booking = wish.booking or Booking(equipment_id=wish.equipment_id, booked_by_id=actor.person_id)
        booking.occurrence, booking.quantity = wish.occurrence, wish.quantity
        booking.starts_at, booking.ends_at = booking.reserved_start, booking.reserved_end = wish.window
        booking.is_long = booking.ends_at - booking.starts_at > timedelta(days=1)
        bookings.append(booking)
    save_bookings(bookings)
    units = {booking.pk: chosen for booking, chosen in zip(bookings, picked, strict=True)}
    insert_rows(claims_of(bookings, units))
    return bookings
