"""What the tests of the registration pages make, send and read."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from convenor.attendance.actions.form import set_form
from convenor.attendance.drafts import FieldDraft, FormDraft, OptionDraft
from convenor.attendance.enums import FieldKind, FormMode
from convenor.attendance.models import RegistrationForm, Roll
from convenor.events.models import Event
from tests.factories.cast import actor_of
from tests.factories.events import NOW

SIZE = FieldDraft(
    "size",
    FieldKind.CHOICE,
    "T-shirt",
    "Tricou",
    options=(OptionDraft("s", "Small", "Mic"), OptionDraft("l", "Large", "Mare", limit=1)),
)


def open_form(event: Event, capacity: int | None = 10, **fields: Any) -> RegistrationForm:
    """A public form that is open, of an event whose roll has this capacity."""
    values: dict[str, Any] = {"mode": FormMode.PUBLIC, "is_open": True} | fields
    old = RegistrationForm.objects.filter(event=event).first()
    form = set_form(
        actor=actor_of(event.owner),
        event_id=event.pk,
        draft=FormDraft(**values),
        version=old.version if old else None,
        now=NOW,
    )
    rolls = Roll.objects.filter(event=event, function__isnull=True)
    rolls.update(capacity=capacity, limit=capacity, follows_room=False)
    return form


def address(form: RegistrationForm) -> str:
    return f"/register/{form.token}/"


def opened(client: Client, form: RegistrationForm) -> str:
    """The stamp of the form, as the page has it."""
    text = client.get(address(form)).content.decode()
    found = re.search(r'name="opened" value="([^"]+)"', text)
    assert found, text
    return found[1]


def typed(**fields: Any) -> dict[str, Any]:
    return {"name": "Ana Ionescu", "email": "ana@partner.example", "website": ""} | fields


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())
