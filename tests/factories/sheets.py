"""Events with functions, contacts and sheets, as the tests of sheets and their screens need them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from convenor.events.enums import Service
from convenor.events.models import Contact, Event, Function
from convenor.people.models import Person
from tests.factories.events import make_event, make_function
from tests.factories.people import OutsiderFactory

CATERED: Mapping[str, Any] = {"catering": "Coffee for 40", "av": "Two microphones"}


def make_contact(event: Event, service: Service, name: str, **fields: Any) -> Person:
    """Somebody from outside who answers for the service."""
    person = OutsiderFactory.create(name=name, email=f"{name.lower()}@caterers.example", **fields)
    assert isinstance(person, Person)
    Contact.objects.create(event=event, service=service, person=person)
    return person


def make_catered_event(owner: Person, *, functions: int = 1, **fields: Any) -> tuple[Event, list[Function]]:
    """An event whose functions all need catering and AV."""
    event = make_event(owner, **fields)
    return event, [make_function(event, **CATERED) for _n in range(functions)]
