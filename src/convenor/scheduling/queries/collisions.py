"""Who is already busy when a meeting takes place."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from convenor.kernel.instants import Span, instant_of
from convenor.scheduling.drafts import Collision
from convenor.scheduling.models import Occurrence, Participation
from convenor.scheduling.queries.prepared import Prepared
from convenor.scheduling.queries.windows import DAY, EXAMPLE, overlapping

MOST_OCCURRENCES = 200


def collisions_of(occurrences: Sequence[Occurrence], person_ids: Collection[int]) -> tuple[Collision, ...]:
    """What these people have at these times besides, for the first 200 occurrences; one small query for each."""
    if not person_ids:
        return ()
    keys, own, found = sorted(set(person_ids)), {each.pk for each in occurrences}, dict[int, Collision]()
    for each in occurrences[:MOST_OCCURRENCES]:
        start, end = each.starts_at, each.ends_at
        rows = _IN_WINDOW.rows(person_ids=keys, starts_at=start, ends_at=end, day_before=start - DAY)
        found |= {key: Collision(*facts) for key, *facts in rows if facts[1] not in own}
    return tuple(sorted(found.values(), key=lambda each: (each.starts_at, each.person_id)))


def busy_in(
    *, person_ids: Sequence[int], starts_at: datetime, ends_at: datetime, day_before: datetime
) -> QuerySet[Participation, Any]:
    """Participations that block these people in one window; `day_before` is a day before its start."""
    assert starts_at - DAY == day_before
    rows = Participation.objects.filter(person__among=person_ids, blocks=True).order_by()
    span = Span(instant_of(starts_at), instant_of(ends_at))
    columns = ("id", "person_id", "occurrence_id", "starts_at", "ends_at")
    return overlapping(rows, span).values_list(*columns)


_IN_WINDOW = Prepared(busy_in, person_ids=[-1], **EXAMPLE)
