"""Opening rolls, changing their rules, and giving the guaranteed count."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.attendance.actions.capacity import SETTINGS, follow_rooms, limit_of, open_missing_rolls
from convenor.attendance.actions.following import welcome
from convenor.attendance.actions.offers import fill_seats
from convenor.attendance.actions.opening import editable_roll, refuse_over
from convenor.attendance.drafts import RollDraft
from convenor.attendance.feeding import feed_soon
from convenor.attendance.models import Roll
from convenor.attendance.queries.capacity import room_capacities
from convenor.attendance.queries.timing import starts_at
from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.permissions import require
from convenor.base.transactions import action
from convenor.events.queries.function_fit import function_for
from convenor.events.queries.visibility import event_for

__all__ = [
    "change_roll",
    "follow_rooms",
    "limit_of",
    "open_missing_rolls",
    "open_roll",
    "set_guarantee",
]
DEADLINES = ("rsvp_by", "cancel_free_until", "guarantee_due")
MOST_HOURS = 24 * 90


@action
def open_roll(
    *, actor: Actor, event_id: int, function_id: int | None = None, draft: RollDraft, now: datetime
) -> Roll:
    """A roll of the event, or of one of its functions, with everybody who is asked already. Raises Event.DoesNotExist, Function.DoesNotExist, Refused, and
    ValidationError by the draft's fields, for what has a roll already, and for an event that is over.
    """
    event = event_for(actor, event_id)
    require(actor, "roll.edit", event)
    refuse_over(event, now)
    roll = Roll(event=event)
    if function_id is not None:
        roll.function = function_for(actor, function_id)
        if roll.function.event_id != event.pk:
            raise type(roll.function).DoesNotExist
    if Roll.objects.filter(event=event, function=function_id).exists():
        raise ValidationError({"state": [_("There is a roll for it already.")]})
    _set(roll, draft)
    roll.save(force_insert=True)
    audit.record(actor=actor, action="roll.opened", obj=roll, after=audit.snapshot(roll, SETTINGS))
    welcome([roll.pk], now)
    roll.refresh_from_db()
    return roll


@action
def change_roll(*, actor: Actor, roll_id: int, version: int, draft: RollDraft, now: datetime) -> Roll:
    """Set the roll's rules; a greater capacity is offered to the waitlist at once, a smaller one takes nobody's seat.

    Raises Roll.DoesNotExist, Refused, and ValidationError: stale, over, or by the draft's fields.
    """
    roll = editable_roll(actor, roll_id, version=version)
    refuse_over(roll.event, now)
    before = audit.snapshot(roll, SETTINGS)
    _set(roll, draft)
    after = audit.snapshot(roll, SETTINGS)
    if before == after:
        return roll
    roll.version += 1
    roll.save(update_fields=[*SETTINGS, "limit", "version"])
    audit.record(actor=actor, action="roll.changed", obj=roll, before=before, after=after)
    fill_seats([roll], now)
    return roll


@action
def set_guarantee(*, actor: Actor, roll_id: int, count: int | None, now: datetime) -> Roll:
    """Say how many are guaranteed to the caterer; None takes it back. Raises Roll.DoesNotExist, Refused, ValidationError."""
    roll = editable_roll(actor, roll_id)
    refuse_over(roll.event, now)
    before = audit.snapshot(roll, ["guaranteed"])
    roll.guaranteed, roll.guaranteed_at = count, None if count is None else now
    roll.clean_fields(exclude=["event", "function"])
    roll.version += 1
    roll.save(update_fields=["guaranteed", "guaranteed_at", "version"])
    after = audit.snapshot(roll, ["guaranteed"])
    audit.record(actor=actor, action="roll.guaranteed", obj=roll, before=before, after=after)
    feed_soon([roll.event_id])
    return roll


def _set(roll: Roll, draft: RollDraft) -> None:
    """Raises ValidationError by the draft's fields."""
    for name in SETTINGS:
        setattr(roll, name, getattr(draft, name))
    if draft.follows_room:
        roll.capacity = room_capacities([roll])[roll.pk]
    roll.limit = limit_of(roll)
    roll.clean_fields(exclude=["event", "function", "limit"])
    if problems := dict(_problems(roll)):
        raise ValidationError({name: [sentence] for name, sentence in problems.items()})


def _problems(roll: Roll) -> Iterable[tuple[str, str]]:
    if roll.offer_hours > MOST_HOURS:
        yield "offer_hours", _("An offer is kept for at most %(most)d hours.") % {"most": MOST_HOURS}
    start = starts_at(roll)
    for name in DEADLINES:
        due = getattr(roll, name)
        if due is not None and start is not None and due > start:
            yield name, _("That is after it has begun.")
