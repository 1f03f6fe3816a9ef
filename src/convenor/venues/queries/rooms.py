"""Rooms, equipment and closures as the actor may see them."""

from __future__ import annotations

from django.db.models import Count, Prefetch, Q, QuerySet

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.venues.enums import UnitKind
from convenor.venues.models import BookableUnit, Closure, Equipment, Room, RoomEquipment, Site


def rooms_for(
    actor: Actor, *, text: str = "", site: Site | int | None = None, active: bool | None = True
) -> QuerySet[Room]:
    """Rooms by site, floor and code, with site, hall, approver, set-ups, equipment and units. 4 queries.

    `text` is looked for in code, name, floor and site, each word somewhere; `active=None` gives those out of use too.
    """
    if not may(actor, "venue.see"):
        return Room.objects.none()
    rooms = Room.objects.select_related("site", "part_of", "approver")
    fixed = Prefetch("equipment", RoomEquipment.objects.select_related("equipment"))
    rooms = rooms.prefetch_related("setups", fixed, "units")
    for word in text.replace("\x00", "").split()[:8]:
        rooms = rooms.filter(
            Q(code__matches=word)
            | Q(name__matches=word)
            | Q(floor__iexact=word)
            | Q(site__name__matches=word)
            | Q(site__code__iexact=word)
        )
    if site is not None:
        rooms = rooms.filter(site=site)
    return rooms if active is None else rooms.filter(is_active=active)


def room_for(actor: Actor, pk: int) -> Room:
    """Raises Room.DoesNotExist."""
    return rooms_for(actor, active=None).get(pk=pk)


def room_by_code_for(actor: Actor, code: str) -> Room:
    """By code in any case. Raises Room.DoesNotExist."""
    return rooms_for(actor, active=None).get(code__iexact=code)


def parts_for(actor: Actor, room: Room) -> QuerySet[Room]:
    """The parts in use of a divisible hall."""
    return rooms_for(actor).filter(part_of=room)


def equipment_for(actor: Actor, *, movable: bool | None = None) -> QuerySet[Equipment]:
    """Kinds of equipment by name, each with `pieces`: how many movable ones there are at all sites together."""
    if not may(actor, "venue.see"):
        return Equipment.objects.none()
    kinds = Equipment.objects.annotate(pieces=Count("units", filter=Q(units__is_active=True)))
    return kinds if movable is None else kinds.filter(is_movable=movable)


def equipment_kind_for(actor: Actor, pk: int) -> Equipment:
    """Raises Equipment.DoesNotExist."""
    return equipment_for(actor).get(pk=pk)


def stock_of(equipment_ids: set[int] | list[int]) -> dict[tuple[int, int], list[int]]:
    """Ids of the pieces in use, in order, by equipment and site. 1 query."""
    pieces = BookableUnit.objects.filter(
        kind=UnitKind.EQUIPMENT, is_active=True, equipment__among=equipment_ids
    )
    stock: dict[tuple[int, int], list[int]] = {}
    for unit, equipment, site in pieces.order_by("pk").values_list("pk", "equipment_id", "site_id"):
        assert equipment is not None
        stock.setdefault((equipment, site), []).append(unit)
    return stock


def closures_for(
    actor: Actor, *, site: Site | int | None = None, room: Room | int | None = None
) -> QuerySet[Closure]:
    """Closures by start, with site and room; of a room only its own, not those of its floor or site (see `closures_of`)."""
    if not may(actor, "venue.see"):
        return Closure.objects.none()
    closures = Closure.objects.select_related("site", "room")
    if site is not None:
        closures = closures.filter(site=site)
    return closures if room is None else closures.filter(room=room)


def closure_for(actor: Actor, pk: int) -> Closure:
    """Raises Closure.DoesNotExist."""
    return closures_for(actor).get(pk=pk)
