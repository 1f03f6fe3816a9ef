"""Which spaces a room is made of: an undivided one of its own, or those of its parts.

The rule that booking a hall takes its parts, and the reverse, stands on this: a hall's units are always the union of its parts' units.
Bookings have claimed the units of their day, so a hall is divided or put together only while nothing is booked in it ahead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from convenor.kernel.trees import makes_cycle
from convenor.venues.checks import nothing_booked
from convenor.venues.enums import UnitKind
from convenor.venues.models import BookableUnit, Room
from convenor.venues.registry import bookings_ahead


def lock_spaces(room_ids: Iterable[int]) -> None:
    """Hold the rooms' units, in key order as bookings do, so that nobody books while a decision is made about them."""
    links = Room.units.through.objects.filter(room__among=room_ids).values("bookableunit_id")
    list(BookableUnit.objects.select_for_update(no_key=True).filter(pk__in=links).order_by("pk"))


def give_own_space(room: Room) -> None:
    """Make the one undivided space of a room without parts."""
    unit = BookableUnit.objects.create(kind=UnitKind.SPACE, site_id=room.site_id, label=room.code)
    room.units.set([unit])


def halls_above(room: Room) -> list[Room]:
    """The hall that the room is part of, that hall's hall, and so on. Raises ValidationError where that leads back to the room."""
    rooms = {each.pk: each for each in Room.objects.filter(site=room.site_id)}
    if makes_cycle({pk: each.part_of_id for pk, each in rooms.items()}, room.pk or -1, room.part_of_id):
        raise ValidationError({"part_of": gettext("A room can't be part of itself or of its own parts.")})
    halls: list[Room] = []
    above = room.part_of_id
    while above is not None:
        halls.append(rooms[above])
        above = rooms[above].part_of_id
    return halls


def require_free(halls: list[Room], now: datetime) -> None:
    """Refuse, with the list, where anything is booked ahead in these halls."""
    if halls:
        lock_spaces(hall.pk for hall in halls)
        reason = gettext("%(hall)s can't be divided differently while it is booked:") % {
            "hall": halls[0].code
        }
        nothing_booked(bookings_ahead([hall.pk for hall in halls], now), halls[0].site, reason, "part_of")


def gather_spaces(halls: list[Room]) -> None:
    """Give each hall, from the innermost out, the union of its parts' units; spaces that no room has any more go out of use.

    To be called when a part has joined or left, and only then.
    """
    for hall in halls:
        before = set(hall.units.values_list("pk", flat=True))
        through = Room.units.through.objects.filter(room__part_of=hall)
        after = set(through.values_list("bookableunit_id", flat=True))
        if after:
            hall.units.set(after)
        else:  # its last part has just left, and took its space along
            give_own_space(hall)
        BookableUnit.objects.filter(pk__in=before, rooms__isnull=True).update(is_active=False)
