"""Sites, rooms, equipment and closures."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

import factory
from factory.django import DjangoModelFactory

from convenor.venues.enums import SetupStyle, UnitKind
from convenor.venues.models import (
    BookableUnit,
    Closure,
    Equipment,
    Room,
    RoomEquipment,
    RoomSetup,
    Site,
    SiteHours,
    SiteTravel,
)


class SiteFactory(DjangoModelFactory):
    class Meta:
        model = Site

    code = factory.Sequence(lambda n: f"S{n}")
    name = factory.LazyAttribute(lambda site: f"Site {site.code}")
    zone = "Europe/Bucharest"
    country = "RO"


class SiteHoursFactory(DjangoModelFactory):
    class Meta:
        model = SiteHours

    site = factory.SubFactory(SiteFactory)
    weekday = 0
    opens = time(8)
    closes = time(20)


class SiteTravelFactory(DjangoModelFactory):
    class Meta:
        model = SiteTravel

    origin = factory.SubFactory(SiteFactory)
    destination = factory.SubFactory(SiteFactory)
    minutes = 90


class EquipmentFactory(DjangoModelFactory):
    class Meta:
        model = Equipment

    code = factory.Sequence(lambda n: f"thing-{n}")
    name = factory.LazyAttribute(lambda kind: kind.code.title())


class BookableUnitFactory(DjangoModelFactory):
    """An undivided space; give `equipment` for a piece of it."""

    class Meta:
        model = BookableUnit

    site = factory.SubFactory(SiteFactory)
    equipment = None
    label = factory.Sequence(lambda n: f"unit {n}")
    kind = factory.LazyAttribute(lambda unit: UnitKind.EQUIPMENT if unit.equipment else UnitKind.SPACE)


class RoomFactory(DjangoModelFactory):
    """A room with a space of its own, or the spaces given as `units`; `capacity=12` gives it a usual set-up as a boardroom."""

    class Meta:
        model = Room
        skip_postgeneration_save = True

    site = factory.SubFactory(SiteFactory)
    code = factory.Sequence(lambda n: f"R{n:03}")
    name = factory.LazyAttribute(lambda room: f"Room {room.code}")

    @factory.post_generation
    def units(self: Any, create: bool, extracted: Any, **_kwargs: Any) -> None:
        if create:
            self.units.set(extracted or [BookableUnitFactory(site=self.site, label=self.code)])

    @factory.post_generation
    def capacity(self: Any, create: bool, extracted: Any, **_kwargs: Any) -> None:
        if create and extracted:
            RoomSetupFactory(room=self, capacity=extracted)


class RoomSetupFactory(DjangoModelFactory):
    class Meta:
        model = RoomSetup

    room = factory.SubFactory(RoomFactory)
    style = SetupStyle.BOARDROOM
    capacity = 8
    is_default = True


class RoomEquipmentFactory(DjangoModelFactory):
    class Meta:
        model = RoomEquipment

    room = factory.SubFactory(RoomFactory)
    equipment = factory.SubFactory(EquipmentFactory)


class ClosureFactory(DjangoModelFactory):
    """Closes its room if one is given, otherwise the whole site."""

    class Meta:
        model = Closure

    room = None
    site = factory.LazyAttribute(lambda closure: closure.room.site if closure.room else SiteFactory())
    starts_at = datetime(2026, 12, 7, 8, tzinfo=UTC)
    ends_at = datetime(2026, 12, 7, 18, tzinfo=UTC)
    reason = "Painting"
