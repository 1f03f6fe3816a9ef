"""How an app tells those above it that what they worked out may no longer hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Stale:
    """Whom and what a change touched; no start or end means unbounded on that side."""

    person_ids: tuple[int, ...] = ()
    room_ids: tuple[int, ...] = ()
    site_ids: tuple[int, ...] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None


stale_listeners: list[Callable[[Stale], None]] = []
"""Filled in `AppConfig.ready()`; each is called in the transaction of the change, and should do one insert."""


def tell_stale(
    *,
    person_ids: Iterable[int] = (),
    room_ids: Iterable[int] = (),
    site_ids: Iterable[int] = (),
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> None:
    """Call every listener once; not at all where nobody and nothing is named."""
    stale = Stale(
        tuple(sorted(person_ids)), tuple(sorted(room_ids)), tuple(sorted(site_ids)), starts_at, ends_at
    )
    if stale.person_ids or stale.room_ids or stale.site_ids:
        for listener in stale_listeners:
            listener(stale)
