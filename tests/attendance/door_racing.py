"""What the doors of the check-in race do; run through tests/child.py."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from typing import Any
from uuid import uuid4

from django.db import connections

from convenor.attendance.actions.check_in import record_scans
from convenor.attendance.drafts import ScanDraft
from tests.factories.door import DOOR, OPENS


def race(roll_id: int, rounds: list[list[str]], doors: int, *, lets_in: bool) -> dict[str, int]:
    """In every round all doors send the same codes, each in an order of its own and each scan twice; what they are told."""
    context = multiprocessing.get_context("fork")  # this process has one thread, and Django is loaded once
    barrier, outcomes = context.Barrier(doors), context.Queue()
    processes = [
        context.Process(target=_keep, args=(place, roll_id, rounds, lets_in, barrier, outcomes))
        for place in range(doors)
    ]
    for process in processes:
        process.start()
    expected = doors * 2 * sum(len(codes) for codes in rounds)
    counted = Counter(outcomes.get(timeout=90) for _ in range(expected))
    for process in processes:
        process.join()
    return dict(counted)


def _keep(
    place: int, roll_id: int, rounds: list[list[str]], lets_in: bool, barrier: Any, outcomes: Any
) -> None:
    for codes in rounds:
        turned = codes[place % len(codes) :] + codes[: place % len(codes)]
        scans = [ScanDraft(uuid4(), OPENS, code=code, lets_in=lets_in) for code in turned]
        barrier.wait(timeout=60)
        for _time in ("first", "again"):
            for scan in scans:
                (answer,) = record_scans(actor=DOOR, roll_id=roll_id, scans=[scan], now=OPENS)
                outcomes.put(answer.outcome.value)
    connections.close_all()
