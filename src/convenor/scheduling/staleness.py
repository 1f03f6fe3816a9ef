"""Marks parts of the schedule to be looked at again for conflicts."""

from __future__ import annotations

from collections.abc import Iterable

from convenor.kernel.instants import Span, datetime_of
from convenor.scheduling.models import StaleScope


def note_stale(
    *,
    person_ids: Iterable[int] = (),
    room_ids: Iterable[int] = (),
    occurrence_ids: Iterable[int] = (),
    site_ids: Iterable[int] = (),
    span: Span,
) -> None:
    """One INSERT in the transaction of the change; nothing where nobody and nothing is named.

    `span` takes in the times before and after the change.
    """
    named = [sorted(set(ids)) for ids in (person_ids, room_ids, occurrence_ids, site_ids)]
    if not any(named):
        return
    people, rooms, occurrences, sites = named
    StaleScope.objects.create(
        person_ids=people,
        room_ids=rooms,
        occurrence_ids=occurrences,
        site_ids=sites,
        starts_at=datetime_of(span.start),
        ends_at=datetime_of(span.end),
    )
