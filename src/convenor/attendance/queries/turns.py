"""Who waits on a roll in which turn, and why: the same order in which seats that come free are given."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from convenor.attendance.enums import WaitlistRule
from convenor.attendance.models import Roll
from convenor.attendance.queries.places import Waiting, desk_of, held_by_groups, waiting_on
from convenor.attendance.rules.waitlist import Places, next_up


@dataclass(frozen=True, slots=True)
class Turn:
    """`share` is how many seats their department (or organisation) has; known only where that decides."""

    position: int
    size: int
    since: datetime
    priority: int
    share: int | None


def turns_on(rolls: Collection[Roll]) -> dict[int, dict[int, Turn]]:
    """By the roll's key, and by that of the registration that waits: its guests wait with it.

    4 queries at most, and one more for each roll that balances departments.
    """
    waiting = waiting_on([roll.pk for roll in rolls], desk_of(rolls))
    return {roll.pk: _turns(roll, waiting[roll.pk]) for roll in rolls if roll.pk in waiting}


def _turns(roll: Roll, waiting: Waiting) -> dict[int, Turn]:
    rule = WaitlistRule(roll.waitlist_rule)
    held = held_by_groups(roll.pk) if rule == WaitlistRule.BALANCE else None
    order = next_up(waiting.parties, rule, Places(free=None), held)
    shares = {} if held is None else held
    return {
        party.key: Turn(
            position=place,
            size=party.size,
            since=party.since,
            priority=party.priority,
            share=None if held is None else shares.get(party.group, 0),
        )
        for place, (party, _where) in enumerate(order, start=1)
    }
