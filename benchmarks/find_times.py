"""Finding a time from the database: 10,000 people with 200,000 busy intervals in four weeks, any of 200 rooms."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import numpy as np

from benchmarks.company import MONDAY, ZONE, Company, found_company, random_sittings, write
from benchmarks.database import fresh_sqlite
from benchmarks.measurement import Measurement, median_seconds
from convenor.base.actor import Actor
from convenor.kernel.instants import Instant, Span, ZoneName, instant_of
from convenor.scheduling.queries.find_time import find_time_for
from convenor.scheduling.requests import FindTimeRequest, RoomWanted

PEOPLE, BUSY, ROOMS, WEEKS, MEETING_SIZE = 10_000, 200_000, 200, 4, 20
TARGETS = {50: 25, 500: 100, 5_000: 600}  # attendees: milliseconds
MILLISECONDS = 1_000


def run() -> list[Measurement]:
    with fresh_sqlite():
        company = found_company(people=PEOPLE, rooms=ROOMS)
        sittings = random_sittings(
            company, count=BUSY // MEETING_SIZE, first=MONDAY, weeks=WEEKS, size=MEETING_SIZE
        )
        write(company, sittings, occurrences_a_meeting=4)
        taken = {size: median_seconds(partial(_ask, company, size)) * MILLISECONDS for size in TARGETS}
    figures = [
        Measurement(f"find_times_{size}_from_database", "schedule", taken[size], "ms", target)
        for size, target in TARGETS.items()
    ]
    slope, _base = np.polyfit(list(taken), list(taken.values()), 1)
    per_thousand = float(slope) * 1_000
    return [
        *figures,
        Measurement("find_times_growth_per_1000_attendees", "schedule", per_thousand, "ms", 120),
    ]


def _ask(company: Company, attendees: int) -> object:
    start = instant_of(MONDAY)
    request = FindTimeRequest(
        required_ids=tuple(person.pk for person in company.people[:attendees]),
        minutes=60,
        windows=(Span(start, Instant(start + WEEKS * 7 * 86_400)),),
        zone=ZoneName(ZONE),
        room=RoomWanted(headcount=6),
        out_of_hours_allowed=True,
    )
    return find_time_for(Actor.system("benchmark"), request, now=MONDAY - timedelta(days=3))
