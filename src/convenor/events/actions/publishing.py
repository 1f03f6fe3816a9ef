"""Showing an event's programme to everybody who has its address, and taking it back."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.events.actions.opening import named_for, open_event
from convenor.events.enums import Confidentiality, EventState
from convenor.events.models import Event, Function


@action
def publish(*, actor: Actor, event_id: int, now: datetime) -> Event:
    """Give the public programme an address that can't be guessed; one that it has already stays.

    Raises Event.DoesNotExist, Refused, and ValidationError for an event that isn't open, or has nothing to show.
    """
    event = open_event(actor, event_id, None, "event.publish")
    if event.public_token:
        return event
    if event.confidentiality != Confidentiality.OPEN:
        sentence = _("Only an open event has a public programme; this one is %(level)s.")
        level = event.get_confidentiality_display().lower()
        raise ValidationError({"confidentiality": [sentence % {"level": level}]})
    if event.state == EventState.ENQUIRY:
        sentence = _("An enquiry has no programme yet: take it on first.")
        raise ValidationError({"state": [sentence]})
    if not Function.objects.filter(event=event, is_public=True).exists():
        sentence = _("No function is marked for the public programme yet.")
        raise ValidationError({"is_public": [sentence]})
    _set(actor, event, secrets.token_urlsafe(32), "event.published", now)
    return event


@action
def unpublish(*, actor: Actor, event_id: int, now: datetime) -> Event:
    """Take the address away; a new publication gets another one. Raises Event.DoesNotExist, Refused."""
    event = open_event(actor, event_id, None, "event.publish", also_over=True)
    if event.public_token:
        _set(actor, event, "", "event.unpublished", now)
    return event


def _set(actor: Actor, event: Event, token: str, verb: str, now: datetime) -> None:
    """The address itself stays out of the audit log: whoever reads that needn't be able to pass it on."""
    event.public_token = token
    event.save(update_fields=["public_token"])
    audit.record(
        actor=named_for(actor, event), action=verb, obj=event, after={"is_public": bool(token), "at": now}
    )
