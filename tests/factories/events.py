"""Events as rows, for tests of one part at a time; tests of whole events make them with the actions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from convenor.base.actor import Actor
from convenor.events.actions.shipped import ship_classes
from convenor.events.drafts import EventDraft
from convenor.events.enums import EventState
from convenor.events.models import ClassVersion, Event, EventClass, Function
from convenor.people.models import Person
from tests.factories.scheduling import ZONE, local, make_meeting

SMALLEST_POLICY = 'title = { en = "Meeting", ro = "Ședință" }\n'


NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
"""Two weeks before make_event's first day."""


def draft_of_event(owner: Person, **fields: Any) -> EventDraft:
    """The same two days as make_event's, as a draft; `fields` replace any of it."""
    values: dict[str, Any] = {
        "title": "Away day",
        "owner_id": owner.pk,
        "zone": ZONE,
        "starts": local("2026-12-07 09:00"),
        "ends": local("2026-12-08 17:00"),
    }
    if "class_version_id" not in fields:
        values["class_version_id"] = make_class().pk
    return EventDraft(**values | fields)


def make_class(code: str = "plain", text: str = SMALLEST_POLICY) -> ClassVersion:
    """The first version of a class, or the next of one that is there."""
    event_class, _ = EventClass.objects.get_or_create(code=code)
    number = event_class.versions.count() + 1
    return ClassVersion.objects.create(event_class=event_class, number=number, text=text)


def make_event(owner: Person, **fields: Any) -> Event:
    """Two days in planning, from Monday, 7 December 2026, nine to five in Bucharest; `fields` replace any of it."""
    values: dict[str, Any] = {
        "key": f"event-{Event.objects.count() + 1}",
        "title": "Away day",
        "state": EventState.PLANNING,
        "owner": owner,
        "zone": ZONE,
        "starts_at": datetime(2026, 12, 7, 7, tzinfo=UTC),
        "ends_at": datetime(2026, 12, 8, 15, tzinfo=UTC),
    }
    if "class_version" not in fields:
        values["class_version"] = make_class()
    return Event.objects.create(**values | fields)


def make_function(
    event: Event, *, key: str = "", meeting: dict[str, Any] | None = None, **fields: Any
) -> Function:
    """A function on a meeting made for it, at ten on the first day; `meeting` goes to make_meeting."""
    number = event.functions.count() + 1
    given = {"title": f"Function {number}"} | (meeting or {})
    saved = make_meeting(event.owner, actor=Actor.system("tests"), **given)
    return Function.objects.create(
        event=event,
        key=key or f"function-{number}",
        number=number,
        occurrence=saved.meeting.occurrences.get(),
        **fields,
    )


def shipped_class(code: str = "team-meeting") -> ClassVersion:
    """The newest version of a class that comes with the package, brought in if it isn't there."""
    ship_classes()
    return EventClass.objects.get(code=code).versions.order_by("-number")[0]
