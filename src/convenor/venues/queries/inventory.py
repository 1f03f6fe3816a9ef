"""Everything that the rows of an import of rooms may name, read in a number of queries that doesn't grow with the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from convenor.base.bulk import chunks, once
from convenor.base.models import User
from convenor.venues.drafts import RoomDraft
from convenor.venues.models import Equipment, Room, Site


@dataclass(frozen=True, slots=True)
class Inventory:
    """Rows by the folded names that people write; sites and equipment by name and by code."""

    rooms: dict[str, Room]
    sites: dict[str, Site]
    equipment: dict[str, Equipment]
    accounts: dict[str, User]

    def halls(self) -> dict[str, str | None]:
        """The code of each room's hall, by code."""
        return {
            code: folded(room.part_of.code) if room.part_of else None for code, room in self.rooms.items()
        }

    def hall_ids(self) -> set[int]:
        return {room.part_of_id for room in self.rooms.values() if room.part_of_id}


def inventory_for_import(drafts: Sequence[RoomDraft]) -> Inventory:
    """Every room with its set-ups and fixed equipment, every site and kind, and the approvers whom the drafts name. 7 queries."""
    rooms = list(
        Room.objects.select_related("site", "approver").prefetch_related("setups", "equipment__equipment")
    )
    by_pk = {room.pk: room for room in rooms}
    for room in rooms:  # one object for each room, so that going up from part to hall asks nothing
        room.part_of = by_pk[room.part_of_id] if room.part_of_id else None
    emails = once(folded(draft.approver or "") for draft in drafts)
    return Inventory(
        rooms={folded(room.code): room for room in rooms},
        sites={name: site for site in Site.objects.all() for name in (folded(site.name), folded(site.code))},
        equipment={
            name: kind for kind in Equipment.objects.all() for name in (folded(kind.name), folded(kind.code))
        },
        accounts={
            user.email: user for part in chunks(emails) for user in User.objects.filter(email__in=part)
        },
    )


def folded(name: str) -> str:
    """A name as it is looked up: without case, and with single spaces."""
    return " ".join(name.casefold().split())
