"""What an expansion answers: columns of numbers, with plain values one step away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convenor.kernel.instants import Instant, LocalTime, Span, wall_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convenor.kernel.zones import Seconds


@dataclass(frozen=True, slots=True, order=True)
class Occurrence:
    """One occurrence; the recurrence id (RECURRENCE-ID, RFC 5545 §3.8.4.4) is its local start as the rule gives it and names it for
    good, even when the occurrence is moved.
    """

    span: Span
    recurrence_id: LocalTime


@dataclass(frozen=True, slots=True, eq=False)
class Occurrences:
    """The occurrences of one series, by start: int64 columns of equal length.

    `local` holds the recurrence ids as wall seconds, `starts` and `ends` instants. `truncated` says that the limit cut more off.
    """

    local: Seconds
    starts: Seconds
    ends: Seconds
    truncated: bool = False

    def __len__(self) -> int:
        return len(self.starts)

    def __iter__(self) -> Iterator[Occurrence]:
        return map(self.occurrence, range(len(self)))

    def occurrence(self, i: int) -> Occurrence:
        return Occurrence(
            Span(Instant(int(self.starts[i])), Instant(int(self.ends[i]))), wall_time(int(self.local[i]))
        )

    def first(self, n: int) -> Occurrences:
        """The first n of them; views, not copies."""
        return Occurrences(
            self.local[:n], self.starts[:n], self.ends[:n], truncated=self.truncated or n < len(self)
        )

    def recurrence_ids(self) -> list[LocalTime]:
        return [wall_time(local) for local in self.local.tolist()]

    def spans(self) -> list[Span]:
        return [Span(start, end) for start, end in zip(self.starts.tolist(), self.ends.tolist(), strict=True)]


@dataclass(frozen=True, slots=True, eq=False)
class OccurrenceTable:
    """The occurrences of many series: `Occurrences`' columns, and `series`, the position of each row's series in the list that was
    expanded. Rows are sorted by series, then start.
    """

    series: Seconds
    local: Seconds
    starts: Seconds
    ends: Seconds

    def __len__(self) -> int:
        return len(self.series)

    def of(self, i: int) -> Occurrences:
        """The rows of one series; views, not copies."""
        low, high = np.searchsorted(self.series, [i, i + 1])
        return Occurrences(self.local[low:high], self.starts[low:high], self.ends[low:high])
