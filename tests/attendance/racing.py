"""What the processes of the roll's races do; run through tests/child.py."""

from __future__ import annotations

import multiprocessing
import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connections

from convenor.attendance.actions.registering import register
from convenor.attendance.actions.registration import cancel_registration, change_registration
from convenor.attendance.drafts import RegistrationDraft, Who
from convenor.attendance.enums import SeatState, Source
from convenor.attendance.models import Registration
from convenor.base.actor import Actor
from tests.factories.events import NOW

RACER = Actor.system("racer")


def race(racers: int, event_ids: list[int]) -> dict[str, int]:
    """In every round each racer registers at the next event, all at the same time."""
    return _run(racers, len(event_ids), _register_at, event_ids)


def _register_at(racer: int, turn: int, event_ids: list[int]) -> str:
    row = register(
        actor=RACER,
        event_id=event_ids[turn],
        draft=RegistrationDraft(Who(name=f"Racer {racer}", email=f"racer{racer}@partner.example")),
        source=Source.COORDINATOR,
        now=NOW,
    )
    return SeatState(row.seats.get().state).value


def mingle(racers: int, rounds: int, event_id: int, function_ids: list[int]) -> dict[str, int]:
    """Each racer, in every round, registers for functions of their choice, chooses others, or cancels."""
    return _run(racers, rounds, _mingle, event_id, function_ids)


def _mingle(racer: int, turn: int, event_id: int, function_ids: list[int]) -> str:
    draw = random.Random(racer * 1_000 + turn)
    chosen = tuple(draw.sample(function_ids, draw.randint(1, len(function_ids))))
    draft = RegistrationDraft(
        Who(name=f"Racer {racer}", email=f"racer{racer}@partner.example"), function_ids=chosen
    )
    now = NOW + timedelta(seconds=turn)
    mine = Registration.objects.filter(event=event_id, email=draft.who.email).first()
    what = draw.choice(["change", "change", "cancel"]) if mine is not None else "register"
    if mine is None or not mine.seats.exclude(state__in=("cancelled", "declined")).exists():
        register(actor=RACER, event_id=event_id, draft=draft, source=Source.COORDINATOR, now=now)
        return "registered"
    if what == "cancel":
        cancel_registration(actor=RACER, registration_id=mine.pk, now=now)
        return "cancelled"
    change_registration(actor=RACER, registration_id=mine.pk, version=None, draft=draft, now=now)
    return "changed"


def _run(racers: int, rounds: int, work: Callable[..., str], *arguments: Any) -> dict[str, int]:
    context = multiprocessing.get_context("fork")
    barrier, outcomes = context.Barrier(racers), context.Queue()
    processes = [
        context.Process(target=_compete, args=(n, rounds, barrier, outcomes, work, arguments))
        for n in range(racers)
    ]
    for process in processes:
        process.start()
    counted = Counter(outcomes.get(timeout=600) for _ in range(racers * rounds))
    for process in processes:
        process.join()
    return dict(counted)


def _compete(
    racer: int, rounds: int, barrier: Any, outcomes: Any, work: Callable[..., str], arguments: tuple[Any, ...]
) -> None:
    for turn in range(rounds):
        barrier.wait(timeout=600)
        try:
            outcomes.put(work(racer, turn, *arguments))
        except ValidationError as error:
            outcomes.put(f"refused: {error}")
        except Exception as error:  # noqa: BLE001  # whatever it is, the test is to say it
            outcomes.put(repr(error))
    connections.close_all()
