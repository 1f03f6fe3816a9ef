"""Events of given sizes, written in bulk: one conference of hundreds of functions, or hundreds of ordinary events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from benchmarks.company import BATCH, MONDAY, ZONE, Company
from convenor.events.enums import EventState, FunctionKind, Service, TaskState
from convenor.events.models import (
    ChecklistItem,
    ClassVersion,
    Contact,
    Cue,
    Event,
    EventClass,
    Function,
    Party,
    Speaker,
    Task,
    TaskDependency,
)
from convenor.kernel.instants import LocalTime, ZoneName, instant_of, to_local
from convenor.people.models import Person
from convenor.scheduling.models import Attendee, Booking, Claim, Meeting, Occurrence, Participation

DAYS, SLOTS, TRACKS = 3, 10, 10
SLOT = timedelta(minutes=45)
FIRST = timedelta(hours=6)  # UTC: eight in Bucharest
SERVICES = (Service.CATERING, Service.AV, Service.SECURITY, Service.FACILITY)


@dataclass(frozen=True, slots=True)
class Part:
    """A function to write: its event's place, its start, its rooms' places, its people's places (the first speaks)."""

    event: int
    number: int
    starts_at: datetime
    rooms: tuple[int, ...]
    people: tuple[int, ...]


def conference(company: Company, *, class_code: str, people: int = 1_000, tasks: int = 200) -> Event:
    """300 functions on three days in ten tracks, 400 bookings, ten people in each function; needs 14 rooms."""
    (event,) = _events(company, class_code, [MONDAY], days=DAYS)
    _parts(company, [event], list(_conference_parts(company)))
    Party.objects.bulk_create(
        [Party(event=event, person=each) for each in company.people[:people]], batch_size=BATCH
    )
    _contacts([event], company.people)
    _tasks([event], company.people, tasks)
    return event


