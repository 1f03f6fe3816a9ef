"""Rooms and people as the rules need them: plain values, a fixed number of queries, nothing masked.

For actions alone, which check permissions themselves; screens read `…_for(actor, …)`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q

from convenor.people.models import Person
from convenor.scheduling.rules.room import RoomFacts, SetupFacts
from convenor.venues.models import Room, RoomEquipment, RoomSetup


@dataclass(frozen=True, slots=True)
class PersonFacts:
    id: int
    name: str
    is_active: bool
    home_site_id: int | None
    step_free: bool | None


def person_facts(ids: Iterable[int]) -> dict[int, PersonFacts]:
    """One query; ids that don't exist are missing from the answer."""
    rows = Person.objects.filter(pk__among=set(ids)).order_by()
    columns = ("id", "name", "is_active", "home_site_id", "needs__step_free")
    return {row[0]: PersonFacts(*row) for row in rows.values_list(*columns)}


def room_facts(ids: Collection[int]) -> dict[int, RoomFacts]:
    """Four queries; ids that don't exist are missing from the answer."""
    return _facts(Q(pk__in=ids), Q(room__in=ids)) if ids else {}


def rooms_in_use_at(site_ids: Collection[int]) -> list[RoomFacts]:
    """Every room in use at these sites, by code. Four queries."""
    facts = _facts(Q(site__in=site_ids, is_active=True), Q(room__site__in=site_ids, room__is_active=True))
    return sorted(facts.values(), key=lambda room: room.code)


def _facts(of_rooms: Q, of_parts: Q) -> dict[int, RoomFacts]:
    setups: dict[int, list[SetupFacts]] = defaultdict(list)
    columns = ("room_id", "style", "capacity", "setup_minutes", "teardown_minutes", "is_default")
    for room, *setup in RoomSetup.objects.filter(of_parts).order_by().values_list(*columns):
        setups[room].append(SetupFacts(*setup))
    units: dict[int, list[int]] = defaultdict(list)
    for room, unit in Room.units.through.objects.filter(of_parts).values_list("room_id", "bookableunit_id"):
        units[room].append(unit)
    fixed: dict[int, dict[str, int]] = defaultdict(dict)
    pieces = RoomEquipment.objects.filter(of_parts).order_by()
    for room, code, quantity in pieces.values_list("room_id", "equipment__code", "quantity"):
        fixed[room][code] = quantity
    traits = ("id", "code", "name", "site_id", "site__zone", "accessible", "turn_minutes", "approval_needed")
    limits = ("approver_id", "booking_window_days", "longest_minutes", "is_active")
    return {
        room: RoomFacts(
            id=room,
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
            setups=tuple(setups[room]),
            unit_ids=tuple(sorted(units[room])),
            equipment=fixed[room],
        )
        for room, code, name, site, zone, accessible, turn, needs_approval, approver, window, longest, active in (
            Room.objects.filter(of_rooms).order_by().values_list(*traits, *limits)
        )
    }
