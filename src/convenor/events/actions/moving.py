"""Moving an event with everything that belongs to it, postponing it, taking it up again, calling it off: all or nothing.

queries/effects.py says beforehand what each of them would do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from types import MappingProxyType

from django.core.exceptions import ValidationError

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.transactions import action
from convenor.base.updating import update_rows
from convenor.events import registry
from convenor.events.actions.backward import recalculate
from convenor.events.actions.everyone import Running, running_of, sync_resumed
from convenor.events.actions.opening import named_for, open_event, save_event
from convenor.events.actions.states import enter, require_step
from convenor.events.actions.telling import tell
from convenor.events.enums import UNDONE, EventState, Occasion, SpeakerState, TaskState
from convenor.events.models import Event, Function, Speaker, Task
from convenor.events.queries.effects import move_problems
from convenor.events.queries.going import Leg, legs_of, organisers_of, to_call_off
from convenor.events.queries.running import runner
from convenor.events.rules.moving import Dates, Shift, dates_after, shift_to, why_not_movable
from convenor.kernel.instants import LocalTime
from convenor.scheduling.actions.together import (
    Done,
    Move,
    Revival,
    cancel_together,
    move_together,
    revive_together,
    suspend_together,
)
from convenor.scheduling.drafts import Notice
from convenor.scheduling.enums import MeetingState
from convenor.scheduling.models import Booking

DATES = ("load_in_at", "starts_at", "ends_at", "load_out_at")
NO_CHOICES: Mapping[int, int | None] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Moved:
    """What was done: functions that have new times, bookings that came along, tasks with another due date and those late by it."""

    event: Event
    functions: int
    bookings: int
    tasks: int
    late: int
    notices: tuple[Notice, ...] = ()


@action
def move_event(
    *,
    actor: Actor,
    event_id: int,
    version: int | None,
    starts: LocalTime,
    despite_holiday: bool = False,
    rooms: Mapping[int, int | None] = NO_CHOICES,
    now: datetime,
) -> Moved:
    """Let the event start then, on the clocks of its own zone, and everything of it move by as much on the wall.

    `rooms` gives bookings, by their key, another room or none. What has taken place stays. Raises RoomClashes with
    every room that can't be had and the best other one, ValidationError by field, StaleEvent, Refused,
    Event.DoesNotExist; then nothing has changed.
    """
    event = open_event(actor, event_id, version)
    if reason := why_not_movable(event.state, event.starts_at):
        raise ValidationError({"starts": [reason]})
    shift, dates = _checked(event, starts, now, despite_holiday=despite_holiday)
    if not shift.by:
        return Moved(event, 0, 0, 0, 0)
    legs = legs_of(event, shift, now)
    going = [leg.going for leg in legs if leg.going]
    done = move_together(
        actor=_acting(actor, event, legs),
        moves=[Move(each.occurrence.pk, each.starts_at, each.ends_at) for each in going],
        rooms=rooms,
        now=now,
    )
    before = audit.snapshot(event, DATES)
    _set_dates(event, dates)
    save_event(actor=actor, event=event, action="event.moved", before=before, columns=DATES)
    _keep_main_rooms(legs, rooms)
    _ask_speakers_again(actor, event, legs)
    moved = _follow(actor, event, shift, done, now)
    tell(actor=named_for(actor, event), event=event, occasion=Occasion.MOVED)
    return moved


@action
def postpone_event(*, actor: Actor, event_id: int, version: int | None, reason: str, now: datetime) -> Event:
    """Call the event off until it has new dates: its functions are cancelled outwards, their rooms let go and noted.

    Raises NotYet, ValidationError for a state that can't, StaleEvent, Refused, Event.DoesNotExist.
    """
    event = open_event(actor, event_id, version, "event.change_state")
    step = require_step(event, EventState.POSTPONED, reason=reason, now=now)
    functions = to_call_off(event, now)
    let_go = suspend_together(
        actor=runner(actor, event, organisers_of(functions)),
        occurrence_ids=[each.occurrence_id for each in functions],
    )
    _park(event, functions, let_go)
    enter(actor=actor, event=event, step=step, reason=reason)
    _move_others(actor, event, Occasion.POSTPONED, None, now)
    return event


@action
def resume_event(
    *,
    actor: Actor,
    event_id: int,
    version: int | None,
    starts: LocalTime,
    despite_holiday: bool = False,
    rooms: Mapping[int, int | None] = NO_CHOICES,
    now: datetime,
) -> Moved:
    """Let a postponed event take place from then on, its functions as far from its start as before, with the rooms they had.

    `rooms` as for move_event, by the keys of the bookings let go. Raises as move_event, and NotYet.
    """
    event = open_event(actor, event_id, version, "event.change_state")
    step = require_step(event, event.resumes_to or EventState.PLANNING, now=now)
    shift, dates = _checked(event, starts, now, despite_holiday=despite_holiday)
    legs = legs_of(event, shift, now)
    done = revive_together(
        actor=_acting(actor, event, legs),
        revivals=[_revival(leg) for leg in legs if leg.going],
        rooms=rooms,
        now=now,
    )
    running = {leg.function.pk: _running_before(event, leg.function) for leg in legs}
    _unpark([leg.function for leg in legs])
    before = audit.snapshot(event, DATES)
    _set_dates(event, dates)
    enter(actor=actor, event=event, step=step, columns=DATES, before=before)
    _keep_main_rooms(legs, rooms)
    _ask_speakers_again(actor, event, legs)
    sync_resumed(event=event, actor=actor, before=running, now=now)
    return _follow(actor, event, shift, done, now)


@action
def cancel_event(*, actor: Actor, event_id: int, version: int | None, reason: str, now: datetime) -> Event:
    """Call the event off for good: what isn't over is cancelled, rooms are let go, open tasks dropped. Raises as postpone_event."""
    event = open_event(actor, event_id, version, "event.change_state")
    step = require_step(event, EventState.CANCELLED, reason=reason, now=now)
    functions = to_call_off(event, now)
    cancel_together(
        actor=runner(actor, event, organisers_of(functions)),
        occurrence_ids=[each.occurrence_id for each in functions],
    )
    _unpark(list(event.functions.exclude(parked={})))
    _drop_tasks(actor, event)
    enter(actor=actor, event=event, step=step, reason=reason)
    _move_others(actor, event, Occasion.CANCELLED, None, now)
    return event


