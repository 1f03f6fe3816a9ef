"""What an action would do, told by doing it and taking it back: a preview that can't differ from the deed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction

from convenor.base.transactions import action

T = TypeVar("T")
R = TypeVar("R")


@action
def rehearse(act: Callable[[], T], look: Callable[[T], R]) -> R:
    """What `look` sees after `act`, of which nothing stays: neither rows nor mail nor record. Raises what `act` raises."""
    found = look(act())
    transaction.set_rollback(True)
    return found
