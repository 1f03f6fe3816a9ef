"""What calendars were told of a meeting, written with the mails that tell it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from convenor.base.transactions import action
from convenor.scheduling.models import Meeting, Told


@dataclass(frozen=True, slots=True)
class NowTold:
    """What a person's calendar holds from now on; nothing, where it was told that the meeting is off."""

    person_id: int
    parts: Mapping[str, Any]
    sequence: int
    is_cancelled: bool = False


@action
def lock_for_telling(meeting_id: int) -> None:
    """Let two workers who have something to tell of one meeting go one after the other."""
    Meeting.objects.select_for_update(no_key=True, of=("self",)).filter(pk=meeting_id).first()


@action
def note_told(*, meeting_id: int, told: Iterable[NowTold], at: datetime) -> None:
    """One statement for each five hundred."""
    rows = [
        Told(
            meeting_id=meeting_id,
            person_id=each.person_id,
            parts=dict(each.parts),
            sequence=each.sequence,
            is_cancelled=each.is_cancelled,
            told_at=at,
        )
        for each in told
    ]
    columns = ["parts", "sequence", "is_cancelled", "told_at"]
    Told.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["meeting", "person"],
        update_fields=columns,
    )
