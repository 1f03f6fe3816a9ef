"""What the competing processes of the race tests do; run through tests/child.py."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import IntegrityError, connections

from convenor.base.refusals import violated
from convenor.base.transactions import action
from tests.base.testapp.models import Slot

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@action
def take_slot(unit: int, shift: int) -> None:
    start = START + timedelta(minutes=shift)
    Slot.objects.create(unit=unit, starts_at=start, ends_at=start + timedelta(hours=1))


def _compete(racer: int, rounds: int, apart: int, barrier: Any, outcomes: Any) -> None:
    for unit in range(rounds):
        barrier.wait(timeout=60)
        try:
            take_slot(unit, racer * apart)
        except IntegrityError as error:
            outcomes.put(violated(error))
        else:
            outcomes.put("won")
    connections.close_all()


def race(racers: int, rounds: int, apart: int) -> dict[str, int]:
    """Each racer asks, in every round, for an hour of that round's unit, `apart` minutes after the racer before."""
    context = multiprocessing.get_context("fork")  # this process has one thread, and Django is loaded once
    barrier, outcomes = context.Barrier(racers), context.Queue()
    processes = [
        context.Process(target=_compete, args=(n, rounds, apart, barrier, outcomes)) for n in range(racers)
    ]
    for process in processes:
        process.start()
    counted = Counter(outcomes.get(timeout=90) for _ in range(racers * rounds))
    for process in processes:
        process.join()
    return dict(counted)
