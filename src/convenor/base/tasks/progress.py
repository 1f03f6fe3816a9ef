"""How far long work is, told by the work itself, and whether it has been asked to stop.

A task calls `report`; the worker's pulse writes it to the job's row and learns there whether
somebody cancelled. Outside a worker, `watched` gives the same reports to a function: the command
line draws its bar from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


class Cancelled(Exception):
    """Somebody asked the running work to stop, or it has been lost to another worker."""


@dataclass(slots=True)
class Progress:
    """`done` of `total` (None: nobody knows) steps; `label` says what is being done now."""

    done: int = 0
    total: int | None = None
    label: str = ""
    cancelled: bool = False
    listener: Callable[[Progress], None] | None = None


_current: ContextVar[Progress | None] = ContextVar("progress", default=None)


def report(*, done: int, total: int | None = None, label: str = "") -> None:
    """Say how far the present work is; Cancelled if it should stop here. Cheap: call it for every step."""
    progress = _current.get()
    if progress is None:
        return
    progress.done, progress.total, progress.label = done, total, label[:200]
    if progress.listener is not None:
        progress.listener(progress)
    if progress.cancelled:
        raise Cancelled


@contextmanager
def watched(progress: Progress) -> Iterator[Progress]:
    """Have what runs inside report to `progress`."""
    token = _current.set(progress)
    try:
        yield progress
    finally:
        _current.reset(token)
