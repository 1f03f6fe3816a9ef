"""Movable equipment: which pieces are free for which occurrence, and in a sentence where too few are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import ngettext

from convenor.scheduling.models import Booking, Occurrence
from convenor.scheduling.queries.claims import TakenUnits, Window, taken_units
from convenor.scheduling.rules.wording import span_in
from convenor.venues.enums import UnitKind
from convenor.venues.models import BookableUnit, Equipment, Site


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


def units_of(wishes: Sequence[PieceWish]) -> dict[tuple[int, int], list[int]]:
    """The pieces in use, by kind and site. One query."""
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


def short_sentences(wishes: Sequence[PieceWish], picked: Sequence[tuple[int, ...]]) -> dict[int, str]:
    """What is said of the wishes that got too few, by their place. Two queries, none where all got enough."""
    short = {place: len(units) for place, units in enumerate(picked) if len(units) < wishes[place].quantity}
    if not short:
        return {}
    asked = [wishes[place] for place in short]
    kinds = dict(
        Equipment.objects.filter(pk__in={wish.equipment_id for wish in asked}).values_list("pk", "name")
    )
    places = Site.objects.filter(pk__in={wish.site_id for wish in asked}).values_list("pk", "name", "zone")
    sites = {pk: (name, zone) for pk, name, zone in places}
    return {place: _short(wishes[place], free, kinds, sites) for place, free in short.items()}


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


def shortages(
    wishes: Sequence[PieceWish], *, now: datetime, ignoring: Collection[int] = ()
) -> dict[int, str]:
    """Which of the wishes couldn't be had, by their place; what the occurrences `ignoring` have doesn't count."""
    if not wishes:
        return {}
    units = units_of(wishes)
    every = {unit for group in units.values() for unit in group}
    taken = taken_units(every, [wish.window for wish in wishes], now=now, ignoring=ignoring)
    picker = Picker(units, taken)
    return short_sentences(wishes, [picker.pick(wish) for wish in wishes])
