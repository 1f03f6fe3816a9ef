"""What a registration is refused for."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from convenor.attendance.models import Registration, Seat
from convenor.base.models import AuditEntry
from convenor.events.models import Event
from tests.factories.rolls import put_on


def codes(error: ValidationError) -> dict[str, list[str | None]]:
    return {name: [each.code for each in errors] for name, errors in error.error_dict.items()}


def refused(event: Event, name: str, **fields: Any) -> dict[str, list[str | None]]:
    """What a registration is refused for; nothing is written of it."""
    before = Registration.objects.count(), Seat.objects.count(), AuditEntry.objects.count()
    with pytest.raises(ValidationError) as caught:
        put_on(event, name, **fields)
    assert (Registration.objects.count(), Seat.objects.count(), AuditEntry.objects.count()) == before
    return codes(caught.value)
