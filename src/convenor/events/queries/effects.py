"""What moving, postponing, resuming or cancelling an event would do, before anything is done: by reading only.

A fixed number of queries, whatever the event has; only stretches of time that lie far apart cost some each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from convenor.base.actor import Actor
from convenor.events import registry
from convenor.events.enums import UNDONE, EventState, Occasion, OwnerRole
from convenor.events.models import Event
from convenor.events.queries.classes import policy_of
from convenor.events.queries.due_dates import working_days_for
from convenor.events.queries.going import Leg, legs_of, organisers_of, to_call_off
from convenor.events.queries.people_of import persons_by_role
from convenor.events.queries.people_then import NOBODY, Crowd, people_then
from convenor.events.queries.running import runner
from convenor.events.queries.sites_then import site_notes
from convenor.events.queries.tasks import due_of
from convenor.events.rules.dates import local_in
from convenor.events.rules.due_dates import due_day
from convenor.events.rules.moving import (
    Dates,
    Shift,
    dates_after,
    problems_of,
    shift_to,
    why_not_movable,
)
from convenor.kernel.instants import LocalTime, Span, instant_of
from convenor.people.models import Person
from convenor.scheduling.enums import BookingState
from convenor.scheduling.models import Attendee, Booking
from convenor.scheduling.queries.moved_places import PlaceFate, place_fates
from convenor.venues.queries.opening import holidays_of


@dataclass(frozen=True, slots=True)
class FunctionFate:
    """A function's old and new time, aware; without a new one it `stays` for the reason given, or is called off."""

    function_id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    new_starts_at: datetime | None = None
    new_ends_at: datetime | None = None
    stays: str = ""
    places: tuple[PlaceFate, ...] = ()
    notes: tuple[str, ...] = ()
    busy: Crowd = NOBODY
    away: Crowd = NOBODY

    @property
    def clashes(self) -> tuple[PlaceFate, ...]:
        return tuple(each for each in self.places if each.problem)

    @property
    def is_worth_a_look(self) -> bool:
        return bool(self.clashes or self.notes or self.stays or self.busy.count or self.away.count)


@dataclass(frozen=True, slots=True)
class TaskFate:
    """`is_late`: open, and due before today by its new date. `is_dropped` with its event."""

    title: str
    due_on: date | None
    new_due_on: date | None
    is_late: bool = False
    is_dropped: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told because the class names the role."""

    role: OwnerRole
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Effects:
    """Everything that would happen. `refused` says by field why it can't be done at all; clashes can be settled by a choice."""

    event: Event
    occasion: Occasion
    new_dates: Dates | None = None
    refused: Mapping[str, Sequence[str]] = field(default_factory=dict)
    functions: tuple[FunctionFate, ...] = ()
    tasks: tuple[TaskFate, ...] = ()
    told: tuple[Told, ...] = ()
    asked: int = 0  # people in the functions that move or are called off
    bookings: int = 0
    others: tuple[registry.Effect, ...] = ()

    @property
    def clashes(self) -> tuple[PlaceFate, ...]:
        return tuple(clash for each in self.functions for clash in each.clashes)

    @property
    def may_be_done(self) -> bool:
        return not self.refused and not any(each.blocks for each in self.others)

    @property
    def moving(self) -> tuple[FunctionFate, ...]:
        return tuple(each for each in self.functions if not each.stays)


def move_effects(
    actor: Actor, event: Event, starts: LocalTime, *, despite_holiday: bool = False, now: datetime
) -> Effects:
    """Of moving the event to start then on its own clocks; of a postponed event, of resuming it. The actor may change it."""
    again = event.state == EventState.POSTPONED
    reason = None if again else why_not_movable(event.state, event.starts_at)
    if reason:
        return Effects(event, Occasion.MOVED, refused={"starts": [reason]})
    shift = shift_to(event, starts)
    dates = dates_after(event, shift)
    refused = move_problems(event, dates, now, despite_holiday=despite_holiday)
    if "starts" in refused:
        return Effects(event, Occasion.MOVED, dates, refused)
    legs = legs_of(event, shift, now)
    acting = runner(actor, event, organisers_of([leg.function for leg in legs]))
    fates = _fates(acting, event, legs, now, again=again)
    return Effects(
        event=event,
        occasion=Occasion.MOVED,
        new_dates=dates,
        refused=refused,
        functions=fates,
        tasks=_tasks(event, dates, now),
        told=told_by_role(event, Occasion.MOVED),
        asked=_asked(leg.going.occurrence.meeting_id for leg in legs if leg.going),
        bookings=sum(len(each.places) for each in fates),
        others=_others(event, Occasion.MOVED, shift),
    )


