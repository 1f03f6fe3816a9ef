"""Opening an event for change: is it the actor's to see and to change, is it still as they saw it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.permissions import require
from convenor.events.enums import OVER
from convenor.events.models import Event
from convenor.events.queries.differences import differences_since
from convenor.events.queries.visibility import events_seen_by
from convenor.events.refusals import StaleEvent

RELATED = ("class_version__event_class", "owner", "sponsor", "budget_holder", "host_department", "site")


def open_event(
    actor: Actor,
    event_id: int,
    version: int | None,
    verb: str = "event.edit",
    *,
    also_over: bool = False,
) -> Event:
    """The event, locked until the transaction ends: our lock for anything about an event. Call it before anything is read.

    `version` None is for changes that don't replace what somebody saw; `also_over` lets through what is closed or
    cancelled. Raises Event.DoesNotExist, Refused, StaleEvent, and ValidationError for an event that is over.
    """
    rows = events_seen_by(actor).select_related(*RELATED)
    event = rows.select_for_update(no_key=True, of=("self",)).get(pk=event_id)
    require(actor, verb, event)
    if version is not None and version != event.version:
        raise StaleEvent(event, differences_since(event, version))
    if not also_over:
        refuse_over(event)
    return event


def refuse_over(event: Event) -> None:
    """Raises ValidationError for an event of which nothing can be changed any more."""
    if event.state in OVER:
        sentence = _("“%(title)s” is %(state)s and can't be changed any more.")
        params = {"title": event.title, "state": event.get_state_display().lower()}
        raise ValidationError({"state": [sentence % params]})


def named_for(actor: Actor, event: Event) -> Actor:
    """The actor, on record as acting for the owner or the sponsor whose delegate they are."""
    if actor.is_system or actor.person_id in {event.owner_id, event.sponsor_id}:
        return actor
    for person in (event.owner, event.sponsor):
        if person is not None and actor.may_act_for(person.pk):
            return actor.named_for(person.pk, person.name)
    return actor


def save_event(
    *,
    actor: Actor,
    event: Event,
    action: str,
    before: dict[str, Any],
    columns: Sequence[str],
    many: Sequence[str] = (),
) -> bool:
    """Save the columns under a new version, with an audit entry; False, and nothing written, where none changed.

    `before` is `audit.snapshot(event, [*columns, *many])` of before; `many` are many-to-many fields, set already.
    """
    after = audit.snapshot(event, [*columns, *many])
    if after == before:
        return False
    event.version += 1
    event.save(update_fields=[*columns, "version"])
    audit.record(
        actor=named_for(actor, event),
        action=action,
        obj=event,
        before={**before, "version": event.version - 1},
        after={**after, "version": event.version},
    )
    return True
