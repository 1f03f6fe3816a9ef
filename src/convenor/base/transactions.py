"""One transaction per action, tried again where the database asks for it."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar
from weakref import WeakSet

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 8
_LIMITED: WeakSet[Any] = WeakSet()  # the drivers' connections whose waiting is limited already
LOCK_TIMEOUT = "10s"  # PostgreSQL; SQLite waits by settings.DATABASES' timeout
DEADLOCK, SERIALIZATION, LOCK_NOT_AVAILABLE = "40P01", "40001", "55P03"


class Busy(Exception):
    """Others kept the rows for too long; nothing was changed, and trying again is right."""

    def __str__(self) -> str:
        return _("Others are changing the same things just now. Nothing was changed; please try again.")


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Run `function` in one transaction; raise Busy where waiting and trying again didn't help.

    PostgreSQL ends one of two transactions that wait for each other (40P01) or that can't be put in
    an order (40001): the whole action runs again, up to TRIES times, so it must do nothing outside
    the database before it commits. Inside another transaction it is a savepoint of that one.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            with transaction.atomic():
                return function(*args, **kwargs)
        for attempt in range(1, TRIES + 1):
            try:
                _limit_waiting()
                with transaction.atomic():
                    return function(*args, **kwargs)
            except OperationalError as error:
                if _is_collision(error) and attempt < TRIES:
                    time.sleep(0.002 * attempt * (1 + os.getpid() % 7))  # so that the two don't meet again
                elif _is_collision(error) or _is_locked(error):
                    raise Busy from error
                else:
                    raise
        raise AssertionError("unreachable")

    return run


def _limit_waiting() -> None:
    """Once per connection, outside a transaction, whose rollback would take the setting back."""
    if connection.vendor != "postgresql":
        return
    connection.ensure_connection()
    if connection.connection not in _LIMITED:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
        _LIMITED.add(connection.connection)


def _state(error: OperationalError) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)


def _is_collision(error: OperationalError) -> bool:
    return _state(error) in {DEADLOCK, SERIALIZATION}


def _is_locked(error: OperationalError) -> bool:
    return _state(error) == LOCK_NOT_AVAILABLE or "is locked" in str(error)