def many_events(company: Company, count: int, *, class_code: str) -> list[Event]:
    """Each with five functions, one after another in one room, of four people, and ten tasks; a week has five a room."""
    starts = [MONDAY + timedelta(weeks=n // 100, days=n % 5) for n in range(count)]
    events = _events(company, class_code, starts, days=1)
    parts = [
        Part(n, k + 1, starts[n] + FIRST + k * SLOT, (n % 100 // 5,), _some(company, n * 5 + k, 4))
        for n in range(count)
        for k in range(5)
    ]
    _parts(company, events, parts)
    Party.objects.bulk_create(
        [Party(event=event, person_id=pk) for n, event in enumerate(events) for pk in _keys(company, n, 20)],
        batch_size=BATCH,
    )
    _tasks(events, company.people, 10)
    return events


def _conference_parts(company: Company) -> list[Part]:
    """Every third function has a second room, of four that the tracks don't use."""
    parts: list[Part] = []
    for day in range(DAYS):
        for slot in range(SLOTS):
            for track in range(TRACKS):
                rooms = (track, TRACKS + track // 3) if track % 3 == 0 and track else (track,)
                rooms = (*rooms, TRACKS) if (track, slot % 3) == (1, 0) else rooms
                starts = MONDAY + timedelta(days=day) + FIRST + slot * SLOT
                number = len(parts) + 1
                parts.append(Part(0, number, starts, rooms, _some(company, number, 10)))
    return parts


def _some(company: Company, seed: int, count: int) -> tuple[int, ...]:
    return tuple((seed * 10 + n) % len(company.people) for n in range(count))


def _keys(company: Company, seed: int, count: int) -> list[int]:
    return [company.people[place].pk for place in _some(company, seed, count)]


def _events(company: Company, class_code: str, starts: Sequence[datetime], *, days: int) -> list[Event]:
    event_class = EventClass.objects.get(code=class_code)
    version = ClassVersion.objects.filter(event_class=event_class).order_by("-number")[0]
    site = company.rooms[0].site
    return Event.objects.bulk_create(
        [
            Event(
                key=f"bench-{n}", title=f"Event {n:04}", class_version=version, state=EventState.PLANNING,
                owner=company.people[n % 20], sponsor=company.people[20 + n % 5], site=site, zone=ZONE,
                starts_at=start + FIRST, ends_at=start + timedelta(days=days - 1, hours=18), expected_count=100,
            )
            for n, start in enumerate(starts)
        ]
    )  # fmt: skip


def _parts(company: Company, events: Sequence[Event], parts: Sequence[Part]) -> None:
    meetings = Meeting.objects.bulk_create([_meeting(events[part.event], part) for part in parts])
    occurrences = Occurrence.objects.bulk_create(
        [
            Occurrence(
                meeting=meeting, recurrence_id=meeting.local_start,
                starts_at=part.starts_at, ends_at=part.starts_at + SLOT,
            )
            for meeting, part in zip(meetings, parts, strict=True)
        ]
    )  # fmt: skip
    functions = Function.objects.bulk_create(
        [
            Function(
                event=events[part.event], key=f"f{part.number}", number=part.number, occurrence=occurrence,
                kind=FunctionKind.SESSION, track=f"Track {part.rooms[0] + 1}", catering="Coffee and water", av="Two microphones",
            )
            for part, occurrence in zip(parts, occurrences, strict=True)
        ]
    )  # fmt: skip
    _rooms(company, parts, occurrences)
    _people(company, parts, meetings, occurrences, functions)
    Cue.objects.bulk_create(
        Cue(function=each, offset_minutes=at, what=what)
        for each in functions
        for at, what in ((-10, "Doors"), (0, "Welcome"), (40, "Questions"))
    )


def _meeting(event: Event, part: Part) -> Meeting:
    return Meeting(
        uid=f"{event.key}-{part.number}@bench", title=f"Session {part.number}", zone=ZONE, organiser=event.owner,
        local_start=LocalTime(to_local(instant_of(part.starts_at), ZoneName(ZONE))), duration_minutes=45,
    )  # fmt: skip


def _rooms(company: Company, parts: Sequence[Part], occurrences: Sequence[Occurrence]) -> None:
    placed = [(room, each) for part, each in zip(parts, occurrences, strict=True) for room in part.rooms]
    bookings = Booking.objects.bulk_create(
        [
            Booking(
                occurrence=each, room=company.rooms[room], starts_at=each.starts_at, ends_at=each.ends_at,
                reserved_start=each.starts_at, reserved_end=each.ends_at,
            )
            for room, each in placed
        ]
    )  # fmt: skip
    Claim.objects.bulk_create(
        Claim(booking=booking, unit=company.units[room], starts_at=each.starts_at, ends_at=each.ends_at)
        for booking, (room, each) in zip(bookings, placed, strict=True)
    )


def _people(
    company: Company,
    parts: Sequence[Part],
    meetings: Sequence[Meeting],
    occurrences: Sequence[Occurrence],
    functions: Sequence[Function],
) -> None:
    asked = [(n, company.people[place]) for n, part in enumerate(parts) for place in part.people]
    Attendee.objects.bulk_create([Attendee(meeting=meetings[n], person=person) for n, person in asked])
    Participation.objects.bulk_create(
        [
            Participation(
                occurrence=occurrences[n], person=person, partstat="accepted" if n % 4 else "needs-action",
                starts_at=occurrences[n].starts_at, ends_at=occurrences[n].ends_at,
            )
            for n, person in asked
        ],
        batch_size=BATCH,
    )  # fmt: skip
    Speaker.objects.bulk_create(
        Speaker(function=function, person=company.people[part.people[0]])
        for function, part in zip(functions, parts, strict=True)
    )


def _contacts(events: Sequence[Event], people: Sequence[Person]) -> None:
    Contact.objects.bulk_create(
        Contact(event=event, service=service, person=people[30 + n])
        for event in events
        for n, service in enumerate(SERVICES)
    )


def _tasks(events: Sequence[Event], people: Sequence[Person], count: int) -> None:
    """A third done; every task but each tenth waits for the one before it."""
    tasks = Task.objects.bulk_create(
        [
            Task(
                event=event, key=f"t{n}", title=f"Task {n}", owner=people[n % 40], offset_days=n - count - 1,
                due_on=(event.starts_at or MONDAY).date() - timedelta(days=count + 1 - n),
                state=TaskState.DONE if n % 3 == 0 else TaskState.OPEN, done_at=MONDAY if n % 3 == 0 else None,
            )
            for event in events
            for n in range(count)
        ]
    )  # fmt: skip
    TaskDependency.objects.bulk_create(
        TaskDependency(task=task, after=tasks[place - 1])
        for place, task in enumerate(tasks)
        if place % count % 10
    )
    ChecklistItem.objects.bulk_create(
        ChecklistItem(task=task, position=n, text=text)
        for task in tasks[::5]
        for n, text in enumerate(("Ask", "Confirm"))
    )
