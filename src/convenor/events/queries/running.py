"""Whoever runs an event, as they deal with its meetings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from convenor.base.actor import Actor
from convenor.base.permissions import coordinator
from convenor.events.models import Event


def runner(actor: Actor, event: Event, organisers: Iterable[int] = ()) -> Actor:
    """The actor with leave to act for the event's owner and the others who organise its functions.

    Only for meetings of this event, once the actor was permitted to change it: a sponsor runs the event, but
    needn't be a delegate of its coordinator, and reads nothing else of theirs.
    """
    if actor.is_system or coordinator.test(actor):
        return actor
    # `named_for` gives a plain actor, which `replace` takes; the name goes again.
    plain = replace(
        actor.named_for(event.owner_id, ""),
        on_behalf_of=actor.on_behalf_of,
        on_behalf_of_name=actor.on_behalf_of_name,
    )
    return replace(plain, stands_in_for=frozenset({event.owner_id, *organisers} - {actor.person_id}))
