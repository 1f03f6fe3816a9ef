"""Bookings a second in one process: a meeting with a room and four attendees, conflict check, audit and outbox.

Each is one committed transaction of `create_meeting`, as a form makes it. The room and the four people
have 20,000 other bookings around them. SQLite runs with the product's own settings, PostgreSQL in a
cluster that is started for it and that, unlike the tests', waits for the disk.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

import django
from django.core.management import call_command

from benchmarks.measurement import LEAST_RUNS, Measurement
from tests import postgres

BOOKINGS, ATTENDEES = 200, 4
PEOPLE, ROOMS, PER_ROOM_DAY = 400, 200, 20
SQLITE_TARGET, POSTGRESQL_TARGET = 235, 150
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "max_connections": "20"}
NOW = datetime(2027, 1, 4, 8, tzinfo=UTC)


def run() -> list[Measurement]:
    from benchmarks.database import fresh_sqlite  # noqa: PLC0415  # needs Django's set-up, which __main__ makes

    with fresh_sqlite():
        sqlite = bookings_per_second()
    return [
        Measurement("bookings_per_second_sqlite", "schedule", sqlite, "/s", SQLITE_TARGET, at_most=False),
        Measurement(
            "bookings_per_second_postgresql",
            "schedule",
            _on_postgresql(),
            "/s",
            POSTGRESQL_TARGET,
            at_most=False,
        ),
    ]


def _on_postgresql() -> float:
    """The same in a process of its own: Django reads its settings once."""
    port = postgres.free_port()
    cluster = postgres.Cluster(port, DURABLE)
    cluster.start()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.bookings"],
            env={**os.environ, "DATABASE_URL": postgres.url(port)},
            check=True,
            capture_output=True,
            text=True,
        )
    finally:
        cluster.stop()
    return float(json.loads(done.stdout.splitlines()[-1]))


def bookings_per_second() -> float:
    """The median of five rounds of 200 bookings, after one that warms up."""
    from benchmarks.company import MONDAY, found_company, weekly_sittings, write  # noqa: PLC0415  # as above
    from convenor.base.actor import Actor  # noqa: PLC0415  # as above
    from convenor.base.enums import Role  # noqa: PLC0415  # as above
    from convenor.base.models import User  # noqa: PLC0415  # as above
    from convenor.kernel.instants import LocalTime  # noqa: PLC0415  # as above
    from convenor.scheduling.actions.meeting import create_meeting  # noqa: PLC0415  # as above
    from convenor.scheduling.drafts import AttendeeDraft, MeetingDraft  # noqa: PLC0415  # as above

    company = found_company(people=PEOPLE, rooms=ROOMS)
    write(company, weekly_sittings(company, first=MONDAY, weeks=1, per_room_day=PER_ROOM_DAY))
    user = User.objects.create_user("booker@bench.example", display_name="Booker")
    booker = company.people[0]
    actor = Actor(user_id=user.pk, person_id=booker.pk, role=Role.ORGANISER, name="Booker")
    source = random.Random(1)

    def drafts() -> Iterator[MeetingDraft]:
        """Evening meetings, each room and half hour once."""
        for day in range(5):
            for half_hour in range(8):
                start = MONDAY.replace(tzinfo=None) + timedelta(days=day, hours=18, minutes=30 * half_hour)
                for room in company.rooms:
                    yield MeetingDraft(
                        title="Evening meeting",
                        organiser_id=booker.pk,
                        zone="Europe/Bucharest",
                        local_start=LocalTime(start + timedelta(hours=2)),
                        duration_minutes=30,
                        headcount=4,
                        attendees=tuple(
                            AttendeeDraft(p.pk) for p in source.sample(company.people, ATTENDEES)
                        ),
                        room_id=room.pk,
                    )

    waiting = drafts()

    def one_round() -> float:
        chosen = list(islice(waiting, BOOKINGS))
        started = time.perf_counter()
        for draft in chosen:
            create_meeting(actor=actor, draft=draft, now=NOW)
        return BOOKINGS / (time.perf_counter() - started)

    one_round()
    return statistics.median(one_round() for _ in range(LEAST_RUNS))


def main() -> None:
    django.setup()
    call_command("migrate", verbosity=0)
    print(json.dumps(bookings_per_second()))


if __name__ == "__main__":
    main()
