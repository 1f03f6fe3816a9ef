"""A file of ten thousand events into an empty database, in a process of its own, whose peak memory is measured with it."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.measurement import Measurement

EVENTS, SERIES, PEOPLE = 10_000, 500, 400
TARGET_SECONDS, TARGET_MEGABYTES = 25.0, 300.0
RUNS = 5
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
ZONES = ("Europe/Bucharest", "Europe/Lisbon", "America/New_York")


def run() -> list[Measurement]:
    """The middle one of five runs in time, the largest in memory."""
    results = [_measured_apart() for _run in range(RUNS)]
    seconds = sorted(each["seconds"] for each in results)[RUNS // 2]
    memory = max(each["megabytes"] for each in results)
    return [
        Measurement("import_10k_events_seconds", "schedule", seconds, "s", TARGET_SECONDS),
        Measurement("import_10k_events_memory", "schedule", memory, "MB", TARGET_MEGABYTES),
    ]


def _measured_apart() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "calendar.ics"
        file.write_bytes(calendar(random.Random(2026)))
        environment = {**os.environ, "CONVENOR_DATA": folder}
        environment.pop("DATABASE_URL", None)
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.import_calendar", str(file)],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def calendar(chance: random.Random) -> bytes:
    """A year of a company: meetings of two to ten people, one in twenty a weekly series over half a year, with changed dates."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//bench//EN", "X-WR-TIMEZONE:Europe/Bucharest"]
    for number in range(EVENTS):
        lines += _event(chance, number, is_series=number % (EVENTS // SERIES) == 0)
    return ("\r\n".join([*lines, "END:VCALENDAR"]) + "\r\n").encode()


def _event(chance: random.Random, number: int, *, is_series: bool) -> list[str]:
    day = NOW.replace(tzinfo=None, hour=0) + timedelta(days=chance.randrange(-180, 180))
    start = day + timedelta(minutes=chance.randrange(8 * 60, 18 * 60, 15))
    end = start + timedelta(minutes=chance.choice((30, 60, 90)))
    zone = chance.choice(ZONES)
    people = [f"person{each}@example.org" for each in chance.sample(range(PEOPLE), chance.randrange(2, 11))]
    lines = [
        "BEGIN:VEVENT",
        f"UID:event-{number}@bench.example",
        "DTSTAMP:20261101T000000Z",
        f"DTSTART;TZID={zone}:{start:%Y%m%dT%H%M%S}",
        f"DTEND;TZID={zone}:{end:%Y%m%dT%H%M%S}",
        f"SUMMARY:Meeting {number} about the things of the week",
        "DESCRIPTION:" + "What we talk about\\, and who prepares it. " * 5,
        f"ORGANIZER:mailto:{people[0]}",
        *(f"ATTENDEE;PARTSTAT=ACCEPTED;CN=Person:mailto:{each}" for each in people),
        *(["RRULE:FREQ=WEEKLY;COUNT=26"] if is_series else []),
        "END:VEVENT",
    ]
    if is_series:
        moved = start + timedelta(days=7)
        lines += [
            "BEGIN:VEVENT",
            f"UID:event-{number}@bench.example",
            f"RECURRENCE-ID;TZID={zone}:{moved:%Y%m%dT%H%M%S}",
            f"DTSTART;TZID={zone}:{moved + timedelta(hours=1):%Y%m%dT%H%M%S}",
            f"DTEND;TZID={zone}:{moved + timedelta(hours=2):%Y%m%dT%H%M%S}",
            f"SUMMARY:Meeting {number}, later",
            "END:VEVENT",
        ]
    return lines


def own_peak() -> float:
    """Megabytes: the kernel's high-water mark of this program alone. getrusage would give the size of the
    process that started it, if that was larger.
    """
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (peak,) = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(peak) * 1024 / 1e6


def measured(file: Path) -> dict[str, float]:
    """Seconds and peak resident megabytes (10^6 bytes) of importing the file into the database of CONVENOR_DATA."""
    from django.core.management import call_command  # noqa: PLC0415 - after Django is set up

    from convenor.base.actor import Actor  # noqa: PLC0415 - after Django is set up
    from convenor.interop.calendars.importing import import_calendar  # noqa: PLC0415 - after Django is set up
    from convenor.kernel.instants import ZoneName  # noqa: PLC0415 - after Django is set up

    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    report = import_calendar(
        actor=Actor.system("benchmark"),
        data=file.read_bytes(),
        name="Bench",
        default_zone=ZoneName("Europe/Bucharest"),
        now=NOW,
    )
    seconds = time.perf_counter() - started
    if report.counts["created"] != EVENTS:
        raise RuntimeError(f"not everything was imported: {report.counts}")
    return {"seconds": seconds, "megabytes": own_peak()}


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convenor.settings")
    django.setup()
    print(json.dumps(measured(Path(sys.argv[1]))))
