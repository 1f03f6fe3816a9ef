"""Which function sends which kind of message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any

from convenor.base import clock
from convenor.base.models import OutboxMessage
from convenor.base.transactions import action


class Delivery(Enum):
    """SENT: it is out. KEPT: there is nowhere to send it, so it stays in the outbox to be seen."""

    SENT = "sent"
    KEPT = "kept"


class Undeliverable(Exception):
    """Trying again can't help; the text says why."""


Deliverer = Callable[[OutboxMessage], Delivery]
Composer = Callable[[Mapping[str, Any], str, datetime], None]
"""Puts into the outbox what follows from a message, given its content, its key and the time."""

_deliverers: dict[str, Deliverer] = {}


def register(kind: str, deliverer: Deliverer) -> None:
    """Have messages of `kind` sent by `deliverer`, which raises Undeliverable, or anything else to be tried again.

    It may be called twice for one message (a worker that dies after sending): let what it sends
    carry the message's key.
    """
    if kind in _deliverers:
        raise ValueError(f"two deliverers for {kind}")
    _deliverers[kind] = deliverer


def deliver(message: OutboxMessage) -> Delivery:
    deliverer = _deliverers.get(message.kind)
    return deliverer(message) if deliverer else Delivery.KEPT


def compose(kind: str, composer: Composer) -> None:
    """Have messages of `kind` turned into others, such as one mail for each person, in one transaction.

    It may be called twice for one message too: let the keys of what it puts follow from the message's key, or let
    what it writes in the same transaction show that it was done.
    """

    @action
    def run(message: OutboxMessage) -> Delivery:
        composer(message.payload, message.key, clock.now())
        return Delivery.SENT

    register(kind, run)
