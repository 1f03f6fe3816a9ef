"""The rolls of the demo's events, through the ordinary actions: who registered, who waits, who came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from convenor.attendance.actions.allotment import set_allotments
from convenor.attendance.actions.check_in import record_scans
from convenor.attendance.actions.form import set_form
from convenor.attendance.actions.registering import register_many
from convenor.attendance.actions.roll import open_roll
from convenor.attendance.drafts import (
    AllotmentDraft,
    FieldDraft,
    FormDraft,
    NeedsDraft,
    OptionDraft,
    RegistrationDraft,
    RollDraft,
    ScanDraft,
    Who,
)
from convenor.attendance.enums import (
    TAKING,
    AccessNeed,
    Diet,
    FieldKind,
    FormMode,
    Source,
    WaitlistRule,
)
from convenor.attendance.models import Roll, Seat
from convenor.base.actor import Actor
from convenor.events.models import Event
from convenor.people.models import Department, Person

SCANS = UUID("5b0c7a52-6f6e-4f0e-9d0e-5b1f3f0c2026")
OUTSIDE = (
    ("Larisa Ionică", "larisa.ionica@studenti.example", "Universitatea Babeș-Bolyai"),
    ("Ștefan Țurcanu", "stefan.turcanu@studenti.example", "Universitatea Babeș-Bolyai"),
    ("Ελένη Παπαδοπούλου", "eleni@coop.example", "Coop Θεσσαλονίκη"),
    ("Zoë Brontë-Okafor", "zoe@freelance.example", ""),
)
DIETS = (
    NeedsDraft((Diet.VEGETARIAN,)),
    NeedsDraft((Diet.VEGAN, Diet.GLUTEN_FREE)),
    NeedsDraft((Diet.HALAL,)),
)
ACCESS = NeedsDraft(access=(AccessNeed.STEP_FREE, AccessNeed.WHEELCHAIR))
ABSENT = 8
"""One in so many of those who have a seat doesn't come."""


@dataclass(frozen=True, slots=True)
class DemoRoll:
    """`comes` of the staff register; without a capacity the room says how many may."""

    comes: int
    capacity: int | None = None
    mode: FormMode = FormMode.PUBLIC
    rule: WaitlistRule = WaitlistRule.ORDER
    outside: bool = False
    allotment: tuple[str, int] | None = None  # a department's code, seats


def fill(actor: Actor, event: Event, planned: DemoRoll, now: datetime) -> Roll:
    """Open the roll and the registration page, and let people register."""
    assert event.starts_at is not None, event
    roll = open_roll(actor=actor, event_id=event.pk, draft=_settings(event, planned), now=now)
    if planned.allotment is not None:
        code, size = planned.allotment
        block = AllotmentDraft(
            size, Department.objects.get(code=code).pk, release_at=event.starts_at - timedelta(days=7)
        )
        set_allotments(actor=actor, roll_id=roll.pk, drafts=[block], now=now)
    set_form(actor=actor, event_id=event.pk, draft=_form(planned), version=None, now=now)
    if drafts := _registrations(event, planned):
        register_many(actor=actor, event_id=event.pk, drafts=drafts, source=Source.PUBLIC, now=now)
    return roll


def welcome(actor: Actor, event: Event) -> None:
    """Nearly everybody who has a seat comes through the door, in the half hour before the start."""
    roll = Roll.objects.filter(event=event, function__isnull=True).first()
    if roll is None or event.starts_at is None:
        return
    opens = event.starts_at - timedelta(minutes=30)
    seats = Seat.objects.filter(roll=roll, state__in=TAKING).order_by("pk").values_list("pk", "registration")
    scans = [
        ScanDraft(
            uid=uuid5(SCANS, f"{roll.pk}:{seat}"),
            at=opens + timedelta(seconds=20 * n % 1_800),
            registration_id=registration,
            device="door",
        )
        for n, (seat, registration) in enumerate(seats)
        if n % ABSENT
    ]
    record_scans(actor=actor, roll_id=roll.pk, scans=scans, now=event.starts_at + timedelta(minutes=5))


def _settings(event: Event, planned: DemoRoll) -> RollDraft:
    assert event.starts_at is not None, event
    return RollDraft(
        capacity=planned.capacity,
        follows_room=planned.capacity is None,
        waitlist_rule=planned.rule,
        rsvp_by=event.starts_at - timedelta(days=5),
        cancel_free_until=event.starts_at - timedelta(days=3),
        guarantee_due=event.starts_at - timedelta(days=4),
    )


def _form(planned: DemoRoll) -> FormDraft:
    return FormDraft(
        mode=planned.mode,
        is_open=True,
        intro_en="We look forward to seeing you. Please say what you need, and which evening suits you.",
        intro_ro="Vă așteptăm cu drag. Spuneți-ne de ce aveți nevoie și care seară vi se potrivește.",
        max_guests=1 if planned.outside else 0,
        fields=(
            FieldDraft(
                "evening",
                FieldKind.CHOICE,
                "Which evening do you join?",
                "În care seară veniți?",
                options=(
                    OptionDraft("boat", "Boat on the Danube", "Cu vaporul pe Dunăre", limit=12),
                    OptionDraft("theatre", "Theatre", "La teatru", limit=20),
                    OptionDraft("none", "Neither", "La niciuna"),
                ),
            ),
            FieldDraft(
                "photos",
                FieldKind.CONSENT,
                "I may be in pictures of the event.",
                "Pot apărea în fotografii de la eveniment.",
            ),
        ),
    )


def _registrations(event: Event, planned: DemoRoll) -> list[RegistrationDraft]:
    """The same people each time: the directory by key, without those whom the roll brought in already."""
    there = set(event.registrations.values_list("person", flat=True))
    known = Person.objects.filter(is_active=True, organisation__is_own=True).exclude(pk__in=[*there - {None}])
    people = [Who(person_id=pk) for pk in known.order_by("pk").values_list("pk", flat=True)[: planned.comes]]
    people += [Who(*each) for each in OUTSIDE] if planned.outside else []
    return [RegistrationDraft(who=who, needs=_needs(n)) for n, who in enumerate(people)]


def _needs(number: int) -> NeedsDraft:
    if number % 23 == 0:
        return ACCESS
    return DIETS[number // 6 % len(DIETS)] if number % 6 == 0 else NeedsDraft()
