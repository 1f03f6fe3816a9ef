"""Sending somebody again what their calendar should hold of a meeting (METHOD:REFRESH, RFC 5546 §3.2.6)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base import audit, outbox
from convenor.base.actor import Actor
from convenor.base.models import OutboxMessage
from convenor.base.permissions import require
from convenor.base.transactions import action
from convenor.scheduling.actions.record import INVITATION, REQUEST
from convenor.scheduling.models import Attendee
from convenor.scheduling.queries.meetings import meeting_for

PAUSE = timedelta(hours=1)  # between two of these: two mail robots that ask each other must fall silent
TOO_SOON = "too_soon"  # the code of the refusal


@action
def send_again(*, actor: Actor, meeting_id: int, person_id: int, now: datetime) -> None:
    """Put the invitation out once more for this attendee alone, whatever they were told before.

    Raises Meeting.DoesNotExist, Refused, and ValidationError (code TOO_SOON) within an hour of the last time.
    """
    meeting = meeting_for(actor, meeting_id)
    require(actor, "meeting.respond", person_id)
    if not Attendee.objects.filter(meeting=meeting, person=person_id).exists():
        raise ValidationError({"person_id": [_("There is nothing to answer: not asked, or cancelled.")]})
    # Two at the same moment have the same key, of which the outbox keeps one.
    key = f"again:{meeting.pk}:{person_id}:"
    sent = OutboxMessage.objects.filter(kind=INVITATION, key__startswith=key, created_at__gt=now - PAUSE)
    if sent.exists():
        raise ValidationError(_("It was sent within the last hour already."), code=TOO_SOON)
    payload = {
        "method": REQUEST,
        "meeting_id": meeting.pk,
        "uid": meeting.uid,
        "sequence": meeting.sequence,
        "recurrence_id": None,
        "person_ids": [person_id],
        "force": True,
    }
    outbox.put(kind=INVITATION, key=f"{key}{now:%Y%m%d%H}", payload=payload)
    audit.record(actor=actor, action="meeting.sent_again", obj=meeting)
