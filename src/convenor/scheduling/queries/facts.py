"""Rooms and people as the rules need them: plain values, a fixed number of queries, nothing masked.

For actions alone, which check permissions themselves; screens read `…_for(actor, …)`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from convenor.people.models import Person
from convenor.scheduling.queries.prepared import Prepared
from convenor.scheduling.rules.room import RoomFacts, SetupFacts
from convenor.venues.models import Room, RoomEquipment


@dataclass(frozen=True, slots=True)
class PersonFacts:
    id: int
    name: str
    is_active: bool
    home_site_id: int | None
    step_free: bool | None


def person_facts(ids: Iterable[int]) -> dict[int, PersonFacts]:
    """One query; ids that don't exist are missing from the answer."""
    return {row[0]: PersonFacts(*row) for row in _PEOPLE.rows(ids=sorted(set(ids)))}


def _people(ids: Sequence[int]) -> QuerySet[Person, Any]:
    columns = ("id", "name", "is_active", "home_site_id", "needs__step_free")
    return Person.objects.filter(pk__among=ids).order_by().values_list(*columns)


_PEOPLE = Prepared(_people, ids=[-1])


def room_facts(ids: Collection[int], *, with_equipment: bool = True) -> dict[int, RoomFacts]:
    """Two queries, one where nobody asks for equipment; ids that don't exist are missing from the answer."""
    if not ids:
        return {}
    keys = sorted(ids)
    return _facts(_ROOMS.rows(ids=keys), _FIXED.rows(ids=keys) if with_equipment else ())


def rooms_in_use_at(site_ids: Collection[int]) -> list[RoomFacts]:
    """Every room in use at these sites, by code. Three queries."""
    rooms = Room.objects.filter(site__among=site_ids, is_active=True).values_list("pk", flat=True)
    return sorted(room_facts(list(rooms)).values(), key=lambda room: room.code)


ROOM = (
    *("id", "code", "name", "site_id", "site__zone", "accessible", "turn_minutes", "approver_id"),
    *("booking_window_days", "longest_minutes", "is_active", "approval_needed"),
)
SETUP = ("style", "capacity", "setup_minutes", "teardown_minutes", "is_default")


def _rooms(ids: Sequence[int]) -> QuerySet[Room, Any]:
    """Each room once for each pair of a set-up and a unit: few, and one query instead of three."""
    columns = (*ROOM, *(f"setups__{name}" for name in SETUP), "units")
    return Room.objects.filter(pk__among=ids).order_by().values_list(*columns)


def _fixed(ids: Sequence[int]) -> QuerySet[RoomEquipment, Any]:
    rows = RoomEquipment.objects.filter(room__among=ids).order_by()
    return rows.values_list("room_id", "equipment__code", "quantity")


_ROOMS = Prepared(_rooms, ids=[-1])
_FIXED = Prepared(_fixed, ids=[-1])


def _facts(rooms: Iterable[tuple[Any, ...]], fixed: Iterable[tuple[Any, ...]]) -> dict[int, RoomFacts]:
    found: dict[int, tuple[Any, ...]] = {}
    setups: dict[int, set[tuple[Any, ...]]] = defaultdict(set)
    units: dict[int, set[int]] = defaultdict(set)
    for *columns, style, capacity, setup, teardown, is_default, unit in rooms:
        key = columns[0]
        found[key] = tuple(columns)
        if style is not None:
            setups[key].add((style, capacity, setup, teardown, is_default))
        if unit is not None:
            units[key].add(unit)
    pieces: dict[int, dict[str, int]] = defaultdict(dict)
    for room, code, quantity in fixed:
        pieces[room][code] = quantity
    return {
        key: RoomFacts(
            id=key,
            code=code,
            name=name,
            site_id=site,
            zone=zone,
            accessible=accessible,
            turn_minutes=turn,
            approver_id=approver if needs_approval else None,
            window_days=window,
            longest_minutes=longest,
            is_active=active,
            setups=tuple(SetupFacts(*setup) for setup in sorted(setups[key])),
            unit_ids=tuple(sorted(units[key])),
            equipment=pieces[key],
        )
        for key, code, name, site, zone, accessible, turn, approver, window, longest, active, needs_approval in (
            found.values()
        )
    }
