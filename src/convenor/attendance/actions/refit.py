"""Moving a roll to a room that fits it: bookings, set-up and function sheets come along through the events' own actions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.attendance.actions.roll import change_roll, follow_rooms
from convenor.attendance.models import Roll
from convenor.attendance.queries.refit import Option, Refit, rooms_that_fit
from convenor.attendance.queries.roll_draft import draft_of
from convenor.attendance.queries.room_times import Target
from convenor.attendance.queries.visibility import roll_for
from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.events.actions.function import change_with_notices
from convenor.events.actions.opening import named_for, open_event
from convenor.events.actions.sheet import issue_sheets
from convenor.events.drafts import FunctionDraft
from convenor.events.models import Sheet
from convenor.scheduling.drafts import Notice


@dataclass(frozen=True, slots=True)
class Refitted:
    """`notices` are what the schedule has to tell of it, `sheets` the revisions that were issued."""

    option: Option
    notices: Sequence[Notice]
    sheets: Sequence[Sheet]


@action
def refit(*, actor: Actor, roll_id: int, room_id: int, setup_style: str = "", now: datetime) -> Refitted:
    """Put every function that seats the roll into the room, `setup_style` "" in the set-up that each has; the roll's capacity
    is the room's from then on.

    A sheet that was issued gets its next revision. Raises Roll.DoesNotExist, Refused, and ValidationError for a room that
    doesn't fit or can't be had any more, and for an event that is over.
    """
    event = open_event(actor, roll_for(actor, roll_id, "roll.edit").event_id, None)
    found = rooms_that_fit(actor, roll_id, now=now)
    option = _chosen(found, room_id, setup_style)
    notices: list[Notice] = []
    for target in found.targets:
        draft = _refitted(target, option, found.wanted)
        _row, told = change_with_notices(actor=actor, function_id=target.function_id, draft=draft, now=now)
        notices += told
    _follow(actor, found.roll, now)
    audit.record(
        actor=named_for(actor, event),
        action="roll.refitted",
        obj=found.roll,
        before={"rooms": _rooms(found.targets)},
        after={"rooms": dict.fromkeys(_rooms(found.targets), option.room.code), "seats": option.seats},
    )
    return Refitted(option, tuple(dict.fromkeys(notices)), _issue(actor, event.pk, found.targets, now))


def _chosen(found: Refit, room_id: int, setup_style: str) -> Option:
    for option in found.options:
        if (option.room.pk, option.style) == (room_id, setup_style):
            return option
    sentence = _(
        "This room doesn't fit the roll, or can't be had any more. Choose from those that are listed now."
    )
    raise ValidationError({"room_id": [ValidationError(sentence, code="no_fit")]})


def _refitted(target: Target, option: Option, wanted: int) -> FunctionDraft:
    """Rooms besides the main one stay. A head count that was written down becomes the one that the room was looked for with."""
    old = target.draft
    besides = [room for room in old.room_ids[1:] if room != option.room.pk]
    return replace(
        old,
        room_ids=(option.room.pk, *besides),
        setup_style=option.style or old.setup_style,
        headcount=None if old.headcount is None else max(wanted, 1),
    )


def _follow(actor: Actor, roll: Roll, now: datetime) -> None:
    """Every roll of the event, since functions for everybody seat the event's roll and their own."""
    if not roll.follows_room:
        draft = replace(draft_of(roll), follows_room=True)
        change_roll(actor=actor, roll_id=roll.pk, version=roll.version, draft=draft, now=now)
    follow_rooms(set(Roll.objects.filter(event=roll.event_id).values_list("pk", flat=True)), now)


def _issue(actor: Actor, event_id: int, targets: Iterable[Target], now: datetime) -> Sequence[Sheet]:
    issued = [each.function_id for each in targets if each.revision is not None]
    if not issued:
        return ()
    return issue_sheets(actor=actor, event_id=event_id, function_ids=issued, now=now).sheets


def _rooms(targets: Iterable[Target]) -> dict[str, str]:
    return {str(each.function_id): each.room.code for each in targets}
