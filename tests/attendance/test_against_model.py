"""Random days of a roll against a brute-force roll that only knows a list of parties."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convenor.attendance.actions.allotment import release_allotments, set_allotments
from convenor.attendance.actions.offers import lapse_offers
from convenor.attendance.actions.registering import register
from convenor.attendance.actions.registration import cancel_registration
from convenor.attendance.actions.roll import change_roll
from convenor.attendance.actions.seat import answer_seat, set_seat_state
from convenor.attendance.drafts import AllotmentDraft, RegistrationDraft, RollDraft, Who
from convenor.attendance.enums import TAKING, SeatState, Source, WaitlistRule
from convenor.attendance.models import Allotment, Registration, Roll, Seat
from convenor.base.actor import Actor
from convenor.people.models import Organisation
from tests.attendance.house import check_rolls
from tests.factories.attendance import make_roll
from tests.factories.cast import alice
from tests.factories.events import NOW, make_event

SYSTEM = Actor.system("tests")
HOURS = 3
SEEDS = int(os.environ.get("ROLL_SEEDS") or 6)
"""How many busy rolls; `ROLL_SEEDS=300` for the night."""
PARTNER = "Partner Ltd"


@dataclass(eq=False)
class Sitting:
    """One party as the model knows it."""

    size: int
    partner: bool
    priority: int
    state: SeatState = SeatState.WAITLISTED
    turn: tuple[datetime, int] = (NOW, 0)  # its place on the waitlist
    until: datetime | None = None
    in_block: bool = False

    @property
    def takes(self) -> bool:
        return self.state in TAKING


@dataclass
class Model:
    """The rules as the guide says them, counted anew each time."""

    capacity: int | None
    rule: WaitlistRule
    hours: int
    parties: list[Sitting] = field(default_factory=list)
    block: int | None = None  # the size of the partner's allotment
    released: bool = False
    now: datetime = NOW

    def taken(self, *, in_block: bool) -> int:
        return sum(each.size for each in self.parties if each.takes and each.in_block == in_block)

    @property
    def used(self) -> int:
        return self.taken(in_block=False) + (self.block or 0)

    def fits(self, party: Sitting) -> bool | None:
        """Whether in the block (True) or among the open seats (False); None: nowhere."""
        block = self.block if party.partner and not self.released else None
        if block is not None and block - self.taken(in_block=True) >= party.size:
            return True
        free = None if self.capacity is None else self.capacity - self.used
        return False if free is None or free >= party.size else None

    def fill(self, arriving: Sitting | None = None) -> None:
        if self.released:
            self.block = self.taken(in_block=True)
        while waiting := [
            each
            for each in self.parties
            if each.state == SeatState.WAITLISTED and self.fits(each) is not None
        ]:
            first = min(waiting, key=self.order)
            first.in_block = bool(self.fits(first))
            at_once = self.hours == 0 or first is arriving
            first.state = SeatState.CONFIRMED if at_once else SeatState.OFFERED
            first.until = None if at_once else self.now + timedelta(hours=self.hours)

    def order(self, party: Sitting) -> tuple[object, ...]:
        held = Counter[bool]()
        for each in self.parties:
            held[each.partner] += each.size * each.takes
        share = held[party.partner] if self.rule == WaitlistRule.BALANCE else 0
        return share, -party.priority if self.rule == WaitlistRule.PRIORITY else 0, party.turn

    def come(self, party: Sitting) -> None:
        party.state = SeatState.WAITLISTED
        party.turn = (self.now, self.parties.index(party))
        self.fill(arriving=party)

    def leave(self, party: Sitting, *, declines: bool = False) -> None:
        asked = declines and party.state == SeatState.OFFERED
        party.state, party.until = (SeatState.DECLINED if asked else SeatState.CANCELLED), None
        self.fill()


class World:
    """The model, and the roll that must agree with it."""

    def __init__(self, capacity: int | None, rule: WaitlistRule, hours: int) -> None:
        self.model = Model(capacity, rule, hours)
        self.event = make_event(alice())
        self.roll = make_roll(self.event, capacity, waitlist_rule=rule, offer_hours=hours)
        self.partner = Organisation.objects.create(name=PARTNER)
        self.rows: list[Registration] = []

    @property
    def now(self) -> datetime:
        return self.model.now

    def seats(self, number: int) -> list[Seat]:
        row = self.rows[number]
        family = [row.pk, *Registration.objects.filter(guest_of=row).values_list("pk", flat=True)]
        return list(Seat.objects.filter(registration__in=family).order_by("pk"))

    def register(self, size: int, partner: bool, priority: int) -> None:
        number = len(self.rows)
        who = Who(f"Lead {number}", f"lead{number}@partner.example", PARTNER if partner else "")
        guests = tuple(Who(f"Guest {number}.{n}") for n in range(1, size))
        draft = RegistrationDraft(who, guests=guests, priority=priority)
        party = Sitting(size, partner, priority)
        self.rows.append(
            register(
                actor=SYSTEM, event_id=self.event.pk, draft=draft, source=Source.COORDINATOR, now=self.now
            )
        )
        self.model.parties.append(party)
        self.model.come(party)

    def cancel(self, number: int) -> None:
        party = self.model.parties[number]
        cancel_registration(actor=SYSTEM, registration_id=self.rows[number].pk, now=self.now)
        if party.takes or party.state == SeatState.WAITLISTED:
            self.model.leave(party)

    def answer(self, number: int, accepts: bool) -> None:
        party, seat = self.model.parties[number], self.seats(number)[0]
        lapsed = party.until is not None and party.until <= self.now
        refused = accepts and lapsed
        self.do(
            lambda: answer_seat(actor=SYSTEM, seat_id=seat.pk, accepts=accepts, now=self.now), not refused
        )
        if refused:
            return
        if accepts and party.state == SeatState.OFFERED:
            party.state, party.until = SeatState.CONFIRMED, None
        elif accepts and not party.takes and party.state != SeatState.WAITLISTED:
            self.model.come(party)
        elif not accepts and (party.takes or party.state == SeatState.WAITLISTED):
            self.model.leave(party, declines=False)

    def confirm(self, number: int) -> None:
        """By those who keep the roll, past the waitlist."""
        party = self.model.parties[number]
        fits = party.takes or self.model.fits(party) is not None
        seat = self.seats(number)[0]
        self.do(
            lambda: set_seat_state(actor=SYSTEM, seat_ids=[seat.pk], state=SeatState.CONFIRMED, now=self.now),
            fits,
        )
        if fits:
            if not party.takes:
                party.in_block = bool(self.model.fits(party))
            party.state, party.until = SeatState.CONFIRMED, None

    def capacity(self, capacity: int | None) -> None:
        roll = Roll.objects.get(pk=self.roll.pk)
        draft = RollDraft(
            capacity=capacity,
            follows_room=False,
            waitlist_rule=self.model.rule,
            offer_hours=self.model.hours,
        )
        change_roll(actor=SYSTEM, roll_id=roll.pk, version=roll.version, draft=draft, now=self.now)
        if capacity != self.model.capacity:
            self.model.capacity = capacity
            self.model.fill()

    def allot(self, size: int) -> None:
        model = self.model
        taken, capacity = model.taken(in_block=True), model.capacity
        limit = None if capacity is None else max(capacity, model.used)
        fits = size >= taken and (limit is None or size <= limit - model.taken(in_block=False))
        drafts = [AllotmentDraft(size, organisation_id=self.partner.pk)]
        self.do(lambda: set_allotments(actor=SYSTEM, roll_id=self.roll.pk, drafts=drafts, now=self.now), fits)
        if fits:
            was_released = model.released and model.block is not None
            model.block = size
            model.released = was_released and size == taken
            model.fill()

    def drop(self) -> None:
        set_allotments(actor=SYSTEM, roll_id=self.roll.pk, drafts=[], now=self.now)
        if self.model.block is not None:
            taken = self.model.taken(in_block=True)
            self.model.block, self.model.released = (taken, True) if taken else (None, False)
        self.model.fill()

    def release(self) -> None:
        Allotment.objects.filter(released_at=None).update(release_at=self.now)
        release_allotments(self.now)
        if self.model.block is not None:
            self.model.released = True
        self.model.fill()

    def wait(self, hours: int) -> None:
        """Time goes by, and the clock's work is done."""
        self.model.now += timedelta(hours=hours)
        lapse_offers(self.now)
        for party in self.model.parties:
            if party.until is not None and party.until <= self.now:
                party.state, party.until = SeatState.DECLINED, None
        self.model.fill()

    def do(self, act: Callable[[], object], is_taken: bool) -> None:
        """Do it; the model says whether it is refused."""
        if is_taken:
            act()
            return
        with pytest.raises(ValidationError):
            act()

    def check(self) -> None:
        check_rolls()
        roll = Roll.objects.get(pk=self.roll.pk)
        assert (roll.taken, roll.allotted) == (self.model.taken(in_block=False), self.model.block or 0)
        assert roll.capacity == self.model.capacity
        for number, party in enumerate(self.model.parties):
            seats = self.seats(number)
            assert len(seats) == party.size
            assert {seat.state for seat in seats} == {party.state}, number
            if party.takes:
                assert {seat.allotment_id is not None for seat in seats} == {party.in_block}
        leads = [row.pk for row in self.rows]
        waiting = Seat.objects.filter(roll=roll, state=SeatState.WAITLISTED, registration__in=leads)
        ordered = waiting.order_by("waitlisted_at", "pk").values_list("registration_id", flat=True)
        expected = [
            (party.turn, self.rows[number].pk)
            for number, party in enumerate(self.model.parties)
            if party.state == SeatState.WAITLISTED
        ]
        assert list(ordered) == [key for _turn, key in sorted(expected)]


