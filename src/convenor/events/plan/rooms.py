"""Whether the rooms of a plan's functions are free: of each other, and of what else is booked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from convenor.events.models import Function
from convenor.events.plan.laying import Plan, Wanted
from convenor.events.plan.people import at
from convenor.events.rules.dates import instant_in
from convenor.kernel.instants import LocalTime
from convenor.scheduling.queries.blocked import titles_for
from convenor.scheduling.queries.claims import Taken, taken_units
from convenor.scheduling.queries.facts import room_facts
from convenor.scheduling.rules.room import RoomFacts
from convenor.scheduling.rules.wording import times_in


@dataclass(frozen=True, slots=True)
class Place:
    """One room of one function; `reserved` is with set-up, teardown and turn."""

    row: Wanted
    room: RoomFacts
    reserved: tuple[datetime, datetime]


def check_places(plan: Plan, rows: Sequence[Wanted]) -> None:
    """Put down every room that is wanted twice within the plan, or that somebody else has. 3 to 5 queries."""
    places = _places(plan, rows)
    _check_among(plan, places)
    _check_taken(plan, [place for place in places if _moves(place.row)])


def _moves(row: Wanted) -> bool:
    """Whether the function takes a room, or a time, that it hasn't got."""
    parts = ("start", "minutes", "rooms", "setup_style")
    return row.before is None or any(row.before[part] != row.values[part] for part in parts)


def _places(plan: Plan, rows: Sequence[Wanted]) -> list[Place]:
    known = plan.names.rooms.keys
    facts = room_facts({known[code] for row in rows for code in row.values["rooms"]}, with_equipment=False)
    found = []
    for row in rows:
        start = instant_in(plan.dates.zone, LocalTime(row.values["start"]))
        assert start is not None
        end = start + timedelta(minutes=row.values["minutes"])
        for code in row.values["rooms"]:
            room = facts[known[code]]
            found.append(Place(row, room, room.reserved(start, end, row.values["setup_style"])))
    return sorted(found, key=lambda place: place.reserved)


def _check_among(plan: Plan, places: Sequence[Place]) -> None:
    latest: dict[int, Place] = {}
    for place in places:
        before = next((latest[unit] for unit in place.room.unit_ids if _meets(latest.get(unit), place)), None)
        if before is not None:
            _wanted_twice(plan, before, place)
        for unit in place.room.unit_ids:
            if unit not in latest or latest[unit].reserved[1] < place.reserved[1]:
                latest[unit] = place


def _meets(before: Place | None, place: Place) -> bool:
    return before is not None and before.row is not place.row and place.reserved[0] < before.reserved[1]


def _wanted_twice(plan: Plan, before: Place, place: Place) -> None:
    told, other = (place, before) if place.row.path is not None else (before, place)
    words = _("%(room)s isn't free: “%(title)s” has it, %(their)s (with set-up and turn).")
    values = {
        "room": told.room.label,
        "title": other.row.values["title"],
        "their": times_in(*other.reserved, told.room.zone),
    }
    if told.row.path is not None:
        plan.wrong(at(told.row, "rooms"), words % values)


def _check_taken(plan: Plan, places: Sequence[Place]) -> None:
    if not places:
        return
    units = {unit for place in places for unit in place.room.unit_ids}
    taken = taken_units(units, [place.reserved for place in places], now=plan.now)
    own = _own_occurrences(plan)
    blocked: list[tuple[Place, Taken]] = []
    for place in places:
        claims = taken.in_the_way(place.room.unit_ids, *place.reserved)
        alive = [each for each in claims if not each.is_expired and each.occurrence_id not in own]
        if alive:
            blocked.append((place, min(alive, key=lambda each: each.starts_at)))
    titles = titles_for(plan.actor, {each.occurrence_id for _place, each in blocked})
    for place, each in blocked:
        values = {
            "room": place.room.label,
            "their": times_in(each.starts_at, each.ends_at, place.room.zone),
            "title": titles.get(each.occurrence_id, ""),
        }
        words = _("%(room)s isn't free then: “%(title)s” has it, %(their)s.")
        if not values["title"]:
            words = _("%(room)s isn't free then: it is booked, %(their)s.")
        plan.wrong(at(place.row, "rooms"), words % values)


def _own_occurrences(plan: Plan) -> set[int]:
    if plan.event is None:
        return set()
    return set(Function.objects.filter(event=plan.event).values_list("occurrence_id", flat=True))
