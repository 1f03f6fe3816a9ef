"""Which function sends which kind of message."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from convenor.base.models import OutboxMessage


class Delivery(Enum):
    """SENT: it is out. KEPT: there is nowhere to send it, so it stays in the outbox to be seen."""

    SENT = "sent"
    KEPT = "kept"


class Undeliverable(Exception):
    """Trying again can't help; the text says why."""


Deliverer = Callable[[OutboxMessage], Delivery]

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
