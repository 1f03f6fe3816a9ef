"""What interop puts into the registries of the apps below it."""

from __future__ import annotations

from datetime import timedelta

from convenor.base import delivery
from convenor.base.tasks import periodic
from convenor.interop import tasks
from convenor.interop.imip import inbox, invitations, notes, proposals, registrations
from convenor.scheduling.actions import counter

NOTES = (notes.proposal, notes.approval, notes.reply, notes.booking_decision, notes.room_missing)


def register() -> None:
    delivery.compose(invitations.KIND, invitations.compose)
    delivery.compose(registrations.KIND, registrations.compose)
    for note in NOTES:
        delivery.compose(note.__name__, note)
    delivery.compose(counter.PROPOSED, proposals.compose_proposed)
    delivery.compose(counter.DECLINED, proposals.compose_declined)
    periodic.every("read_calendars", timedelta(minutes=1), tasks.read_due_calendars)
    if inbox.is_configured():
        periodic.every("read_inbox", timedelta(minutes=1), tasks.read_inbox)
