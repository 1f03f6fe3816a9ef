"""Marks parts of the schedule to be looked at again for conflicts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from convenor.base.inserting import insert_rows
from convenor.kernel.instants import Span, datetime_of
from convenor.scheduling.models import StaleScope


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whom and what a change touched; `span` takes in the times before and after it."""

    person_ids: Collection[int] = ()
    room_ids: Collection[int] = ()
    occurrence_ids: Collection[int] = ()
    site_ids: Collection[int] = ()
    span: Span

    @property
    def names_something(self) -> bool:
        return bool(self.person_ids or self.room_ids or self.occurrence_ids or self.site_ids)


def note_stale(
    *,
    person_ids: Iterable[int] = (),
    room_ids: Iterable[int] = (),
    occurrence_ids: Iterable[int] = (),
    site_ids: Iterable[int] = (),
    span: Span,
) -> None:
    """One INSERT in the transaction of the change; nothing where nobody and nothing is named."""
    scope = Scope(
        person_ids=tuple(person_ids),
        room_ids=tuple(room_ids),
        occurrence_ids=tuple(occurrence_ids),
        site_ids=tuple(site_ids),
        span=span,
    )
    note_all_stale([scope])


def note_all_stale(scopes: Sequence[Scope]) -> None:
    """`note_stale` for many, in one INSERT."""
    insert_rows(
        StaleScope(
            person_ids=sorted(set(scope.person_ids)),
            room_ids=sorted(set(scope.room_ids)),
            occurrence_ids=sorted(set(scope.occurrence_ids)),
            site_ids=sorted(set(scope.site_ids)),
            starts_at=datetime_of(scope.span.start),
            ends_at=datetime_of(scope.span.end),
        )
        for scope in scopes
        if scope.names_something
    )