def _checked(event: Event, starts: LocalTime, now: datetime, *, despite_holiday: bool) -> tuple[Shift, Dates]:
    shift = shift_to(event, starts)
    dates = dates_after(event, shift)
    if not shift.by and event.state != EventState.POSTPONED:
        return shift, dates  # it stays where it is
    if problems := move_problems(event, dates, now, despite_holiday=despite_holiday):
        raise ValidationError({name: list(texts) for name, texts in problems.items()})
    return shift, dates


def _acting(actor: Actor, event: Event, legs: Sequence[Leg]) -> Actor:
    return runner(actor, event, organisers_of([leg.function for leg in legs]))


def _keep_main_rooms(legs: Sequence[Leg], rooms: Mapping[int, int | None]) -> None:
    """The room that was chosen instead of a function's main one becomes its main one."""
    instead = {key: room for key, room in rooms.items() if room is not None}
    chosen = {
        (occurrence, old): instead[key]
        for key, occurrence, old in Booking.objects.filter(pk__among=list(instead)).values_list(
            "pk", "occurrence_id", "room_id"
        )
    }
    changed: list[Function] = []
    for each in (leg.function for leg in legs if leg.going):
        if (new := chosen.get((each.occurrence_id, each.main_room_id or 0))) is not None:
            each.main_room_id = new
            changed.append(each)
    update_rows(changed, ["main_room"])


