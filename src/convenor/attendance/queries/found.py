"""Registrations for the search box: of the rolls that the reader may see."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef

from convenor.attendance.models import Registration, Seat
from convenor.attendance.queries.overseen import rolls_seen_by
from convenor.attendance.queries.seats import words_in
from convenor.base.actor import Actor

AGO = timedelta(days=31)
"""How long after its end an event's people are still found here; what is older is found on its roll."""


def find_registrations_for(actor: Actor, text: str, *, now: datetime, most: int) -> list[Registration]:
    """Each word somewhere in name, address or organisation; the next event's first. 1 query."""
    rolls = rolls_seen_by(actor).filter(event__ends_at__gt=now - AGO)
    on_it = Exists(Seat.objects.filter(registration=OuterRef("pk"), roll__in=rolls.values("pk")))
    rows = Registration.objects.filter(on_it, words_in(text), event__ends_at__gt=now - AGO)
    rows = rows.select_related("event").order_by(F("event__starts_at").asc(nulls_last=True), "name", "pk")
    return list(rows[:most])
