"""Which functions come along when their event moves, is resumed or called off: the preview and the deed read the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from convenor.events.enums import EventState
from convenor.events.models import Event, Function
from convenor.events.queries.functions import functions_of
from convenor.events.rules.moving import Shift, stays_behind
from convenor.scheduling.enums import MeetingState, OccurrenceState
from convenor.scheduling.queries.moved_places import Going


@dataclass(frozen=True, slots=True)
class Leg:
    """A function's way: `going` to its new time, or None, and `stays` says why it keeps the old one."""

    function: Function
    going: Going | None = None
    stays: str = ""

    @property
    def title(self) -> str:
        return self.function.occurrence.title or self.function.occurrence.meeting.title


def legs_of(event: Event, shift: Shift, now: datetime) -> list[Leg]:
    """In order of time; what is called off stays so, but for what waits for its postponed event. 1 query."""
    if event.state == EventState.POSTPONED:
        return [_again(each, shift, now) for each in functions_of(event.pk) if each.parked]
    return [_leg(each, shift, now) for each in functions_of(event.pk) if _takes_place(each)]


def to_call_off(event: Event, now: datetime) -> list[Function]:
    """Those that take place and aren't over. 1 query."""
    return [each for each in functions_of(event.pk) if _takes_place(each) and each.occurrence.ends_at > now]


def organisers_of(functions: Sequence[Function]) -> set[int]:
    return {each.occurrence.meeting.organiser_id for each in functions}


def _takes_place(function: Function) -> bool:
    return function.occurrence.state == OccurrenceState.SCHEDULED


def _leg(function: Function, shift: Shift, now: datetime) -> Leg:
    row = function.occurrence
    old = row.starts_at, row.ends_at
    new = shift.of_span(*old, all_day=row.meeting.all_day)
    if stays := stays_behind(function.kind, old, new, now):
        return Leg(function, stays=stays)
    return Leg(function, Going(row, *new))


def _again(function: Function, shift: Shift, now: datetime) -> Leg:
    row = function.occurrence
    new = shift.of_span(row.starts_at, row.ends_at, all_day=row.meeting.all_day)
    if _takes_place(function):
        return Leg(function, stays=_("It takes place again already, so it stays where it is."))
    if row.meeting.is_series and row.meeting.state == MeetingState.CANCELLED:
        return Leg(function, stays=_("Its series has been cancelled meanwhile, so it stays called off."))
    if new[0] <= now:
        return Leg(function, stays=_("It would be in the past, so it stays called off."))
    return Leg(function, Going(row, *new, tuple(function.parked.get("bookings", ()))))
