"""Whatever is done to a meeting: the mails that somebody got, applied in order, give what their calendar should hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convenor.base.actor import Actor
from convenor.people.models import Person
from convenor.scheduling.actions.booking import book_room, release_booking
from convenor.scheduling.actions.meeting import cancel_meeting, change_meeting
from convenor.scheduling.actions.move import move_occurrence
from convenor.scheduling.drafts import AttendeeDraft, MeetingChanges
from convenor.scheduling.enums import MeetingState, OccurrenceState, Scope
from convenor.scheduling.models import Attendee, Booking, Meeting, Occurrence
from tests.factories.cast import bob
from tests.factories.people import PersonFactory
from tests.factories.scheduling import NOW, local, make_meeting
from tests.factories.venues import RoomFactory
from tests.interop.imip.calendar_program import Held, Office, deliver

SYSTEM = Actor.system("tests")
RULES = ("", "FREQ=DAILY;COUNT=6", "FREQ=WEEKLY;COUNT=5")


@dataclass
class World:
    """One meeting, and those of its continuations that a split makes."""

    organiser: Person
    people: list[Person]
    rooms: list[int]
    moment: Any
    office: Office = field(default_factory=Office)

    def meetings(self) -> list[Meeting]:
        return list(Meeting.objects.order_by("pk"))

    def dates(self, meeting: Meeting) -> list[Occurrence]:
        rows = meeting.occurrences.filter(state=OccurrenceState.SCHEDULED, ends_at__gt=self.now)
        return list(rows.order_by("starts_at", "pk"))

    @property
    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)

    seconds: int = 0

    def wait(self, seconds: int) -> None:
        self.seconds += seconds
        self.moment.shift(seconds)

    def change(self, meeting: Meeting, changes: MeetingChanges, scope: Scope, date: int) -> None:
        dates = self.dates(meeting)
        rid = dates[date % len(dates)].recurrence_id if scope != Scope.ALL and dates else None
        if scope != Scope.ALL and rid is None:
            return
        change_meeting(
            actor=SYSTEM,
            meeting_id=meeting.pk,
            version=meeting.version,
            changes=changes,
            scope=scope,
            recurrence_id=rid,
            now=self.now,
        )

    def do(self, what: str, n: int, m: int) -> None:
        meeting = self.meetings()[n % len(self.meetings())]
        scope = (Scope.ONE, Scope.ALL, Scope.FOLLOWING)[m % 3]
        dates = self.dates(meeting)
        match what:
            case "title":
                self.change(meeting, MeetingChanges(title=f"Review {m % 4}"), scope, n)
            case "description":
                self.change(meeting, MeetingChanges(description=f"Bring {m % 3}"), Scope.ALL, n)
            case "people":
                chosen = [person for bit, person in enumerate(self.people) if m >> bit & 1]
                drafts = tuple(AttendeeDraft(person.pk) for person in chosen)
                self.change(meeting, MeetingChanges(attendees=drafts), Scope.ALL, n)
            case "move" if dates:
                self.move(meeting, dates[n % len(dates)], timedelta(hours=m % 5 - 2), scope)
            case "room" if dates:
                self.rebook(dates[n % len(dates)], self.rooms[m % 2])
            case "cancel" if dates and (meeting.is_series or m % 4 == 0):
                one = Scope.ONE if m % 4 else scope
                rid = dates[n % len(dates)].recurrence_id
                cancel_meeting(
                    actor=SYSTEM,
                    meeting_id=meeting.pk,
                    version=meeting.version,
                    scope=one,
                    recurrence_id=rid,
                    now=self.now,
                )
            case "back" if meeting.is_series and meeting.exdates:
                self.change(meeting, MeetingChanges(exdates=()), Scope.ALL, n)

    def move(self, meeting: Meeting, row: Occurrence, by: timedelta, scope: Scope) -> None:
        move_occurrence(
            actor=SYSTEM,
            occurrence_id=row.pk,
            version=meeting.version,
            starts_at=row.starts_at + by,
            ends_at=row.ends_at + by,
            scope=scope,
            now=self.now,
        )

    def rebook(self, row: Occurrence, room_id: int) -> None:
        """Book a room, or let go the one that is booked."""
        booked = Booking.objects.filter(occurrence=row).exclude(state="released").first()
        if booked is None:
            book_room(actor=SYSTEM, occurrence_id=row.pk, room_id=room_id, now=self.now)
        else:
            release_booking(actor=SYSTEM, booking_id=booked.pk)

    def should_hold(self, person: Person) -> list[Held]:
        asked = set(Attendee.objects.filter(person=person).values_list("meeting_id", flat=True))
        found: list[Held] = []
        for meeting in self.meetings():
            if meeting.state == MeetingState.CANCELLED or meeting.pk not in asked:
                continue
            for row in self.dates(meeting):
                rooms = Booking.objects.filter(occurrence=row, room__isnull=False).exclude(state="released")
                place = "; ".join(f"{each.room.code} {each.room.name}" for each in rooms if each.room)
                found.append((row.starts_at, row.ends_at, row.title or meeting.title, place))
        return sorted(found)

    def check(self) -> None:
        deliver()
        counts = self.office.take_new()
        assert all(count <= len(self.meetings()) for count in counts.values())  # a split makes one more
        for person in self.people:
            assert self.office.shows(person.email, self.now) == self.should_hold(person), person


steps = st.lists(
    st.tuples(
        st.sampled_from(["title", "description", "people", "move", "room", "cancel", "back", "mail", "mail"]),
        st.integers(0, 50),
        st.integers(0, 50),
    ),
    max_size=14,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.sampled_from(RULES), st.integers(0, 7), steps)
@pytest.mark.django_db
def test_everybody_s_calendar_holds_what_it_should(
    django_db_setup: None, rule: str, first: int, todo: list[tuple[str, int, int]]
) -> None:
    with transaction.atomic(), time_machine.travel(NOW, tick=False) as moment:
        people = [PersonFactory.create(name=f"Person {n}") for n in range(3)]
        rooms = [RoomFactory.create(code=f"R{n}").pk for n in range(2)]
        world = World(bob(), people, rooms, moment)
        asked = [person for bit, person in enumerate(people) if first >> bit & 1]
        make_meeting(
            world.organiser,
            people=asked,
            rrule=rule,
            local_start=local("2027-03-22 10:00"),
            now=NOW,
            room_id=rooms[0],
        )
        for what, n, m in todo:
            if what == "mail":
                world.wait(121)
                world.check()
            else:
                try:
                    with transaction.atomic():
                        world.do(what, n, m)
                except ValidationError:
                    continue  # refused, as it may be: nothing was changed
        world.wait(121)
        world.check()
        transaction.set_rollback(True)
