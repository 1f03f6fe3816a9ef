"""Sites, equipment and rooms of the demo, through the ordinary actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal

from convenor.base.actor import Actor
from convenor.base.models import User
from convenor.demo.places import EQUIPMENT, MOVABLE_STOCK, ROOMS, SITES, TRAVEL_MINUTES, DemoRoom, DemoSite
from convenor.venues.actions.equipment import create_equipment, set_stock
from convenor.venues.actions.room import create_room
from convenor.venues.actions.site import create_site, set_opening_hours, set_travel
from convenor.venues.drafts import SetupDraft
from convenor.venues.models import Equipment, Room, Site

WORKING_DAYS = range(5)
SETUP_MINUTES = {"banquet": 60, "cabaret": 45, "classroom": 15, "theatre": 15}


@dataclass(slots=True)
class Premises:
    sites: dict[str, Site] = field(default_factory=dict)
    equipment: dict[str, Equipment] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)


def build(actor: Actor, approver: User, now: datetime) -> Premises:
    premises = Premises()
    for site in SITES:
        premises.sites[site.code] = _site(actor, site)
    for (one, other), minutes in TRAVEL_MINUTES.items():
        set_travel(actor=actor, site_id=premises.sites[one].pk, minutes={premises.sites[other].pk: minutes})
    for code, (name, is_movable) in EQUIPMENT.items():
        premises.equipment[code] = create_equipment(actor=actor, code=code, name=name, is_movable=is_movable)
    for room in ROOMS:
        premises.rooms[room.code] = _room(actor, premises, room, approver, now)
    _stock(actor, premises, now)
    return premises


def _site(actor: Actor, site: DemoSite) -> Site:
    made = create_site(
        actor=actor,
        code=site.code,
        name=site.name,
        zone=site.zone,
        country=site.country,
        address=site.address,
    )
    hours = [(day, time.fromisoformat(site.opens), time.fromisoformat(site.closes)) for day in WORKING_DAYS]
    set_opening_hours(actor=actor, site_id=made.pk, hours=hours)
    return made


def _room(actor: Actor, premises: Premises, room: DemoRoom, approver: User, now: datetime) -> Room:
    return create_room(
        actor=actor,
        now=now,
        site=premises.sites[room.site],
        code=room.code,
        name=room.name,
        floor=room.floor,
        part_of=premises.rooms[room.part_of] if room.part_of else None,
        accessible=room.accessible,
        turn_minutes=room.turn_minutes,
        approval_needed=room.needs_approval,
        approver=approver if room.needs_approval else None,
        longest_minutes=room.longest_minutes,
        hourly_rate=Decimal(room.rate),
        setups=[SetupDraft(style, seats, SETUP_MINUTES.get(style, 0)) for style, seats in room.seats.items()],
        equipment=_pieces(premises, room.equipment),
    )


def _pieces(premises: Premises, text: str) -> dict[int, int]:
    """Ids and quantities out of a text like screen;microphone:2."""
    pairs = (part.partition(":") for part in text.split(";") if part)
    return {premises.equipment[code].pk: int(number or 1) for code, _sign, number in pairs}


def _stock(actor: Actor, premises: Premises, now: datetime) -> None:
    for site, stock in MOVABLE_STOCK.items():
        for code, pieces in stock.items():
            kind, place = premises.equipment[code], premises.sites[site]
            set_stock(actor=actor, equipment_id=kind.pk, site_id=place.pk, pieces=pieces, now=now)
