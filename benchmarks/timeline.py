"""The timeline of 200 rooms over five days, with 20,000 bookings in that week, alone and amid a million others."""

from __future__ import annotations

from benchmarks.company import MONDAY, ZONE, Company, copy_week, found_company, weekly_sittings, write
from benchmarks.database import fresh_sqlite
from benchmarks.measurement import Measurement, median_seconds
from convenor.base.actor import Actor
from convenor.kernel.instants import Instant, Span, ZoneName, instant_of
from convenor.scheduling.queries.timeline import room_timeline

ROOMS, PER_ROOM_DAY = 200, 20
OTHER_OCCURRENCES = 1_000_000
MILLISECONDS = 1_000


def run() -> list[Measurement]:
    with fresh_sqlite():
        company = found_company(people=400, rooms=ROOMS)
        write(company, weekly_sittings(company, first=MONDAY, weeks=1, per_room_day=PER_ROOM_DAY))
        size = len(_ask(company))
        alone = median_seconds(lambda: _ask(company)) * MILLISECONDS
        half = OTHER_OCCURRENCES // (ROOMS * 5 * PER_ROOM_DAY) // 2
        copy_week(first=MONDAY, weeks=[*range(-half, 0), *range(1, half + 1)])
        amid = median_seconds(lambda: _ask(company)) * MILLISECONDS
    return [
        Measurement("timeline_200_rooms_5_days", "schedule", alone, "ms", 250),
        Measurement("timeline_200_rooms_5_days_size", "schedule", size / 1_000, "kB", 600),
        Measurement("timeline_amid_1m_others_ratio", "schedule", amid / alone, "×", 1.2),
    ]


def _ask(company: Company) -> bytes:
    start = instant_of(MONDAY)
    span = Span(start, Instant(start + 5 * 86_400))
    return room_timeline(
        Actor.system("benchmark"),
        span=span,
        zone=ZoneName(ZONE),
        room_ids=[room.pk for room in company.rooms],
    )
