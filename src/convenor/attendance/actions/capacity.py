"""What rolls hold: as their rooms do where they follow them. And rolls that are opened because they are needed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime

from convenor.attendance.actions.offers import fill_seats
from convenor.attendance.actions.opening import lock_rolls
from convenor.attendance.drafts import RollDraft
from convenor.attendance.models import Roll
from convenor.attendance.queries.capacity import room_capacities
from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.events.models import Event

SETTINGS = tuple(each.name for each in fields(RollDraft))
ROOMS = Actor.system("Room changed")


def limit_of(roll: Roll) -> int | None:
    """What the database holds the roll to: its capacity, or what is taken already where that is more."""
    return None if roll.capacity is None else max(roll.capacity, roll.taken + roll.allotted)


def open_missing_rolls(actor: Actor, event: Event, function_ids: Collection[int]) -> None:
    """Rolls as usual for the event and these functions of it, where they have none: inside the transaction that needs them.

    What isn't a function of this event is left out.
    """
    there = set(Roll.objects.filter(event=event).values_list("function_id", flat=True))
    mine = event.functions.filter(pk__in=function_ids).values_list("pk", flat=True)
    missing = [key for key in (None, *sorted(mine)) if key not in there]
    rows = [Roll(event=event, function_id=key) for key in missing]
    # Whoever else opens the same one just now is waited for, and theirs is taken
    Roll.objects.bulk_create(rows, ignore_conflicts=True)
    made = list(
        Roll.objects.filter(event=event, capacity__isnull=True, limit__isnull=True, follows_room=True)
    )
    _follow([roll for roll in made if roll.function_id in missing])
    audit.record_all(
        audit.entry(actor=actor, action="roll.opened", obj=roll, after=audit.snapshot(roll, SETTINGS))
        for roll in made
        if roll.function_id in missing
    )


@action
def follow_rooms(roll_ids: Collection[int], now: datetime) -> int:
    """Bring the capacities of rolls that follow their rooms up to them; how many changed. To be called when a function
    got another room or set-up.
    """
    rolls = [roll for roll in lock_rolls(roll_ids).values() if roll.follows_room]
    before = {roll.pk: audit.snapshot(roll, ["capacity"]) for roll in rolls}
    changed = _follow(rolls)
    audit.record_all(
        audit.entry(
            actor=ROOMS,
            action="roll.followed_room",
            obj=roll,
            before=before[roll.pk],
            after=audit.snapshot(roll, ["capacity"]),
        )
        for roll in changed
    )
    if changed:
        fill_seats(changed, now)
    return len(changed)


def _follow(rolls: Collection[Roll]) -> list[Roll]:
    """Those whose room holds another number than they say; saved."""
    held = room_capacities(rolls)
    changed = [roll for roll in rolls if roll.capacity != held[roll.pk]]
    for roll in changed:
        roll.capacity = held[roll.pk]
        roll.limit = limit_of(roll)
        roll.version += 1
        roll.save(update_fields=["capacity", "limit", "version"])
    return changed
