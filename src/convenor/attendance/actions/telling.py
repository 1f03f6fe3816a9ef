"""What registrants' calendars were told, written with the mails that tell it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from convenor.attendance.models import Registration
from convenor.base.transactions import action


@action
def lock_for_telling(registration_id: int) -> bool:
    """Let two workers who have something for one registrant go one after the other; False where there is nobody any more."""
    rows = Registration.objects.select_for_update(no_key=True, of=("self",)).filter(pk=registration_id)
    return rows.first() is not None


@action
def note_told(*, registration_id: int, told: Mapping[str, Any]) -> None:
    """The registration's version stays: nothing that anybody edits has changed."""
    Registration.objects.filter(pk=registration_id).update(told=dict(told))
