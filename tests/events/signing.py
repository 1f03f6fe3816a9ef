"""What the processes of the signing race do; run through tests/child.py."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connections

from convenor.base.actor import Actor
from convenor.events.actions.certificate import sign
from tests.factories.scheduling import NOW


def _sign(certificate_id: int, person_id: int, decision: str, barrier: Any, outcomes: Any) -> None:
    barrier.wait(timeout=60)
    try:
        sign(
            actor=Actor.system("racer"),
            certificate_id=certificate_id,
            person_id=person_id,
            decision=decision,
            remark="So",
            now=NOW,
        )
    except ValidationError as error:
        outcomes.put("refused" if "signed already" in str(error) else str(error))
    else:
        outcomes.put("signed")
    connections.close_all()


def race(certificate_id: int, person_id: int, decisions: list[str]) -> dict[str, int]:
    """One process for each decision, all in one person's name at the same time."""
    context = multiprocessing.get_context("fork")
    barrier, outcomes = context.Barrier(len(decisions)), context.Queue()
    processes = [
        context.Process(target=_sign, args=(certificate_id, person_id, each, barrier, outcomes))
        for each in decisions
    ]
    for process in processes:
        process.start()
    counted = Counter(outcomes.get(timeout=120) for _ in decisions)
    for process in processes:
        process.join()
    return dict(counted)
