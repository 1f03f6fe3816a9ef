"""What people must learn from the apps above them; they fill these lists in `AppConfig.ready()`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from convenor.base.actor import Actor


@dataclass(frozen=True, slots=True)
class Handover:
    """Something that mustn't be left behind when a person is deactivated.

    `held(person_id, now)` answers one sentence for each thing that the person still holds ("organises “Sprint review”, from 7 December on").
    `hand_over(actor, from_person_id, to_person_id, now)` gives all of it to somebody else, in the running transaction.
    """

    name: str
    held: Callable[[int, datetime], Sequence[str]]
    hand_over: Callable[[Actor, int, int, datetime], None]


handovers: list[Handover] = []

acquaintances: list[Callable[[int], Q]] = []
"""Each answers, for a person's id, which other people they know from somewhere: a condition on Person, with sub-queries, run by no query
of its own. Somebody from outside sees nobody else."""


def held_by(person_id: int, now: datetime) -> list[str]:
    """Sentences of every registered app about what the person still holds."""
    return [sentence for handover in handovers for sentence in handover.held(person_id, now)]
