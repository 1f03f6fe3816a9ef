"""How many a roll's room holds, in the set-up that it is booked with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from convenor.attendance.models import Roll
from convenor.events.models import Function
from convenor.scheduling.enums import BookingState, OccurrenceState
from convenor.scheduling.models import Booking
from convenor.scheduling.queries.facts import room_facts


def room_capacities(rolls: Collection[Roll]) -> dict[int, int | None]:
    """By the roll's key. A function's roll: its main room. The event's own: the smallest room of its functions for
    everybody. None where there is no room, or none with a set-up. Four queries at most.
    """
    whole = [roll.event_id for roll in rolls if roll.function_id is None]
    own = [roll.function_id for roll in rolls if roll.function_id is not None]
    rows = [*_functions(whole, own)]
    seats = _seats(rows)
    of_event: dict[int, list[int]] = {}
    for row in rows:
        held = seats.get(row.pk)
        if row.is_for_all and held is not None:
            of_event.setdefault(row.event_id, []).append(held)
    return {
        roll.pk: seats.get(roll.function_id)
        if roll.function_id is not None
        else min(of_event.get(roll.event_id, ()), default=None)
        for roll in rolls
    }


def _functions(event_ids: Collection[int], function_ids: Collection[int]) -> Iterable[Function]:
    rows = Function.objects.select_related("occurrence__meeting").exclude(
        occurrence__state=OccurrenceState.CANCELLED
    )
    if event_ids:
        yield from rows.filter(event__among=event_ids, is_for_all=True).exclude(pk__in=function_ids)
    if function_ids:
        yield from rows.filter(pk__among=function_ids)


def _seats(rows: Collection[Function]) -> Mapping[int, int | None]:
    """By the function's key, what its main room holds as it is set up. Two queries."""
    rooms = _main_rooms(rows)
    facts = room_facts(set(rooms.values()), with_equipment=False)
    found: dict[int, int | None] = {}
    for row in rows:
        room = facts.get(rooms.get(row.pk, 0))
        setup = room.setup(row.occurrence.meeting.setup_style) if room else None
        found[row.pk] = setup.capacity if setup else None
    return found


def _main_rooms(rows: Collection[Function]) -> dict[int, int]:
    """The room in which everybody sits; else the one that was booked first."""
    if not rows:
        return {}
    booked: dict[int, list[int]] = {}
    live = Booking.objects.filter(occurrence__among=[row.occurrence_id for row in rows], room__isnull=False)
    live = live.exclude(state=BookingState.RELEASED).order_by("pk")
    for occurrence, room in live.values_list("occurrence_id", "room_id"):
        booked.setdefault(occurrence, []).append(room or 0)
    return {
        row.pk: row.main_room_id if row.main_room_id in rooms else rooms[0]
        for row in rows
        if (rooms := booked.get(row.occurrence_id))
    }
