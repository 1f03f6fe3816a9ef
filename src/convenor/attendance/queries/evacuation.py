"""The evacuation roll: who is in which building now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from convenor.attendance.enums import AccessNeed
from convenor.attendance.models import Registration, RegistrationNeeds, Roll, Scan
from convenor.attendance.queries.door import movement_of
from convenor.attendance.rules.check_in import LINGER, STAY, Movement, presence_of
from convenor.attendance.rules.evacuation import Stay, still_in
from convenor.base.actor import Actor
from convenor.base.permissions import may, require
from convenor.events.enums import EventState
from convenor.events.queries.visibility import event_for
from convenor.scheduling.enums import ACTIVE_BOOKINGS
from convenor.scheduling.models import Booking
from convenor.venues.models import Site

HELP = {AccessNeed.STEP_FREE, AccessNeed.WHEELCHAIR, AccessNeed.COMPANION}
"""Whoever needs one of these needs somebody with them on the stairs."""


@dataclass(frozen=True, slots=True)
class Inside:
    """Somebody who came in and hasn't gone out. `needs_help` is only told to those who may know."""

    key: str
    name: str
    organisation: str
    event: str
    place: str
    since: datetime
    needs_help: bool


@dataclass(frozen=True, slots=True)
class Building:
    """`name` is empty for events without a site."""

    name: str
    people: tuple[Inside, ...]


def evacuation_for(actor: Actor, now: datetime, event_id: int | None = None) -> list[Building]:
    """By building, each with whoever is in it by name. Six queries, however many people.

    Of one event for who checks people in there, of all for coordinators. Raises Event.DoesNotExist, Refused.
    """
    if event_id is None:
        require(actor, "evacuation.see")
    else:
        require(actor, "roll.check_in", event_for(actor, event_id))
    rolls = _rolls(now, event_id)
    scans = _scans(rolls, now)
    people = _people({registration for registration, _roll in scans})
    places = _places(rolls.values())
    found = still_in(_stays(scans, rolls, people, places), now)
    helped = _helped(people) if may(actor, "evacuation.see") else set()
    return _buildings(found, rolls, people, helped)


Scans = Mapping[tuple[int, int], list[Movement]]
"""By registration and roll: two seats of one person are two doors."""
Place = tuple[int | None, str]


def _rolls(now: datetime, event_id: int | None) -> dict[int, Roll]:
    rows = Roll.objects.exclude(event__state__in=(EventState.CANCELLED, EventState.POSTPONED))
    rows = rows.filter(event__starts_at__lt=now + STAY, event__ends_at__gt=now - LINGER)
    if event_id is not None:
        rows = rows.filter(event=event_id)
    return rows.select_related("event", "function__occurrence__meeting").in_bulk()


def _scans(rolls: Mapping[int, Roll], now: datetime) -> Scans:
    rows: QuerySet[Scan] = Scan.objects.filter(roll__in=list(rolls), counts=True, at__gt=now - STAY)
    found: dict[tuple[int, int], list[Movement]] = {}
    for scan in rows.select_related("seat").order_by("pk"):
        found.setdefault((scan.seat.registration_id, scan.roll_id), []).append(movement_of(scan))
    return found


def _people(keys: Collection[int]) -> dict[int, Registration]:
    rows = Registration.objects.filter(pk__among=keys).only("pk", "name", "organisation", "person_id")
    return rows.in_bulk()


def _places(rolls: Iterable[Roll]) -> dict[int, Place]:
    """By the roll's key: where its door is, the room of a function or the event's site."""
    rolls = list(rolls)
    occurrences = {each.function.occurrence_id for each in rolls if each.function is not None}
    rows = Booking.objects.filter(
        occurrence__among=occurrences, room__isnull=False, state__in=ACTIVE_BOOKINGS
    ).order_by("pk")
    rooms: dict[int, Place] = {}
    for occurrence, site, code, name in rows.values_list(
        "occurrence_id", "room__site_id", "room__code", "room__name"
    ):
        rooms.setdefault(occurrence, (site, f"{code} {name}" if name != code else code))
    whole = {each.pk: (each.event.site_id, "") for each in rolls}
    own = {
        each.pk: rooms[each.function.occurrence_id]
        for each in rolls
        if each.function is not None and each.function.occurrence_id in rooms
    }
    return {**whole, **own}


def _stays(
    scans: Scans,
    rolls: Mapping[int, Roll],
    people: Mapping[int, Registration],
    places: Mapping[int, Place],
) -> Iterable[Stay]:
    for (registration, key), movements in scans.items():
        roll, (site, place) = rolls[key], places[key]
        yield Stay(
            _key(people[registration]),
            roll.event_id,
            roll.function_id is None,
            site,
            place,
            presence_of(movements),
        )


def _key(registration: Registration) -> str:
    """The same person at two events is looked for once."""
    if registration.person_id is not None:
        return f"p{registration.person_id}"
    return f"r{registration.pk}"


def _helped(people: Collection[int]) -> set[int]:
    rows = RegistrationNeeds.objects.filter(registration__among=people).values_list(
        "registration_id", "access"
    )
    return {registration for registration, access in rows if HELP & set(access)}


def _buildings(
    found: Mapping[str, Stay],
    rolls: Mapping[int, Roll],
    people: Mapping[int, Registration],
    helped: Collection[int],
) -> list[Building]:
    names = {_key(each): each for each in people.values()}
    needing = {_key(people[key]) for key in helped}
    titles = {roll.event_id: roll.event.title for roll in rolls.values()}
    by_site: dict[int | None, list[Inside]] = {}
    for key, stay in found.items():
        assert stay.presence.last_in is not None
        row = names[key]
        by_site.setdefault(stay.site_id, []).append(
            Inside(
                key,
                row.name,
                row.organisation,
                titles[stay.event_id],
                stay.place,
                stay.presence.last_in,
                key in needing,
            )
        )
    sites = dict(Site.objects.filter(pk__in=[key for key in by_site if key]).values_list("pk", "name"))
    buildings = [
        Building(sites.get(site or 0, ""), tuple(sorted(people_in, key=lambda each: (each.name, each.key))))
        for site, people_in in by_site.items()
    ]
    return sorted(buildings, key=lambda each: (not each.name, each.name))