register_one = st.tuples(st.just("register"), st.integers(1, 3), st.booleans(), st.integers(0, 1))
steps = st.one_of(
    register_one,
    st.tuples(st.just("register"), st.just(1), st.booleans(), st.integers(0, 1)),
    st.tuples(st.just("cancel"), st.integers(0, 9)),
    st.tuples(st.just("answer"), st.integers(0, 9), st.booleans()),
    st.tuples(st.just("confirm"), st.integers(0, 9)),
    st.tuples(st.just("capacity"), st.none() | st.integers(0, 8)),
    st.tuples(st.just("allot"), st.integers(0, 4)),
    st.tuples(st.just("drop")),
    st.tuples(st.just("release")),
    st.tuples(st.just("wait"), st.integers(1, HOURS + 1)),
)
WEIGHTS = {"register": 6, "cancel": 4, "answer": 4, "confirm": 1, "capacity": 1, "allot": 2, "wait": 2}
RARE = {"drop": 0.3, "release": 0.3}


def drawn(draw: random.Random) -> tuple[Any, ...]:
    """A step as a busy roll has them: most days somebody comes, goes or answers."""
    weights = WEIGHTS | RARE
    (name,) = draw.choices(list(weights), list(weights.values()))
    match name:
        case "register":
            return name, draw.choice([1, 1, 1, 2, 3]), draw.random() < 0.4, draw.randint(0, 2)
        case "cancel" | "confirm":
            return name, draw.randint(0, 99)
        case "answer":
            return name, draw.randint(0, 99), draw.random() < 0.6
        case "capacity":
            return name, draw.choice([None, 0, 2, 4, 6, 8])
        case "allot":
            return name, draw.randint(0, 4)
        case "wait":
            return name, draw.randint(1, HOURS + 1)
    return (name,)