def _ask_speakers_again(actor: Actor, event: Event, legs: Sequence[Leg]) -> None:
    """Who confirmed did so for another time."""
    rows = Speaker.objects.select_related("function").filter(
        function__among=[leg.function.pk for leg in legs if leg.going], state=SpeakerState.CONFIRMED
    )
    speakers = list(rows.order_by("pk"))
    for each in speakers:
        each.state = SpeakerState.ASKED
    update_rows(speakers, ["state"])
    named = named_for(actor, event)
    audit.record_all(
        audit.entry(
            actor=named,
            action="speaker.asked_again",
            obj=each.function,
            before={"state": SpeakerState.CONFIRMED},
            after={"speaker": each.person_id, "state": each.state},
        )
        for each in speakers
    )


def _set_dates(event: Event, dates: Dates) -> None:
    for name in DATES:
        setattr(event, name, getattr(dates, name))


def _follow(actor: Actor, event: Event, shift: Shift, done: Done, now: datetime) -> Moved:
    """What comes after the functions: visitors' arrivals, due dates, and what higher packages have."""
    arriving = list(event.parties.filter(arrives_at__isnull=False))
    for each in arriving:
        each.arrives_at = shift.of_or_none(each.arrives_at)
    update_rows(arriving, ["arrives_at"])
    tasks = recalculate(event, now)
    _move_others(actor, event, Occasion.MOVED, shift, now)
    return Moved(event, done.meetings, done.bookings, len(tasks.changed), len(tasks.late), done.notices)


def _move_others(actor: Actor, event: Event, occasion: Occasion, shift: Shift | None, now: datetime) -> None:
    for mover in registry.movers:
        mover.apply(actor, event.pk, occasion, shift, now)


def _park(event: Event, functions: Sequence[Function], let_go: Mapping[int, tuple[int, ...]]) -> None:
    """Note what each function had: its rooms, the main one first, all its bookings, and what it repeated of the event."""
    keys = [key for group in let_go.values() for key in group]
    rooms: dict[int, int | None] = dict(Booking.objects.filter(pk__among=keys).values_list("pk", "room_id"))
    for each in functions:
        bookings = let_go[each.occurrence_id]
        own = [room for key in bookings if (room := rooms[key]) is not None]
        each.parked_rooms = sorted(own, key=lambda room: room != each.main_room_id)
        each.parked = {
            "bookings": list(bookings),
            "state": _state_before(each),
            "running": asdict(running_of(event)),
        }
    update_rows(functions, ["parked_rooms", "parked"])


def _state_before(function: Function) -> str:
    """Of the meeting: these rows were read before it was called off."""
    return str(function.occurrence.meeting.state)


def _running_before(event: Event, function: Function) -> Running:
    noted = function.parked.get("running")
    return Running(**noted) if noted else running_of(event)


def _unpark(functions: Sequence[Function]) -> None:
    for each in functions:
        each.parked_rooms, each.parked = [], {}
    update_rows(functions, ["parked_rooms", "parked"])


def _revival(leg: Leg) -> Revival:
    assert leg.going is not None
    going, was = leg.going, leg.function.parked.get("state")
    return Revival(
        going.occurrence.pk,
        going.starts_at,
        going.ends_at,
        going.booking_ids,
        is_proposal=was == MeetingState.TENTATIVE,
    )


def _drop_tasks(actor: Actor, event: Event) -> None:
    tasks = list(Task.objects.filter(event=event, state__in=UNDONE))
    named = named_for(actor, event)
    before = {task.pk: task.state for task in tasks}
    for task in tasks:
        task.state, task.version = TaskState.DROPPED, task.version + 1
    update_rows(tasks, ["state", "version"])
    audit.record_all(
        audit.entry(
            actor=named,
            action="task.dropped",
            obj=task,
            before={"state": before[task.pk]},
            after={"state": task.state},
        )
        for task in tasks
    )
