"""The whole schedule in plain values, to compare what two ways of changing it leave behind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from convenor.base.actor import Actor
from convenor.base.models import AuditEntry, OutboxMessage
from convenor.scheduling.actions.together import (
    Move,
)
from convenor.scheduling.models import Booking, Claim, Meeting, Occurrence, Participation

SYSTEM = Actor.system("tests")
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)


def house() -> list[Any]:
    """Everything that a change leaves behind, in plain values, without the keys of rows."""
    bookings = Booking.objects.exclude(state="released")
    columns = ("room", "equipment", "quantity", "starts_at", "ends_at", "reserved_start", "reserved_end")
    told = OutboxMessage.objects.filter(payload__has_key="person_ids")
    return [
        sorted(Occurrence.objects.values_list("pk", "recurrence_id", "starts_at", "ends_at", "state")),
        sorted(Occurrence.objects.values_list("pk", "is_override")),
        sorted(
            Participation.objects.values_list(
                "occurrence", "person", "partstat", "blocks", "starts_at", "ends_at"
            )
        ),
        sorted(map(str, bookings.values_list("occurrence", *columns, "state", "setup_style"))),
        sorted(Claim.objects.filter(is_active=True).values_list("unit", "starts_at", "ends_at")),
        sorted(
            map(
                str,
                Meeting.objects.values_list(
                    "pk", "state", "version", "sequence", "local_start", "duration_minutes", "exdates"
                ),
            )
        ),
        sorted(AuditEntry.objects.values_list("object_id", "action")),
        sorted(map(str, told.values_list("payload", flat=True))),
    ]


def moves_of(rows: Sequence[Occurrence], by: timedelta) -> list[Move]:
    return [Move(row.pk, row.starts_at + by, row.ends_at + by) for row in rows]


def occurrences(*meetings: Meeting) -> list[Occurrence]:
    return list(Occurrence.objects.filter(meeting__in=meetings).order_by("starts_at", "pk"))
