"""When people are busy, straight from the rows to arrays.

Nothing here says with what: titles and privacy are for whoever shows the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from django.db.models import F, QuerySet, Value
from numpy.typing import NDArray

from convenor.base.functions import Epoch
from convenor.kernel.instants import Span
from convenor.scheduling.models import ExternalBusy, Participation
from convenor.scheduling.queries.windows import in_window

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
    taking_part = Participation.objects.filter(in_window(span), person__among=person_ids, blocks=True)
    if ignoring_meeting is not None:
        taking_part = taking_part.exclude(occurrence__meeting=ignoring_meeting)
    elsewhere = ExternalBusy.objects.filter(in_window(span), person__among=person_ids)
    table = np.concatenate([_table(taking_part, F("occurrence_id")), _table(elsewhere, Value(0))])
    return BusyArrays(table[:, 0], table[:, 1], table[:, 2], table[:, 3])


def _table(rows: QuerySet[Participation] | QuerySet[ExternalBusy], occurrence: F | Value) -> NDArray[np.int64]:
    """Shape (rows, 4): person, start, end, occurrence."""
    columns = rows.order_by().values_list("person_id", Epoch("starts_at"), Epoch("ends_at"), occurrence)
    return np.fromiter(chain.from_iterable(columns.iterator(chunk_size=10_000)), dtype=np.int64).reshape(-1, 4)
