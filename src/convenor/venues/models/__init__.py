"""Sites, rooms and what is in them. Thin: columns, constraints, facts about one row."""

from convenor.venues.models.equipment import Equipment, RoomEquipment
from convenor.venues.models.room import BookableUnit, Closure, Room, RoomSetup
from convenor.venues.models.site import Site, SiteHours, SiteTravel

__all__ = [
    "BookableUnit",
    "Closure",
    "Equipment",
    "Room",
    "RoomEquipment",
    "RoomSetup",
    "Site",
    "SiteHours",
    "SiteTravel",
]
