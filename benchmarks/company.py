"""A company of a given size, written in bulk: the same for one seed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import islice

from django.db import connection, transaction

from convenor.kernel.instants import LocalTime
from convenor.people.models import Organisation, Person, WorkingHours
from convenor.scheduling.models import Booking, Claim, Meeting, Occurrence, Participation
from convenor.venues.models import BookableUnit, Equipment, Room, RoomEquipment, RoomSetup, Site, SiteHours

MONDAY = datetime(2027, 1, 11, tzinfo=UTC)
ZONE = "Europe/Bucharest"
SEED = 2026
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Company:
    people: Sequence[Person]
    rooms: Sequence[Room]
    units: Sequence[BookableUnit]


def found_company(*, people: int, rooms: int) -> Company:
    """People with ordinary working hours and rooms of many sizes at one site."""
    site = Site.objects.create(code="HQ", name="Head office", zone=ZONE, country="RO")
    SiteHours.objects.bulk_create(
        SiteHours(site=site, weekday=d, opens=time(7), closes=time(20)) for d in range(5)
    )
    own = Organisation.objects.create(name="Bench", is_own=True)
    staff = Person.objects.bulk_create(
        [
            Person(
                organisation=own,
                email=f"p{n:05}@bench.example",
                name=f"Person {n:05}",
                home_site=site,
                zone=ZONE,
            )
            for n in range(people)
        ],
        batch_size=BATCH,
    )
    hours = (
        WorkingHours(person=p, weekday=d, starts=time(9), ends=time(17)) for p in staff for d in range(5)
    )
    WorkingHours.objects.bulk_create(hours, batch_size=BATCH)
    return Company(staff, *_rooms(site, rooms))


def _rooms(site: Site, count: int) -> tuple[list[Room], list[BookableUnit]]:
    made = Room.objects.bulk_create(
        [Room(site=site, code=f"R{n:03}", name=f"Room {n:03}", floor=str(n // 20)) for n in range(count)]
    )
    units = BookableUnit.objects.bulk_create(
        [BookableUnit(kind="space", site=site, label=room.code) for room in made]
    )
    links = (Room.units.through(room=room, bookableunit=unit) for room, unit in zip(made, units, strict=True))
    Room.units.through.objects.bulk_create(links)
    RoomSetup.objects.bulk_create(
        RoomSetup(room=room, style="boardroom", capacity=(4, 6, 8, 12, 20, 40)[n % 6], is_default=True)
        for n, room in enumerate(made)
    )
    projector = Equipment.objects.create(code="projector", name="Projector")
    RoomEquipment.objects.bulk_create(RoomEquipment(room=room, equipment=projector) for room in made[::2])
    return made, units


@dataclass(frozen=True, slots=True)
class Sitting:
    """One occurrence to write: its start, its length, its room's place, its people's places."""

    start: datetime
    minutes: int
    room: int | None
    people: tuple[int, ...]


def weekly_sittings(company: Company, *, first: datetime, weeks: int, per_room_day: int) -> Iterator[Sitting]:
    """`per_room_day` half-hour meetings in every room on every working day, without a clash of rooms."""
    slots = [timedelta(hours=6) + timedelta(minutes=30) * n for n in range(28)]
    for day in (first + timedelta(weeks=w, days=d) for w in range(weeks) for d in range(5)):
        for room in range(len(company.rooms)):
            for slot in slots[:per_room_day]:
                yield Sitting(day + slot, 30, room, ())


def write(company: Company, sittings: Iterator[Sitting], *, occurrences_a_meeting: int = 40) -> None:
    """Write them in bulk; every so many occurrences share a meeting, as series do."""
    number = 0
    while batch := list(islice(sittings, BATCH)):
        with transaction.atomic():
            _write_batch(company, batch, number, occurrences_a_meeting)
        number += len(batch)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _write_batch(company: Company, batch: list[Sitting], number: int, share: int) -> None:
    meetings = Meeting.objects.bulk_create(
        [
            Meeting(
                uid=f"bench-{sitting.start:%Y%m%d}-{number}-{n}@convenor", title=f"Meeting {number + n:07} of a team", zone=ZONE,
                organiser=company.people[(number + n) % len(company.people)],
                local_start=LocalTime(sitting.start.replace(tzinfo=None)), duration_minutes=sitting.minutes,
            )
            for n, sitting in enumerate(batch[::share])
        ]
    )  # fmt: skip
    occurrences = Occurrence.objects.bulk_create(
        [
            Occurrence(
                meeting=meetings[n // share], recurrence_id=LocalTime(sitting.start.replace(tzinfo=None, microsecond=0) + timedelta(seconds=n)),
                starts_at=sitting.start, ends_at=sitting.start + timedelta(minutes=sitting.minutes),
            )
            for n, sitting in enumerate(batch)
        ]
    )  # fmt: skip
    _bookings(company, [(o, s) for o, s in zip(occurrences, batch, strict=True) if s.room is not None])
    Participation.objects.bulk_create(
        [
            Participation(occurrence=o, person=company.people[p], starts_at=o.starts_at, ends_at=o.ends_at)
            for o, sitting in zip(occurrences, batch, strict=True)
            for p in sitting.people
        ],
        batch_size=BATCH,
    )


def _bookings(company: Company, placed: list[tuple[Occurrence, Sitting]]) -> None:
    made = Booking.objects.bulk_create(
        [
            Booking(
                occurrence=o, room=company.rooms[s.room or 0], starts_at=o.starts_at, ends_at=o.ends_at,
                reserved_start=o.starts_at, reserved_end=o.ends_at,
            )
            for o, s in placed
        ]
    )  # fmt: skip
    Claim.objects.bulk_create(
        [
            Claim(booking=b, unit=company.units[s.room or 0], starts_at=o.starts_at, ends_at=o.ends_at)
            for b, (o, s) in zip(made, placed, strict=True)
        ]
    )


def copy_week(*, first: datetime, weeks: Iterable[int]) -> None:
    """Repeat the occurrences and bookings of the week from `first`, so many weeks later (or earlier) each.

    History as it lies in the tables after years, copied inside SQLite. Claims are left out: no
    query of a timeline reads them.
    """
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(
            "SELECT MIN(id), MAX(id) FROM scheduling_occurrence WHERE starts_at >= %s AND starts_at < %s",
            _week(first),
        )
        low, high = cursor.fetchone()
        for number, week in enumerate(weeks, start=1):
            values = {
                "shift": f"{week * 7} days",
                "offset": number * (high - low + 1),
                "low": low,
                "high": high,
            }
            cursor.execute(COPY_OCCURRENCES, values)
            cursor.execute(COPY_BOOKINGS, values)
        cursor.execute("ANALYZE")


def _week(first: datetime) -> tuple[str, str]:
    return tuple(f"{day:%Y-%m-%d %H:%M:%S}" for day in (first, first + timedelta(weeks=1)))  # type: ignore[return-value]  # two of two


COPY_OCCURRENCES = """
    INSERT INTO scheduling_occurrence
        (id, meeting_id, recurrence_id, starts_at, ends_at, is_long, state, is_override, title)
    SELECT id + %(offset)s, meeting_id, strftime('%%Y-%%m-%%dT%%H:%%M:%%S', recurrence_id, %(shift)s),
        datetime(starts_at, %(shift)s), datetime(ends_at, %(shift)s), is_long, state, is_override, title
    FROM scheduling_occurrence WHERE id BETWEEN %(low)s AND %(high)s"""
COPY_BOOKINGS = """
    INSERT INTO scheduling_booking
        (occurrence_id, room_id, quantity, starts_at, ends_at, is_long, reserved_start, reserved_end, state, setup_style)
    SELECT occurrence_id + %(offset)s, room_id, quantity, datetime(starts_at, %(shift)s), datetime(ends_at, %(shift)s),
        is_long, datetime(reserved_start, %(shift)s), datetime(reserved_end, %(shift)s), state, setup_style
    FROM scheduling_booking WHERE occurrence_id BETWEEN %(low)s AND %(high)s"""


def random_sittings(
    company: Company, *, count: int, first: datetime, weeks: int, size: int
) -> Iterator[Sitting]:
    """Meetings of `size` random people at random working half hours, each in a room that is still free."""
    source = random.Random(SEED)
    taken: set[tuple[int, datetime]] = set()
    made = 0
    while made < count:
        day = first + timedelta(weeks=source.randrange(weeks), days=source.randrange(5))
        start = day + timedelta(hours=7) + timedelta(minutes=30 * source.randrange(16))
        room = source.randrange(len(company.rooms))
        if (room, start) in taken:
            continue
        taken.add((room, start))
        made += 1
        yield Sitting(start, 30, room, tuple(source.sample(range(len(company.people)), size)))
