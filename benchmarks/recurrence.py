"""Ten thousand weekly series, a year of them, to UTC: the rules read from text, nothing kept from the run before."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from benchmarks.measurement import Measurement, median_seconds
from convenor.kernel.instants import LocalTime, Span, instant_of, zone_name
from convenor.kernel.recurrence import Series, expand_many, parse_rule

SERIES = 10_000
TARGET_SECONDS = 0.5
YEAR = Span(instant_of(datetime(2026, 1, 1, tzinfo=UTC)), instant_of(datetime(2027, 1, 1, tzinfo=UTC)))
ZONES = [
    zone_name(name)
    for name in ("Europe/Bucharest", "Europe/Lisbon", "America/New_York", "Asia/Kolkata", "Australia/Sydney")
]
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR")


def run() -> list[Measurement]:
    series = weekly_series(random.Random(2026))
    seconds = median_seconds(lambda: expand_a_year(series))
    return [Measurement("recurrence_10k_weekly_year", "schedule", seconds, "s", TARGET_SECONDS)]


def expand_a_year(series: list[Series]) -> int:
    parse_rule.cache_clear()
    return len(expand_many(series, within=YEAR))


def weekly_series(chance: random.Random) -> list[Series]:
    """As a company has them: started within the last two years, mostly on one day of the week, some with an end."""
    return [_one(chance) for _ in range(SERIES)]


def _one(chance: random.Random) -> Series:
    days = sorted(chance.sample(range(5), chance.choice((1, 1, 1, 1, 2, 3))))
    monday = datetime(2024, 1, 1) + timedelta(weeks=chance.randrange(104))
    start = monday + timedelta(days=days[0], minutes=chance.randrange(8 * 60, 18 * 60, 15))
    return Series(
        start=LocalTime(start),
        zone=chance.choice(ZONES),
        duration_minutes=chance.choice((15, 30, 60)),
        rrule="FREQ=WEEKLY;BYDAY=" + ",".join(WEEKDAYS[day] for day in days) + _interval_and_end(chance),
    )


def _interval_and_end(chance: random.Random) -> str:
    interval = ";INTERVAL=2" if chance.random() < 0.3 else ""
    if chance.random() < 0.4:
        until = datetime(2026, 1, 1) + timedelta(days=chance.randrange(730))
        return f"{interval};UNTIL={until:%Y%m%d}T{chance.randrange(24):02}0000Z"
    return interval + (f";COUNT={chance.randrange(20, 200)}" if chance.random() < 0.2 else "")
