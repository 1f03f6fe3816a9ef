"""Rows that workers take by lease: jobs and outgoing messages.

A row is claimed by a conditional UPDATE, whose row count says who won. What was claimed by a worker
that died comes free when its lease lapses, so everything here happens at least once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

from django.db.models import F, Q

from convenor.base.enums import WorkState
from convenor.base.models.work import Leased

Row = TypeVar("Row", bound=Leased)

LEASE = timedelta(seconds=60)
CANDIDATES = 8  # if others take all of them meanwhile, there is time to look again
ERROR_LENGTH = 20_000


def claim(
    model: type[Row],
    *,
    now: datetime,
    lease: timedelta = LEASE,
    among: Q | None = None,
    order: Sequence[str] = (),
) -> Row | None:
    """Take the first row that is due, or whose lease has lapsed, and count the attempt; None if there is none."""
    free = Q(state=WorkState.READY, run_at__lte=now) | Q(state=WorkState.LEASED, leased_until__lte=now)
    rows = model._default_manager
    due = rows.filter(free, among or Q()).order_by(*order, "run_at", "pk")
    for pk in due.values_list("pk", flat=True)[:CANDIDATES]:
        taken = rows.filter(free, pk=pk).update(
            state=WorkState.LEASED, lease=uuid4().hex, leased_until=now + lease, attempts=F("attempts") + 1
        )
        if taken:
            return rows.get(pk=pk)
    return None


def _held(row: Leased) -> Any:
    """The row while this claim of it stands: after the lease has lapsed, another's token is on it."""
    return type(row)._default_manager.filter(pk=row.pk, state=WorkState.LEASED, lease=row.lease)


def renew(row: Leased, *, now: datetime, lease: timedelta = LEASE, **changes: Any) -> bool:
    """Hold the row for longer; False if it is lost to another worker."""
    return bool(_held(row).update(leased_until=now + lease, **changes))


def finish(row: Leased, *, now: datetime, state: WorkState, error: str = "", **changes: Any) -> bool:
    """Leave the row in a final state; False, and nothing written, if it was lost to another worker."""
    return bool(
        _held(row).update(
            state=state,
            lease="",
            leased_until=None,
            finished_at=now,
            last_error=error[-ERROR_LENGTH:],
            **changes,
        )
    )


def put_back(row: Leased, *, run_at: datetime, error: str, **changes: Any) -> bool:
    """Let the row be tried again at `run_at`; False if it was lost to another worker."""
    return bool(
        _held(row).update(
            state=WorkState.READY,
            lease="",
            leased_until=None,
            run_at=run_at,
            last_error=error[-ERROR_LENGTH:],
            **changes,
        )
    )
