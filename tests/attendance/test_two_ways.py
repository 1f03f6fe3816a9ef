"""Random sequences of asking, answering, moving, registering and cancelling: seats and the schedule agree after every step."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convenor.attendance.actions.offers import lapse_offers
from convenor.attendance.actions.registering import register
from convenor.attendance.actions.registration import cancel_registration
from convenor.attendance.actions.roll import change_roll, open_roll
from convenor.attendance.actions.seat import answer_seat, set_seat_state
from convenor.attendance.drafts import RegistrationDraft, RollDraft, Who
from convenor.attendance.enums import GONE, SeatState, Source
from convenor.attendance.models import Registration, Roll, Seat
from convenor.base.actor import Actor
from convenor.events.models import Function
from convenor.people.models import Person
from convenor.scheduling.actions.meeting import change_meeting
from convenor.scheduling.actions.response import respond
from convenor.scheduling.drafts import AttendeeDraft, MeetingChanges
from convenor.scheduling.enums import PartStat
from convenor.scheduling.models import Attendee, Meeting, Participation
from tests.attendance.house import check_rolls
from tests.factories.cast import alice
from tests.factories.events import NOW, make_event, make_function
from tests.factories.people import PersonFactory
from tests.factories.scheduling import check_house, local

SYSTEM = Actor.system("tests")
YES, NO, MAYBE, NONE = PartStat.ACCEPTED, PartStat.DECLINED, PartStat.TENTATIVE, PartStat.NEEDS_ACTION
SAYS: dict[SeatState, set[PartStat]] = {
    # A new time asks anew who has a seat, and "maybe" gives none up
    SeatState.CONFIRMED: {YES, NONE, MAYBE},
    SeatState.HELD: {MAYBE, NONE},
    SeatState.WAITLISTED: {MAYBE, NONE},
    SeatState.OFFERED: {MAYBE, NONE},
    SeatState.INVITED: {NONE, MAYBE},
}


class House:
    """Four people, a function with two places, and all that can be done to them."""

    def __init__(self, rng: random.Random) -> None:
        self.rng, self.now = rng, NOW
        self.event = make_event(alice())
        self.people: list[Person] = PersonFactory.create_batch(4)
        self.function: Function = make_function(self.event, meeting={"people": self.people[:2]})
        draft = RollDraft(capacity=2, follows_room=False, offer_hours=rng.choice([0, 3]))
        self.roll = open_roll(
            actor=SYSTEM, event_id=self.event.pk, function_id=self.function.pk, draft=draft, now=NOW
        )

    def step(self) -> None:
        self.now += timedelta(hours=1)
        deeds: list[Callable[[], object]] = [
            *(self.ask, self.answer, self.answer, self.register, self.cancel, self.keep, self.by_link),
            *(self.move, self.lapse, self.resize),
        ]
        try:
            with transaction.atomic():
                self.rng.choice(deeds)()
        except ValidationError:
            pass

    def person(self) -> Person:
        return self.rng.choice(self.people)

    def seat(self) -> Seat | None:
        return Seat.objects.filter(roll=self.roll, registration__person=self.person()).first()

    def _change(self, **changes: object) -> None:
        meeting = Meeting.objects.get(pk=self.function.occurrence.meeting_id)
        given = MeetingChanges(**changes)  # type: ignore[arg-type]  # one field each
        change_meeting(
            actor=SYSTEM, meeting_id=meeting.pk, version=meeting.version, changes=given, now=self.now
        )

    def ask(self) -> None:
        chosen = [each for each in self.people if self.rng.random() < 0.6]
        self._change(attendees=tuple(AttendeeDraft(each.pk) for each in chosen))

    def move(self) -> None:
        self._change(local_start=local(f"2026-12-07 {self.rng.randint(10, 15)}:00"))

    def answer(self) -> None:
        respond(
            actor=SYSTEM,
            occurrence_id=self.function.occurrence_id,
            person_id=self.person().pk,
            partstat=self.rng.choice([YES, YES, NO, MAYBE]),
            now=self.now,
        )

    def register(self) -> None:
        draft = RegistrationDraft(
            Who(person_id=self.person().pk), function_ids=(self.function.pk,), on_event=False
        )
        register(actor=SYSTEM, event_id=self.event.pk, draft=draft, source=Source.COORDINATOR, now=self.now)

    def cancel(self) -> None:
        row = Registration.objects.filter(event=self.event, person=self.person()).first()
        if row is not None:
            cancel_registration(actor=SYSTEM, registration_id=row.pk, now=self.now)

    def keep(self) -> None:
        seat = self.seat()
        wanted = [
            SeatState.CONFIRMED,
            SeatState.HELD,
            SeatState.INVITED,
            SeatState.WAITLISTED,
            SeatState.CANCELLED,
        ]
        if seat is not None:
            set_seat_state(actor=SYSTEM, seat_ids=[seat.pk], state=self.rng.choice(wanted), now=self.now)

    def by_link(self) -> None:
        seat = self.seat()
        if seat is not None:
            answer_seat(actor=SYSTEM, seat_id=seat.pk, accepts=self.rng.random() < 0.5, now=self.now)

    def lapse(self) -> None:
        self.now += timedelta(hours=4)
        lapse_offers(self.now)

    def resize(self) -> None:
        draft = RollDraft(capacity=self.rng.randint(0, 3), follows_room=False, offer_hours=3)
        version = Roll.objects.get(pk=self.roll.pk).version
        change_roll(actor=SYSTEM, roll_id=self.roll.pk, version=version, draft=draft, now=self.now)

    def check(self) -> None:
        asked = set(
            Attendee.objects.filter(meeting=self.function.occurrence.meeting_id).values_list(
                "person", flat=True
            )
        )
        for person in self.people:
            seat = Seat.objects.filter(roll=self.roll, registration__person=person).first()
            part = Participation.objects.filter(occurrence=self.function.occurrence_id, person=person).first()
            self._check_one(person, seat, part, is_asked=person.pk in asked)
        check_rolls()
        check_house()

    def _check_one(
        self, person: Person, seat: Seat | None, part: Participation | None, *, is_asked: bool
    ) -> None:
        state = SeatState(seat.state) if seat else None
        if is_asked:
            assert part is not None, "who is asked takes part"
            wanted = {NO, NONE} if state is None or state in GONE else SAYS[state]
            assert part.partstat in wanted, (person, state, part.partstat)
        elif state == SeatState.CONFIRMED:
            assert part is not None, "who has a seat takes part"
            assert part.partstat in {YES, MAYBE}
            assert part.blocks
        else:
            assert part is None, (person, state)
        assert seat is None or seat.asked_at is None or is_asked
        assert part is None or part.blocks == (part.partstat != NO)


@pytest.mark.django_db
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_seats_and_the_schedule_agree_whatever_happens(seed: int) -> None:
    """Each example in a transaction of its own that is taken back."""
    with transaction.atomic():
        house = House(random.Random(seed))  # no secret
        house.check()
        for _ in range(25):
            house.step()
            house.check()
        transaction.set_rollback(True)
