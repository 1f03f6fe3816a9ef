"""When people are busy, straight from the rows to arrays.

Nothing here says with what: titles and privacy are for whoever shows the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

import numpy as np
from django.db.models import QuerySet, Value
from numpy.typing import NDArray

from convenor.base.functions import Epoch
from convenor.kernel.instants import Span, datetime_of, instant_of
from convenor.scheduling.models import ExternalBusy, Participation
from convenor.scheduling.queries.prepared import Prepared
from convenor.scheduling.queries.windows import DAY, EXAMPLE, in_window

Column = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class BusyArrays:
    """Columns of equal length: person id, start, end (whole seconds since the epoch, half-open).

    `occurrence_ids` says which occurrence it is, 0 for time out of somebody's own calendar.
    """

    person_ids: Column
    starts: Column
    ends: Column
    occurrence_ids: Column

    def __len__(self) -> int:
        return len(self.person_ids)


def busy_arrays(person_ids: Sequence[int], span: Span, *, ignoring_meeting: int | None = None) -> BusyArrays:
    """Everybody's busy time that touches the span, in two queries whatever their number.

    `ignoring_meeting` leaves one meeting out, so that it doesn't stand in its own way when moved.
    """
    times = {"starts_at": datetime_of(span.start), "ends_at": datetime_of(span.end)}
    times["day_before"] = times["starts_at"] - DAY
    keys = sorted(person_ids)
    if ignoring_meeting is None:
        meetings = _MEETINGS.rows(person_ids=keys, **times)
    else:
        meetings = list(_meetings(keys, span).exclude(occurrence__meeting=ignoring_meeting))
    elsewhere = _ELSEWHERE.rows(person_ids=keys, **times)
    table = np.fromiter(chain.from_iterable((*meetings, *elsewhere)), dtype=np.int64).reshape(-1, 4)
    return BusyArrays(table[:, 0], table[:, 1], table[:, 2], table[:, 3])


def _meetings(person_ids: Sequence[int], span: Span) -> QuerySet[Participation, Any]:
    rows = Participation.objects.filter(in_window(span), person__among=person_ids, blocks=True).order_by()
    return rows.values_list("person_id", Epoch("starts_at"), Epoch("ends_at"), "occurrence_id")


def _elsewhere(person_ids: Sequence[int], span: Span) -> QuerySet[ExternalBusy, Any]:
    rows = ExternalBusy.objects.filter(in_window(span), person__among=person_ids).order_by()
    return rows.values_list("person_id", Epoch("starts_at"), Epoch("ends_at"), Value(0))


def _between(
    query: Callable[[Sequence[int], Span], QuerySet[Any, Any]],
) -> Callable[..., QuerySet[Any, Any]]:
    """The query by the values that a Prepared one gets; `day_before` is a day before the window's start."""

    def build(
        *, person_ids: Sequence[int], starts_at: datetime, ends_at: datetime, day_before: datetime
    ) -> QuerySet[Any, Any]:
        assert starts_at - DAY == day_before
        return query(person_ids, Span(instant_of(starts_at), instant_of(ends_at)))

    return build


_MEETINGS = Prepared(_between(_meetings), person_ids=[-1], **EXAMPLE)
_ELSEWHERE = Prepared(_between(_elsewhere), person_ids=[-1], **EXAMPLE)
