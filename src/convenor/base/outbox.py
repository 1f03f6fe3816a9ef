"""What leaves the house: written with the decision in one transaction, sent by a worker after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection

from convenor.base import clock, request_id, wake
from convenor.base.enums import WorkState
from convenor.base.models import OutboxMessage
from convenor.base.transactions import TRIES, Busy


class OutsideTransaction(RuntimeError):
    """A message without the transaction of the change that it tells of could be sent for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`kind` names the deliverer; `key` names the fact that is told, once for ever."""

    kind: str
    key: str
    payload: Mapping[str, Any]
    run_at: datetime | None = None


def put(*, kind: str, key: str, payload: Mapping[str, Any], run_at: datetime | None = None) -> None:
    """Have a message sent once this transaction is committed; a second one with the same kind and key is dropped."""
    put_all([Message(kind=kind, key=key, payload=payload, run_at=run_at)])


def put_all(messages: Iterable[Message]) -> None:
    """`put` for many, in one statement per five hundred."""
    _require_transaction()
    rows = [_row(kind=m.kind, key=m.key, payload=m.payload, run_at=m.run_at) for m in messages]
    OutboxMessage.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    wake.when_committed()


def put_latest(*, kind: str, topic: str, payload: Mapping[str, Any], window: timedelta) -> None:
    """Have the newest word on `topic` sent, `window` after the first: what is still waiting is replaced.

    Ten changes of one meeting within the window make one message.
    """
    _require_transaction()
    row = _row(kind=kind, key=f"{topic}#{uuid4().hex}", payload=payload, run_at=clock.now() + window)
    row.topic = topic
    # Another transaction may be first by a hair, and a worker then take its message: neither way is enough alone.
    if not any(_replace_waiting(kind, topic, payload) or _inserted(row) for _ in range(TRIES)):
        raise Busy
    wake.when_committed()


def take_waiting(*, kind: str, begins: str) -> list[dict[str, Any]]:
    """Take what still waits, of one kind and with keys that begin so, as done: the caller tells it all at once. Their contents, oldest first."""
    _require_transaction()
    waiting = OutboxMessage.objects.filter(kind=kind, key__startswith=begins, state=WorkState.READY)
    rows = list(
        waiting.select_for_update(
            no_key=True, skip_locked=connection.features.has_select_for_update_skip_locked
        ).order_by("pk")
    )
    taken = OutboxMessage.objects.filter(pk__among=[row.pk for row in rows])
    taken.update(state=WorkState.DONE, topic="", finished_at=clock.now())
    return [row.payload for row in rows]


def _replace_waiting(kind: str, topic: str, payload: Mapping[str, Any]) -> int:
    waiting = OutboxMessage.objects.filter(kind=kind, topic=topic, state=WorkState.READY, attempts=0)
    return waiting.update(payload=dict(payload), request_id=request_id.current())


def _inserted(row: OutboxMessage) -> bool:
    OutboxMessage.objects.bulk_create([row], ignore_conflicts=True)
    return OutboxMessage.objects.filter(kind=row.kind, key=row.key).exists()


def _row(*, kind: str, key: str, payload: Mapping[str, Any], run_at: datetime | None) -> OutboxMessage:
    return OutboxMessage(
        kind=kind,
        key=key,
        payload=dict(payload),
        run_at=run_at or clock.now(),
        request_id=request_id.current(),
    )


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise OutsideTransaction("put messages inside the action's transaction")
