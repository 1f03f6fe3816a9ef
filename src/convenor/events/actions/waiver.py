"""Taking it on oneself that a check isn't met, and taking that back."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base.actor import Actor
from convenor.base.changes import delete_row, save_row
from convenor.base.transactions import action
from convenor.events.actions.opening import named_for, open_event
from convenor.events.enums import Level
from convenor.events.models import Event, Waiver
from convenor.events.queries.readiness import readiness_of
from convenor.events.rules.readiness import CheckState

LONGEST_NAME = 160


@action
def waive(
    *, actor: Actor, event_id: int, check: str, subject: str = "", reason: str, now: datetime
) -> Waiver:
    """Waive a check, or of its findings the one with that subject; again, with another reason, replaces the reason.

    Raises ValidationError without a reason, or for what the check doesn't find now.
    """
    event = open_event(actor, event_id, None, verb="event.waive")
    actor = named_for(actor, event)
    if not reason.strip():
        raise ValidationError({"reason": [_("Say why; whoever reads the certificate will ask.")]})
    row = Waiver.objects.filter(event=event, check_code=check, subject=subject).first()
    if row is None:
        _must_be_found(event, check, subject, now)
        row = Waiver(event=event, check_code=check, subject=subject)
    changes = {
        "reason": reason,
        "waived_by_id": actor.person_id,
        "waiver_name": name_on_record(actor),
        "waived_at": now,
    }
    save_row(actor=actor, action="event.waive", row=row, changes=changes)
    return row


@action
def withdraw_waiver(*, actor: Actor, event_id: int, waiver_id: int) -> None:
    """The check counts again. Raises Waiver.DoesNotExist."""
    event = open_event(actor, event_id, None, verb="event.waive")
    row = Waiver.objects.get(pk=waiver_id, event=event)
    delete_row(actor=named_for(actor, event), action="event.withdraw_waiver", row=row)


def _must_be_found(event: Event, code: str, subject: str, now: datetime) -> None:
    check = readiness_of([event.pk], now)[event.pk].of(code)
    if check is None or not _finds(check, subject):
        raise ValidationError({"check": [_("There is nothing to waive here any more; look again.")]})


def _finds(check: CheckState, subject: str) -> bool:
    return any(each.level != Level.OK and subject in {"", each.finding.subject} for each in check.judged)


def name_on_record(actor: Actor) -> str:
    """Who it was, and in whose name if it wasn't their own."""
    if not actor.on_behalf_of_name:
        return actor.name[:LONGEST_NAME]
    words = {"name": actor.name, "principal": actor.on_behalf_of_name}
    return (_("%(name)s for %(principal)s") % words)[:LONGEST_NAME]
