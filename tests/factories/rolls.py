"""People on rolls as the actions put them there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from convenor.attendance.actions.registering import register
from convenor.attendance.drafts import RegistrationDraft, Who
from convenor.attendance.enums import SeatState, Source
from convenor.attendance.models import Registration, RegistrationForm, Roll, Seat
from convenor.base.actor import Actor
from convenor.base.models import OutboxMessage
from convenor.events.models import Event
from tests.factories.events import NOW

SYSTEM = Actor.system("tests")


def who(name: str, **fields: Any) -> Who:
    """Somebody from outside, with an address of that name."""
    return Who(**{"name": name, "email": f"{name.lower().replace(' ', '.')}@partner.example"} | fields)


def put_on(
    event: Event,
    name: str,
    *,
    actor: Actor = SYSTEM,
    source: Source = Source.COORDINATOR,
    state: SeatState | None = None,
    now: datetime = NOW,
    **fields: Any,
) -> Registration:
    """Register them; `fields` go to the draft."""
    draft = RegistrationDraft(**{"who": who(name)} | fields)
    return register(actor=actor, event_id=event.pk, draft=draft, source=source, now=now, state=state)


def seat_of(row: Registration, roll: Roll | None = None) -> Seat:
    """The seat on that roll, or their only one."""
    return row.seats.get(roll=roll) if roll else row.seats.get()


def states(roll: Roll) -> dict[str, str]:
    """What each seat of the roll is, by name."""
    return dict(roll.seats.order_by("pk").values_list("registration__name", "state"))


def told(registration: Registration | None = None) -> list[str]:
    """The notices in the outbox, oldest first; of one registration or of all."""
    rows = [each.payload for each in OutboxMessage.objects.filter(kind="registration").order_by("id")]
    return [
        each["notice"] for each in rows if registration is None or each["registration_id"] == registration.pk
    ]


def open_form(event: Event, **fields: Any) -> RegistrationForm:
    """A public form that is open."""
    values = {"token": f"form-{event.pk}", "mode": "public", "is_open": True}
    return RegistrationForm.objects.create(event=event, **values | fields)
