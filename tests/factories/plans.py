"""A small company, and a plan file of an event in it that uses every part of the format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from convenor.base.actor import Actor
from convenor.people.models import Organisation, Person
from convenor.venues.models import Site
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.events import make_class
from tests.factories.people import DepartmentFactory, MemberFactory
from tests.factories.venues import (
    BookableUnitFactory,
    EquipmentFactory,
    RoomFactory,
    RoomSetupFactory,
    SiteFactory,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)

PLAN = '''
[event]
key = "away-day"
title = "Away day"
class = "plain"
owner = "alice@example.org"
sponsor = "bob@example.org"
host = "eng"
departments = ["ops"]
organisations = ["Elsewhere Ltd"]
site = "HQ"
priority = "high"
load_in = 2026-12-07T08:00:00
start = 2026-12-07T09:00:00
end = 2026-12-08T17:00:00
load_out = 2026-12-08T19:00:00
expected = 20
guaranteed = 15
objectives = """
Know each other.
Like each other."""

[[people]]
email = "bob@example.org"
role = "chair"
precedence = 1

[[people]]
emails = ["dana@example.org", "erik@example.org"]

[[people]]
email = "greta@elsewhere.example"
name = "Greta Garbo"
organisation = "Elsewhere Ltd"
job_title = "Guest of honour"
role = "guest"
host = "dana@example.org"
arrives = 2026-12-07T08:45:00
badge = true
note = "Vegetarian lunch"

[[contact]]
service = "catering"
email = "cora@caterer.example"
name = "Cora Cook"
organisation = "Caterer"

[[function]]
key = "set-up"
title = "Set-up"
kind = "setup"
day = 0
start = "08:00"
minutes = 30
rooms = ["HALL"]

[[function]]
key = "opening"
title = "Opening"
kind = "plenary"
start = 2026-12-07T09:30:00
minutes = 90
host = "bob@example.org"
rooms = ["HALL", "SMALL"]
setup_style = "theatre"
headcount = 40
equipment = { projector = 1 }
for_all = true
public = true
speakers = [
  { person = "erik@example.org", topic = "Where we are", state = "confirmed" },
  { person = "greta@elsewhere.example", topic = "Where you are" },
]
attendees = [{ person = "alice@example.org", role = "optional" }]
run_of_show = [
  { at = -5, what = "Doors open", service = "security" },
  { at = 0, what = "Welcome", minutes = 10, owner = "bob@example.org", cue = "Lights down" },
]
catering = "Water on the stage"

[[function]]
key = "dinner"
title = "Dinner"
kind = "dinner"
day = 0
start = "19:00"
minutes = 120
track = "Evening"
sheet = false

[[task]]
key = "book-bus"
title = "Book the bus"
due = "-14wd"
owner = "owner"
takes_days = 2
checklist = ["Ask for offers", { text = "Sign", done = true }]

[[task]]
key = "menu"
title = "Settle the menu"
due = 2026-12-01
owner = "catering"
after = ["book-bus"]
milestone = true
description = "With the caterer"
'''


@dataclass(frozen=True, slots=True)
class Company:
    alice: Person
    bob: Person
    charlie: Person
    site: Site

    @property
    def actor(self) -> Actor:
        return actor_of(self.alice)


def make_company() -> Company:
    """People, departments, rooms and equipment of the plan; everybody but its outsiders, Greta and Cora."""
    site = SiteFactory.create(code="HQ", name="Head office")
    DepartmentFactory.create(code="eng")
    DepartmentFactory.create(code="ops")
    first, second = alice(home_site=site), bob(home_site=site)
    for name in ("dana", "erik"):
        MemberFactory.create(email=f"{name}@example.org", name=name.title(), home_site=site)
    outsider = charlie(organisation=Organisation.objects.create(name="Elsewhere Ltd"))
    for code, seats in (("HALL", 60), ("SMALL", 8)):
        room = RoomFactory.create(code=code, site=site)
        RoomSetupFactory.create(room=room, style="theatre", capacity=seats)
        RoomSetupFactory.create(room=room, style="boardroom", capacity=seats // 2, is_default=False)
    projector = EquipmentFactory.create(code="projector", is_movable=True)
    BookableUnitFactory.create(site=site, equipment=projector)
    make_class("plain")
    return Company(first, second, outsider, site)
