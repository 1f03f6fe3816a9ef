"""What devices at doors send, for tests of check-in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from convenor.attendance.actions.check_in import record_scans
from convenor.attendance.drafts import ScanDraft
from convenor.attendance.enums import ScanKind
from convenor.attendance.models import Roll, Seat
from convenor.attendance.rules.check_in import ScanResult
from convenor.base.actor import Actor

DOOR = Actor.system("door")
OPENS = datetime(2026, 12, 7, 7, tzinfo=UTC)
"""When make_event's first day starts."""


def scan(seat: Seat | None = None, minute: int = 0, kind: ScanKind = ScanKind.IN, **fields: Any) -> ScanDraft:
    """A scan of the seat's code, so many minutes after the start."""
    values: dict[str, Any] = {"uid": uuid4(), "at": OPENS + timedelta(minutes=minute), "kind": kind}
    if seat is not None and "registration_id" not in fields:
        values["code"] = seat.registration.code
    return ScanDraft(**values | fields)


def back(of: ScanDraft, minute: int = 0) -> ScanDraft:
    """The scan that takes another back."""
    return ScanDraft(
        uid=uuid4(),
        at=OPENS + timedelta(minutes=minute),
        kind=ScanKind.UNDO,
        code=of.code,
        registration_id=of.registration_id,
        undoes=of.uid,
    )


def at_door(roll: Roll, *scans: ScanDraft, actor: Actor = DOOR) -> list[ScanResult]:
    """Sent ten hours after the start."""
    return record_scans(actor=actor, roll_id=roll.pk, scans=scans, now=OPENS + timedelta(hours=10))
