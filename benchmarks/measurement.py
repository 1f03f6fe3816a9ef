"""One measured figure beside what it has to be, and the way to take a median."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

LEAST_RUNS = 5


@dataclass(frozen=True, slots=True)
class Measurement:
    """`part` is the product's part that is measured, such as schedule; `at_most` False means at least."""

    name: str
    part: str
    value: float
    unit: str
    target: float
    at_most: bool = True

    @property
    def holds(self) -> bool:
        return self.value <= self.target if self.at_most else self.value >= self.target


def median_seconds(measured: Callable[[], object], runs: int = LEAST_RUNS) -> float:
    """The median of at least five runs, each timed alone; the first, which warms up, does not count."""
    measured()
    taken = []
    for _run in range(max(runs, LEAST_RUNS)):
        started = time.perf_counter()
        measured()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)
