"""The picture of a roll over time: how many were coming at the end of each day, against its capacity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, HEIGHT = 600, 120
"""Of the picture, in its own units."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RollTrend:
    """`line` are the points of a polyline and `area` those of what is below it; `capacity_y` is None without a limit, and where it lies above the picture."""

    first: date
    last: date
    first_count: int
    last_count: int
    most: int
    most_on: date
    line: str
    area: str
    capacity_y: float | None
    top: int


def roll_trend(
    came: Mapping[date, int], left: Mapping[date, int], *, today: date, capacity: int | None
) -> RollTrend | None:
    """From how many came onto the roll and left it on each day; None where fewer than two days can be compared."""
    days = sorted(day for day in {*came, *left} if day <= today)
    if not days or days[0] == today:
        return None
    counts = _running(came, left, days[0], today)
    most_on = max(counts, key=lambda day: (counts[day], -day.toordinal()))
    top = _top(counts[most_on], capacity)
    points = _points(list(counts.values()), top)
    line = " ".join(f"{x},{y}" for x, y in points)
    return RollTrend(
        first=days[0],
        last=today,
        first_count=counts[days[0]],
        last_count=counts[today],
        most=counts[most_on],
        most_on=most_on,
        line=line,
        area=f"0,{HEIGHT} {line} {WIDTH},{HEIGHT}",
        capacity_y=_y(capacity, top) if capacity is not None and capacity <= top else None,
        top=top,
    )


def _running(came: Mapping[date, int], left: Mapping[date, int], first: date, last: date) -> dict[date, int]:
    counts: dict[date, int] = {}
    there, day = 0, first
    while day <= last:
        there += came.get(day, 0) - left.get(day, 0)
        counts[day] = there
        day += DAY
    return counts


def _top(most: int, capacity: int | None) -> int:
    """The capacity is shown unless the roll is so far from it that it would lie flat on the ground."""
    if capacity is not None and capacity <= 4 * most:
        return max(most, capacity, 1)
    return max(most, 1)


def _points(counts: list[int], top: int) -> list[tuple[float, float]]:
    step = WIDTH / (len(counts) - 1)
    return [(round(place * step, 1), _y(count, top)) for place, count in enumerate(counts)]


def _y(count: int, top: int) -> float:
    return round(HEIGHT - HEIGHT * count / top, 1)