def take(world: World, step: tuple[Any, ...]) -> None:
    name, *arguments = step
    if name in ("cancel", "answer", "confirm"):
        if not world.rows:
            return
        arguments[0] %= len(world.rows)
    getattr(world, name)(*arguments)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    capacity=st.integers(1, 4),
    rule=st.sampled_from(WaitlistRule),
    hours=st.sampled_from([0, HOURS]),
    first=st.lists(register_one, min_size=4, max_size=4),
    days=st.lists(steps, min_size=8, max_size=16),
)
def test_any_days_agree_with_the_model(
    capacity: int,
    rule: WaitlistRule,
    hours: int,
    first: list[tuple[Any, ...]],
    days: list[tuple[Any, ...]],
) -> None:
    with transaction.atomic():
        world = World(capacity, rule, hours)
        for step in (*first, *days):
            take(world, step)
            world.check()
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("rule", WaitlistRule)
@pytest.mark.parametrize("seed", range(SEEDS))
def test_busy_days_agree_with_the_model(rule: WaitlistRule, seed: int) -> None:
    draw = random.Random(seed)
    world = World(draw.choice([2, 4, 6]), rule, draw.choice([0, HOURS, HOURS]))
    world.allot(seed % 3)
    for _ in range(40):
        take(world, drawn(draw))
        world.check()