def move_problems(
    event: Event, dates: Dates, now: datetime, *, despite_holiday: bool
) -> dict[str, list[str]]:
    """What refuses the new dates, by field. 1 query, none for an event without a site."""
    assert dates.starts_at is not None
    assert dates.ends_at is not None
    span = Span(instant_of(dates.starts_at), instant_of(dates.ends_at))
    holidays = holidays_of([event.site_id], span).get(event.site_id, []) if event.site_id else []
    names = {each.day: each.name for each in holidays}
    return problems_of(
        dates, now, names, event.site.name if event.site else "", despite_holiday=despite_holiday
    )


def call_off_effects(event: Event, occasion: Occasion, now: datetime) -> Effects:
    """Of postponing or cancelling it. The actor may change it."""
    functions = to_call_off(event, now)
    keys = [each.occurrence_id for each in functions]
    booked = Booking.objects.filter(occurrence__among=keys).exclude(state=BookingState.RELEASED).count()
    dropped = event.tasks.filter(state__in=UNDONE) if occasion == Occasion.CANCELLED else event.tasks.none()
    return Effects(
        event=event,
        occasion=occasion,
        functions=tuple(_off(Leg(each)) for each in functions),
        tasks=tuple(TaskFate(each.title, each.due_on, None, is_dropped=True) for each in dropped),
        told=told_by_role(event, occasion),
        asked=_asked(each.occurrence.meeting_id for each in functions),
        bookings=booked,
        others=_others(event, occasion, None),
    )


def told_by_role(event: Event, occasion: Occasion) -> tuple[Told, ...]:
    """Whom the class names for the occasion, each under the first role that they have. 4 queries at most."""
    roles = policy_of(event.class_version).told.get(occasion, ())
    by_role = persons_by_role(event) if roles else {}
    people = {person for role in roles for person in by_role[role]}
    rows = Person.objects.filter(pk__among=people, is_active=True) if people else Person.objects.none()
    names = dict(rows.values_list("pk", "name"))
    told: list[Told] = []
    for role in roles:
        here = tuple(names.pop(person) for person in by_role[role] if person in names)
        if here:
            told.append(Told(role, here))
    return tuple(told)


def _fates(
    actor: Actor, event: Event, legs: Sequence[Leg], now: datetime, *, again: bool
) -> tuple[FunctionFate, ...]:
    going = [leg.going for leg in legs if leg.going]
    places = place_fates(actor, going, now=now, again=again)
    crowds = people_then(going)
    notes = site_notes(going, places, zone=event.zone, site_id=event.site_id)
    fates: list[FunctionFate] = []
    for leg in legs:
        if leg.going is None:
            fates.append(_off(leg))
            continue
        row = leg.going.occurrence
        busy, away = crowds.get(row.pk, (NOBODY, NOBODY))
        fates.append(
            FunctionFate(
                function_id=leg.function.pk,
                title=leg.title,
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                new_starts_at=leg.going.starts_at,
                new_ends_at=leg.going.ends_at,
                places=tuple(places.get(row.pk, ())),
                notes=tuple(notes.get(row.pk, ())),
                busy=busy,
                away=away,
            )
        )
    return tuple(fates)


def _off(leg: Leg) -> FunctionFate:
    row = leg.function.occurrence
    return FunctionFate(leg.function.pk, leg.title, row.starts_at, row.ends_at, stays=leg.stays)


def _tasks(event: Event, dates: Dates, now: datetime) -> tuple[TaskFate, ...]:
    """Those whose date changes. 2 queries."""
    tasks = list(event.tasks.filter(fixed_due_on__isnull=True))
    days = working_days_for(event, [due_of(task) for task in tasks], dated=dates)
    today = local_in(event.zone, now)
    assert today is not None
    fates: list[TaskFate] = []
    for task in tasks:
        due_on = due_day(dates, due_of(task), days)
        if due_on != task.due_on:
            late = task.state in UNDONE and due_on is not None and due_on < today.date()
            fates.append(TaskFate(task.title, task.due_on, due_on, is_late=late))
    return tuple(fates)


def _asked(meeting_ids: Iterable[int]) -> int:
    rows = Attendee.objects.filter(meeting__among=sorted(set(meeting_ids)))
    return rows.order_by().values("person").distinct().count()


def _others(event: Event, occasion: Occasion, shift: Shift | None) -> tuple[registry.Effect, ...]:
    return tuple(effect for mover in registry.movers for effect in mover.preview(event.pk, occasion, shift))
