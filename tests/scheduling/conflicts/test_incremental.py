"""Whatever happens to the schedule, looking again at what changed finds what looking at everything finds."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from convenor.base.actor import Actor
from convenor.people.actions.availability import add_leave
from convenor.people.models import Person
from convenor.scheduling.actions.booking import book_room, release_booking
from convenor.scheduling.actions.conflicts import rebuild, refresh
from convenor.scheduling.actions.meeting import cancel_meeting, change_meeting
from convenor.scheduling.actions.move import move_occurrence
from convenor.scheduling.actions.response import respond
from convenor.scheduling.drafts import AttendeeDraft, MeetingChanges
from convenor.scheduling.enums import AttendeeRole, BookingState, PartStat, Scope
from convenor.scheduling.models import Booking, Conflict, Occurrence, Participation, StaleScope
from convenor.venues.actions.closure import create_closure
from convenor.venues.models import Room
from tests.factories.people import PersonFactory
from tests.factories.scheduling import NOW, local, make_meeting
from tests.factories.venues import RoomFactory, SiteFactory, SiteHoursFactory, SiteTravelFactory

pytestmark = pytest.mark.django_db

ACTOR = Actor.system("tests")
ROLES = [AttendeeRole.REQUIRED, AttendeeRole.REQUIRED, AttendeeRole.OPTIONAL]
ZONES = ["Europe/Bucharest", "America/New_York"]


def found() -> list[tuple[object, ...]]:
    """Everything that a look works out, without keys and without when it was found."""
    rows = Conflict.objects.order_by("fingerprint").prefetch_related("links")
    return [
        (
            row.kind,
            row.severity,
            row.starts_at,
            row.ends_at,
            row.person_id,
            row.room_id,
            row.site_id,
            tuple(sorted(link.occurrence_id for link in row.links.all())),
            repr(sorted(row.facts.items())),
        )
        for row in rows
    ]


@dataclass
class Company:
    """A small company and somebody who does anything to its schedule; `draw` decides what."""

    draw: random.Random
    now: datetime = NOW
    people: list[Person] = field(default_factory=list)
    rooms: list[Room] = field(default_factory=list)
    refused: int = 0

    def found(self) -> None:
        near, far = (
            SiteFactory(code="NEAR", zone="Europe/Bucharest", country="RO"),
            SiteFactory(code="FAR", zone="America/New_York", country="US"),
        )
        SiteTravelFactory(origin=near, destination=far, minutes=300)
        for weekday in range(5):
            SiteHoursFactory(site=near, weekday=weekday)
        self.people = [PersonFactory(home_site=near if n < 3 else far) for n in range(5)]
        self.rooms = [
            RoomFactory(site=near, capacity=3),
            RoomFactory(site=near, capacity=8),
            RoomFactory(site=far, capacity=4),
        ]

    def occurrence(self) -> Occurrence | None:
        rows = list(Occurrence.objects.filter(state="scheduled", ends_at__gt=self.now).order_by("pk"))
        return self.draw.choice(rows) if rows else None

    def start(self) -> str:
        day = date(2026, 11, 24) + timedelta(days=self.draw.choice([0, 1, 2, 3, 7, 8, 110, 113]))
        return f"{day} {self.draw.randint(6, 19):02}:{self.draw.choice(['00', '30'])}"

    def attendees(self) -> tuple[AttendeeDraft, ...]:
        chosen = self.draw.sample(self.people, self.draw.randint(1, 4))
        return tuple(AttendeeDraft(person.pk, self.draw.choice(ROLES)) for person in chosen)

    def meet(self) -> None:
        room = self.draw.choice([None, *self.rooms])
        make_meeting(
            self.draw.choice(self.people),
            room=room,
            now=self.now,
            zone=self.draw.choice(ZONES),
            local_start=local(self.start()),
            duration_minutes=self.draw.choice([30, 60, 120, 1500]),
            attendees=self.attendees(),
            rrule=self.draw.choice(["", "", "FREQ=WEEKLY;COUNT=20", "FREQ=DAILY;COUNT=4"]),
            equipment_needed=self.draw.choice([{}, {"projector": 1}]),
            headcount=self.draw.choice([None, None, 3]),
        )

    def move(self) -> None:
        row = self.occurrence()
        if row is not None:
            start = row.starts_at + timedelta(minutes=self.draw.choice([-60, -30, 30, 60, 1440, 10080]))
            move_occurrence(
                actor=ACTOR,
                occurrence_id=row.pk,
                version=row.meeting.version,
                starts_at=start,
                ends_at=start + (row.ends_at - row.starts_at),
                scope=self.draw.choice(list(Scope)),
                now=self.now,
            )

    def cancel(self) -> None:
        row = self.occurrence()
        if row is not None:
            cancel_meeting(
                actor=ACTOR,
                meeting_id=row.meeting_id,
                version=row.meeting.version,
                scope=self.draw.choice(list(Scope)),
                recurrence_id=row.recurrence_id,
                now=self.now,
            )

    def change(self) -> None:
        row = self.occurrence()
        if row is not None:
            changes = self.draw.choice(
                [
                    MeetingChanges(attendees=self.attendees()),
                    MeetingChanges(room_id=self.draw.choice([None, *(room.pk for room in self.rooms)])),
                    MeetingChanges(duration_minutes=90),
                    MeetingChanges(shows_as_busy=False),
                    MeetingChanges(organiser_id=self.draw.choice(self.people).pk),
                    MeetingChanges(rrule="FREQ=WEEKLY;COUNT=3"),
                ]
            )
            change_meeting(
                actor=ACTOR,
                meeting_id=row.meeting_id,
                version=row.meeting.version,
                changes=changes,
                scope=self.draw.choice([Scope.ALL, Scope.ALL, Scope.FOLLOWING]),
                recurrence_id=row.recurrence_id,
                now=self.now,
            )

    def answer(self) -> None:
        parts = list(Participation.objects.order_by("pk").select_related("occurrence"))
        if parts:
            part = self.draw.choice(parts)
            respond(
                actor=ACTOR,
                occurrence_id=part.occurrence_id,
                person_id=part.person_id,
                partstat=self.draw.choice([PartStat.ACCEPTED, PartStat.DECLINED]),
                scope=self.draw.choice(list(Scope)),
                now=self.now,
            )

    def book(self) -> None:
        row = self.occurrence()
        if row is not None:
            hold = self.draw.choice([None, self.now + timedelta(hours=20)])
            book_room(
                actor=ACTOR,
                occurrence_id=row.pk,
                room_id=self.draw.choice(self.rooms).pk,
                hold_until=hold,
                now=self.now,
            )

    def release(self) -> None:
        rows = list(Booking.objects.exclude(state=BookingState.RELEASED).order_by("pk"))
        if rows:
            release_booking(actor=ACTOR, booking_id=self.draw.choice(rows).pk)

    def leave(self) -> None:
        first = date(2026, 11, 24) + timedelta(days=self.draw.randint(0, 9))
        add_leave(
            actor=ACTOR,
            person_id=self.draw.choice(self.people).pk,
            starts_on=first,
            ends_on=first + timedelta(days=1),
        )

    def close(self) -> None:
        room = self.draw.choice(self.rooms)
        start = self.now + timedelta(days=self.draw.randint(0, 9))
        create_closure(
            actor=ACTOR,
            site=room.site,
            room=room,
            starts_at=start,
            ends_at=start + timedelta(hours=30),
            reason="Paint",
        )

    def collide_in_spring(self) -> None:
        """Two weekly series an hour apart, which the weeks between two clock changes bring together."""
        people = self.attendees()
        for zone, start in (
            ("America/New_York", "2027-01-04 09:00"),
            ("Europe/Bucharest", "2027-01-04 15:00"),
        ):
            make_meeting(
                self.draw.choice(self.people),
                now=self.now,
                zone=zone,
                local_start=local(start),
                attendees=people,
                rrule="FREQ=WEEKLY;COUNT=14",
            )

    def wait_for_spring(self) -> None:
        """A month or two at once, so that some of the collisions are over."""
        self.now += timedelta(days=self.draw.choice([30, 60]))

    def wait(self) -> None:
        self.now += timedelta(hours=self.draw.choice([1, 9, 30]))

    def do_something(self, deed: Callable[[], None] | None = None) -> None:
        deeds: list[Callable[[], None]] = [
            self.meet,
            self.meet,
            self.move,
            self.move,
            self.cancel,
            self.change,
            self.change,
        ]
        deeds += [
            self.answer,
            self.book,
            self.release,
            self.leave,
            self.close,
            self.wait,
            self.wait_for_spring,
        ]
        deeds += [self.collide_in_spring]
        try:
            with time_machine.travel(self.now, tick=False):
                (deed or self.draw.choice(deeds))()
        except ValidationError:
            self.refused += 1


@pytest.mark.parametrize("seed", range(8))
def test_looking_again_finds_what_looking_at_everything_finds(seed: int) -> None:
    company = Company(random.Random(seed))
    company.found()
    for _step in range(12):
        for _deed in range(company.draw.randint(1, 4)):
            company.do_something()
        refresh(company.now)
        looked_again = found()
        assert not StaleScope.objects.exists()
        rebuild(company.now)
        assert looked_again == found()
    assert company.refused < 30


def test_the_random_company_meets_every_kind_of_trouble_of_people_and_rooms() -> None:
    """Otherwise the test above would say little."""
    company = Company(random.Random(1))
    company.found()
    for _deed in range(30):
        company.do_something(company.draw.choice([company.meet, company.meet, company.leave]))
    rebuild(company.now)
    kinds = set(Conflict.objects.values_list("kind", flat=True))
    assert {
        "person_double_booked",
        "person_away",
        "out_of_hours",
        "no_travel_time",
        "room_too_small",
    } <= kinds
    assert {"room_unequipped", "site_shut"} <= kinds
