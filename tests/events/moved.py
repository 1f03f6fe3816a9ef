"""An event that tells people what becomes of it, and what a move of it may touch."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from convenor.base.models import AuditEntry, OutboxMessage
from convenor.events.models import Event, Function, Task
from convenor.events.queries.functions import function_drafts_of
from convenor.people.models import Person
from convenor.scheduling.models import Booking, Participation
from tests.factories.cast import bob
from tests.factories.events import make_class, make_event
from tests.factories.scheduling import local
from tests.factories.venues import (
    SiteFactory,
)

WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
LATER = local("2026-12-14 09:00")
TELLS = """title = { en = "Fair" }
[told]
moved = ["owner", "sponsor"]
postponed = ["sponsor"]
cancelled = ["sponsor"]
"""


def telling_event(owner: Person) -> Event:
    """The two days of make_event at a site, sponsored by Bob, of a class that names whom to tell."""
    return make_event(owner, site=SiteFactory(), class_version=make_class(text=TELLS), sponsor=bob())


def facts() -> list[Any]:
    """What an event's move may touch, to see that nothing was."""
    return [
        sorted(map(str, Event.objects.values_list())),
        sorted(map(str, Function.objects.values_list("occurrence__starts_at", "parked", "parked_rooms"))),
        sorted(map(str, Booking.objects.values_list())),
        sorted(map(str, Task.objects.values_list())),
        sorted(map(str, Participation.objects.values_list())),
        AuditEntry.objects.count(),
        OutboxMessage.objects.count(),
    ]


def times(event: Event) -> list[tuple[str, str]]:
    """Each function's key and start on the event's clocks."""
    return [(each.key, f"{each.local_start:%Y-%m-%d %H:%M}") for each in function_drafts_of(event)]
