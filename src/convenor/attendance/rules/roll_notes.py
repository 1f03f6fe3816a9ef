"""What is said of a roll on Today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class NoteKind(Enum):
    """What `RollNote.count` counts stands beside each."""

    OFFERS_LAPSE = "offers_lapse"  # offers that end within a day
    GUARANTEE_DUE = "guarantee_due"  # who is coming
    OUTGROWN = "outgrown"  # seats that the room lacks


@dataclass(frozen=True, slots=True)
class RollNote:
    """`at` is when it is due; None where it isn't about a moment."""

    roll_id: int
    title: str
    kind: NoteKind
    count: int
    at: datetime | None
