"""Rolls, registrations and seats as rows, for tests of one part at a time; tests of whole rolls make them with the actions."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from convenor.attendance.enums import SeatState, Source
from convenor.attendance.models import Allotment, Registration, Roll, Seat
from convenor.events.models import Event
from tests.factories.events import NOW
from tests.factories.people import DepartmentFactory


def make_roll(event: Event, capacity: int | None = 10, **fields: Any) -> Roll:
    """The event's own roll, or with `function` that function's, of a capacity set by hand."""
    values = {"capacity": capacity, "limit": capacity, "follows_room": False}
    return Roll.objects.create(event=event, **values | fields)


def make_allotment(roll: Roll, size: int = 3, **fields: Any) -> Allotment:
    """A department's, made for it unless one is given."""
    owner = {} if {"department", "organisation"} & fields.keys() else {"department": DepartmentFactory()}
    return Allotment.objects.create(roll=roll, size=size, **owner | fields)


def make_registration(event: Event, name: str = "", **fields: Any) -> Registration:
    """Somebody from outside, who came by the registration page."""
    number = event.registrations.count() + 1
    name = name or f"Guest {number}"
    values: dict[str, Any] = {
        "name": name,
        "email": f"guest{number}@partner.example",
        "source": Source.PUBLIC,
        "token": secrets.token_urlsafe(32),
        "code": secrets.token_hex(8).upper(),
        "search": name.lower(),
    }
    return Registration.objects.create(event=event, **values | fields)


def make_seat(roll: Roll, state: SeatState = SeatState.CONFIRMED, **fields: Any) -> Seat:
    """A seat on the roll, of a registration made for it unless one is given."""
    if "registration" not in fields:
        fields["registration"] = make_registration(roll.event)
    if state == SeatState.OFFERED:
        fields.setdefault("offer_expires_at", NOW + timedelta(days=1))
    return Seat.objects.create(roll=roll, state=state, **fields)
