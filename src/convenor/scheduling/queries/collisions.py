"""Who is already busy when a meeting takes place."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import Q

from convenor.kernel.instants import Span, instant_of
from convenor.scheduling.drafts import Collision
from convenor.scheduling.models import Occurrence, Participation
from convenor.scheduling.queries.windows import in_window

OCCURRENCES_PER_QUERY = 20
MOST_OCCURRENCES = 200


def collisions_of(occurrences: Sequence[Occurrence], person_ids: Collection[int]) -> tuple[Collision, ...]:
    """What these people have at these times besides, for the first 200 occurrences; one query for each twenty."""
    if not person_ids:
        return ()
    meetings = {each.meeting_id for each in occurrences}
    found: dict[int, Collision] = {}
    for first in range(0, min(len(occurrences), MOST_OCCURRENCES), OCCURRENCES_PER_QUERY):
        windows = Q()
        for each in occurrences[first : first + OCCURRENCES_PER_QUERY]:
            windows |= in_window(Span(instant_of(each.starts_at), instant_of(each.ends_at)))
        busy = Participation.objects.filter(windows, person__in=person_ids, blocks=True)
        others = busy.exclude(occurrence__meeting__in=meetings).order_by()
        columns = ("id", "person_id", "occurrence_id", "starts_at", "ends_at")
        for key, person, occurrence, start, end in others.values_list(*columns):
            found[key] = Collision(person, occurrence, start, end)
    return tuple(sorted(found.values(), key=lambda each: (each.starts_at, each.person_id)))
