"""Who waits on a roll in which turn, and why: the same order in which seats that come free are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from convenor.attendance.enums import WaitlistRule
from convenor.attendance.models import Roll
from convenor.attendance.queries.places import desk_of, held_by_groups, waiting_on
from convenor.attendance.rules.waitlist import Places, next_up


@dataclass(frozen=True, slots=True)
class Turn:
    """`share` is how many seats their department (or organisation) has; known only where that decides."""

    position: int
    size: int
    since: datetime
    priority: int
    share: int | None


def turns_on(roll: Roll) -> Mapping[int, Turn]:
    """By the key of the registration that waits; its guests wait with it. 3 queries at most, more with allotments."""
    rule = WaitlistRule(roll.waitlist_rule)
    waiting = waiting_on([roll.pk], desk_of([roll])).get(roll.pk)
    if waiting is None:
        return {}
    held = held_by_groups(roll.pk) if rule == WaitlistRule.BALANCE else None
    order = next_up(waiting.parties, rule, Places(free=None), held)
    return {
        party.key: Turn(
            place, party.size, party.since, party.priority, held[party.group] if held is not None else None
        )
        for place, (party, _where) in enumerate(order, start=1)
    }
