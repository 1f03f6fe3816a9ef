"""Who is already busy when a meeting takes place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from convenor.kernel.instants import Span, instant_of
from convenor.scheduling.drafts import Collision
from convenor.scheduling.models import Occurrence, Participation
from convenor.scheduling.queries.prepared import Prepared
from convenor.scheduling.queries.windows import DAY, EXAMPLE, in_window

OCCURRENCES_PER_QUERY = 20
MOST_OCCURRENCES = 200


def collisions_of(occurrences: Sequence[Occurrence], person_ids: Collection[int]) -> tuple[Collision, ...]:
    """What these people have at these times besides, for the first 200 occurrences; one query for each twenty."""
    if not person_ids or not occurrences:
        return ()
    own = {each.pk for each in occurrences}
    rows = _rows(sorted(set(person_ids)), occurrences[:MOST_OCCURRENCES])
    found = {key: Collision(*facts) for key, *facts in rows if facts[1] not in own}
    return tuple(sorted(found.values(), key=lambda each: (each.starts_at, each.person_id)))


def _rows(person_ids: Sequence[int], occurrences: Sequence[Occurrence]) -> Iterable[tuple[Any, ...]]:
    if len(occurrences) == 1:
        start, end = occurrences[0].starts_at, occurrences[0].ends_at
        yield from _IN_ONE.rows(person_ids=person_ids, starts_at=start, ends_at=end, day_before=start - DAY)
        return
    for first in range(0, len(occurrences), OCCURRENCES_PER_QUERY):
        condition = Q()
        for each in occurrences[first : first + OCCURRENCES_PER_QUERY]:
            condition |= in_window(Span(instant_of(each.starts_at), instant_of(each.ends_at)))
        yield from _busy(person_ids, condition)


def _busy(person_ids: Sequence[int], condition: Q) -> QuerySet[Participation, Any]:
    rows = Participation.objects.filter(condition, person__among=person_ids, blocks=True).order_by()
    return rows.values_list("id", "person_id", "occurrence_id", "starts_at", "ends_at")


def _in_one(
    *, person_ids: Sequence[int], starts_at: datetime, ends_at: datetime, day_before: datetime
) -> QuerySet[Participation, Any]:
    assert starts_at - DAY == day_before
    return _busy(person_ids, in_window(Span(instant_of(starts_at), instant_of(ends_at))))


_IN_ONE = Prepared(_in_one, person_ids=[-1], **EXAMPLE)
